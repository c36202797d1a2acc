/** Where the evidence stands in the text as it was sent. */

import type { FeatureList } from '../features/feature-list.ts';
import { lastTexts } from '../features/features.ts';

/** A stretch of the original text: half-open UTF-16 offsets that never split a surrogate pair. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A stretch of the original text, and what it says. */
export interface Highlight extends Place {
  readonly logOdds: number;
  readonly feature: string;
}

/** Where the feature at `index` of those that were extracted last stands; null when nothing of it is to be seen. */
export function placeOf(features: FeatureList, index: number, content: string): Place | null {
  const { origins, length } = lastTexts.content;
  const behind = features.ends[index];
  const start = origins[features.starts[index]] ?? 0;
  const end = behind < length ? origins[behind] : content.length;
  return end > start ? { start, end: trimEnd(content, start, end) } : null;
}

/** Invisible characters and spaces behind a feature belong to nobody. */
function trimEnd(content: string, start: number, end: number): number {
  let last = end;
  while (last > start + 1 && /[\s\p{Cf}]/u.test(content[last - 1] ?? '')) last -= 1;
  return last;
}
