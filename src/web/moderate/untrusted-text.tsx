/** Text that others wrote, as text: isolated from what stands around it, with what is meant not to be seen. */
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Strings } from '../../strings/index.ts';
import { findMarks, type Mark } from './reveal.ts';

/** Any text of a commenter or a colleague: hidden characters by their code points, words of mixed scripts underlined. */
export function Shown(props: { text: string; strings: Strings; class?: string }): JSX.Element {
  const { text, strings } = props;
  const revealed = useMemo(() => {
    const marks = findMarks(text);
    return marks.length === 0 ? text : revealBetween({ text, marks, strings }, 0, text.length, 0);
  }, [text, strings]);
  return (
    <bdi dir="auto" class={props.class}>
      {revealed}
    </bdi>
  );
}

export interface Revealing {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly strings: Strings;
}

/** The part from `start` to `end` with its marks, of which `first` is the first that may lie in it. */
export function revealBetween(
  { text, marks, strings }: Revealing,
  start: number,
  end: number,
  first: number,
): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let last = start;
  for (let at = first; ; at += 1) {
    const mark = marks[at];
    if (mark === undefined || mark.start >= end) break;
    const from = Math.max(mark.start, start);
    const to = Math.min(mark.end, end);
    if (from >= to) continue;
    if (from > last) parts.push(text.slice(last, from));
    last = to;
    if (mark.kind === 'mixed') {
      parts.push(
        <span class="mixed" title={strings.mixed}>
          {text.slice(from, to)}
        </span>,
      );
    } else if (mark.start >= start) {
      parts.push(
        <span class="hidden-character" title={strings.hidden}>
          {mark.label}
        </span>,
      );
    }
  }
  if (last < end) parts.push(text.slice(last, end));
  return parts;
}

/** A text of the interface whose gaps are filled with elements, such as a name in its `<bdi>`. */
export function Filled(props: {
  text: string;
  values: Readonly<Record<string, ComponentChildren>>;
}): JSX.Element {
  const parts = props.text.split(/\{(\w+)\}/);
  return <>{parts.map((part, index) => (index % 2 === 0 ? part : props.values[part]))}</>;
}
