/** A comment's text with the words that moved the score, and with what is meant not to be seen. */
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Strings } from '../../strings/index.ts';
import { formatSigned } from './figures.ts';
import { findMarks, foldAt } from './reveal.ts';
import { cutSegments, type Segment } from './segments.ts';
import type { Highlight } from './state/types.ts';
import { type Revealing, revealBetween } from './untrusted-text.tsx';

/** Log-odds of one highlight that give the next shade. */
const SHADES = [0.1, 0.4, 0.9, 1.6];

function shadeOf(logOdds: number): string {
  const level = SHADES.filter((least) => Math.abs(logOdds) >= least).length;
  return level === 0 ? '' : `${logOdds > 0 ? 'to-spam' : 'to-ham'}-${level}`;
}

const NONE: readonly Highlight[] = [];

interface Props {
  readonly content: string;
  readonly highlights?: readonly Highlight[];
  readonly strings: Strings;
  readonly language: string;
  /** Whether a long one is shown whole. */
  readonly whole: boolean;
  readonly label: string;
  readonly class: string;
}

/**
 * The text of a comment; of a long one the beginning. A pane that may have to scroll can have the focus, so that it
 * scrolls by keys, too.
 */
export function Content(props: Props): JSX.Element {
  const { content, highlights = NONE, strings, language, whole, label } = props;
  const fold = whole ? null : foldAt(content);
  // The page is drawn anew with each count that arrives: the text of 65,525 bytes is not.
  const parts = useMemo(() => {
    const text = fold === null ? content : content.slice(0, fold);
    return highlight({ text, marks: findMarks(text), strings }, highlights, language);
  }, [content, highlights, strings, language, fold]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    // biome-ignore lint/a11y/useSemanticElements: a text is no set of fields
    <div class={props.class} role="group" aria-label={label} tabIndex={0}>
      <bdi dir="auto">
        {parts}
        {fold !== null && ' …'}
      </bdi>
    </div>
  );
}

function highlight(
  revealing: Revealing,
  highlights: readonly Highlight[],
  language: string,
): ComponentChildren[] {
  const { text, marks } = revealing;
  let first = 0;
  return cutSegments(text.length, highlights).map((segment) => {
    for (let mark = marks[first]; mark !== undefined && mark.end <= segment.start; mark = marks[first]) {
      first += 1;
    }
    const inner = revealBetween(revealing, segment.start, segment.end, first);
    const shade = shadeOf(segment.over.reduce((sum, one) => sum + one.log_odds, 0));
    if (shade === '') return inner;
    return (
      <mark class={shade} title={explain(segment, language)}>
        {inner}
      </mark>
    );
  });
}

function explain({ over }: Segment, language: string): string {
  return over.map((one) => `${one.feature} ${formatSigned(one.log_odds, language)}`).join('\n');
}
