/** A text cut where the words that moved the score begin and end. */
import type { Highlight } from './state/types.ts';

export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Of the highlights that lie over it; where several do, they add up. */
  readonly over: readonly Highlight[];
}

/** Cuts the first `length` characters. One sweep: in time it is n·log(n) of the highlights, and as many segments as they have ends. */
export function cutSegments(length: number, highlights: readonly Highlight[]): Segment[] {
  const within = highlights
    .map((one) => ({ one, start: Math.max(0, one.start), end: Math.min(one.end, length) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const ends = within.flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([0, ...ends, length])].sort((a, b) => a - b);
  const over = new Set<(typeof within)[number]>();
  const segments: Segment[] = [];
  let next = 0;
  for (const [index, end] of cuts.slice(1).entries()) {
    const start = cuts[index] ?? 0;
    for (const one of over) if (one.end <= start) over.delete(one);
    for (let one = within[next]; one !== undefined && one.start <= start; one = within[next]) {
      over.add(one);
      next += 1;
    }
    segments.push({ start, end, over: [...over].map(({ one }) => one) });
  }
  return segments;
}
