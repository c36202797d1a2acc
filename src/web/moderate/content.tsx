/** A comment's text with the words that moved the score, and with what is meant not to be seen. */
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Strings } from '../../strings/index.ts';
import { findMarks, foldAt } from './reveal.ts';
import { cutSegments, type Segment } from './segments.ts';
import type { Highlight } from './state/types.ts';
import { type Revealing, revealBetween } from './untrusted-text.tsx';

const NONE: readonly Highlight[] = [];
const NO_WORDS: readonly string[] = [];

interface Props {
  readonly content: string;
  readonly highlights?: readonly Highlight[];
  /** Words that were searched for. */
  readonly found?: readonly string[];
  readonly strings: Strings;
  /** Whether a long one is shown whole. */
  readonly whole: boolean;
  readonly label: string;
  readonly class: string;
}

/** The text of a comment; of a long one the beginning. */
export function Content(props: Props): JSX.Element {
  const { content, highlights = NONE, found = NO_WORDS, strings, whole, label } = props;
  const fold = whole ? null : foldAt(content);
  // The page is drawn anew with each count that arrives: the text of 65,525 bytes is not.
  const parts = useMemo(() => {
    const text = fold === null ? content : content.slice(0, fold);
    const marked = [...highlights, ...findWords(text, found)];
    return highlight({ text, marks: findMarks(text), strings }, marked);
  }, [content, highlights, found, strings, fold]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a text is no set of fields
    <div class={props.class} role="group" aria-label={label}>
      <bdi dir="auto">
        {parts}
        {fold !== null && ' …'}
      </bdi>
    </div>
  );
}

function highlight(revealing: Revealing, highlights: readonly Highlight[]): ComponentChildren[] {
  const { text, marks } = revealing;
  let first = 0;
  return cutSegments(text.length, highlights).map((segment) => {
    for (let mark = marks[first]; mark !== undefined && mark.end <= segment.start; mark = marks[first]) {
      first += 1;
    }
    const inner = revealBetween(revealing, segment.start, segment.end, first);
    const kind = kindOf(segment);
    return kind === '' ? inner : <mark class={kind}>{inner}</mark>;
  });
}

/** A word that was searched for is marked as that, whatever it does to the score. */
function kindOf({ over }: Segment): string {
  if (over.some(({ feature }) => feature === FOUND)) return 'found';
  const logOdds = over.reduce((sum, one) => sum + one.log_odds, 0);
  return logOdds === 0 ? '' : logOdds > 0 ? 'to-spam' : 'to-ham';
}

const FOUND = '';
const MOST_FOUND = 100;

/** Where the words that were searched for are, by their beginnings as the service finds them. */
function findWords(text: string, words: readonly string[]): Highlight[] {
  if (words.length === 0) return [];
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})[\\p{L}\\p{N}\\p{M}]*`, 'giu');
  const found: Highlight[] = [];
  for (const { 0: word, index } of text.matchAll(pattern)) {
    if (found.length === MOST_FOUND) break;
    found.push({ start: index, end: index + word.length, log_odds: 0, feature: FOUND });
  }
  return found;
}
