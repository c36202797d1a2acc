/** A comment's text with the words that moved the score, and with what is meant not to be seen. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Strings } from '../strings/index.ts';
import type { Highlight } from './types.ts';

/** Zero width, bidi controls, soft hyphen, tags, controls but line feed and tab. */
const HIDDEN =
  /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|(?![\n\t])\p{Cc}/gu;
const MIXED = /(?=[\p{L}]*\p{Script=Latin})(?=[\p{L}]*[\p{Script=Cyrillic}\p{Script=Greek}])\p{L}{2,}/gu;
/** Log-odds of one highlight that give the next shade. */
const SHADES = [0.1, 0.4, 0.9, 1.6];
const FOLDED_FROM = 1200;

interface Segment {
  readonly text: string;
  readonly logOdds: number;
  readonly title: string;
}

/** Cuts a text where highlights begin and end; where several lie over each other, they add up. */
export function cutSegments(content: string, highlights: readonly Highlight[]): Segment[] {
  const cuts = new Set([0, content.length]);
  for (const { start, end } of highlights) cuts.add(start).add(end);
  const ends = [...cuts].sort((a, b) => a - b);
  return ends.slice(1).map((end, index) => {
    const start = ends[index] ?? 0;
    const over = highlights.filter((one) => one.start <= start && one.end >= end);
    const logOdds = over.reduce((sum, one) => sum + one.log_odds, 0);
    const title = over.map((one) => `${one.feature} ${signed(one.log_odds)}`).join('\n');
    return { text: content.slice(start, end), logOdds, title };
  });
}

export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

function shadeOf(logOdds: number): string {
  const level = SHADES.filter((least) => Math.abs(logOdds) >= least).length;
  return level === 0 ? '' : `${logOdds > 0 ? 'to-spam' : 'to-ham'}-${level}`;
}

/** Text with its hidden characters made visible and its mixed words marked. */
export function RevealedText({ text, strings }: { text: string; strings: Strings }): JSX.Element {
  const parts: (JSX.Element | string)[] = [];
  let last = 0;
  const marks = [...text.matchAll(HIDDEN), ...text.matchAll(MIXED)].sort((a, b) => a.index - b.index);
  for (const mark of marks) {
    if (mark.index < last) continue;
    parts.push(text.slice(last, mark.index));
    const [found] = mark;
    const code = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    parts.push(
      found.search(HIDDEN) === 0 ? (
        <span class="hidden-character" title={strings.hidden}>
          {code}
        </span>
      ) : (
        <span class="mixed" title={strings.mixed}>
          {found}
        </span>
      ),
    );
    last = mark.index + found.length;
  }
  parts.push(text.slice(last));
  return <>{parts}</>;
}

/** The text of a comment; of a long one the beginning, until the rest is wanted. */
export function Content(props: {
  content: string;
  highlights: readonly Highlight[];
  strings: Strings;
  blurred: boolean;
}): JSX.Element {
  const { content, highlights, strings, blurred } = props;
  const [unfolded, unfold] = useState(false);
  const folded = content.length >= FOLDED_FROM && !unfolded;
  const text = (
    <bdi dir="auto" class={`content${blurred ? ' blurred' : ''}${folded ? ' folded' : ''}`}>
      {cutSegments(content, highlights).map((segment) => {
        const shade = shadeOf(segment.logOdds);
        const inner = <RevealedText text={segment.text} strings={strings} />;
        if (shade === '') return inner;
        return (
          <mark class={shade} title={segment.title}>
            {inner}
          </mark>
        );
      })}
    </bdi>
  );
  if (!folded) return text;
  return (
    <>
      {text}
      <button type="button" onClick={() => unfold(true)}>
        {strings.showAll}
      </button>
    </>
  );
}
