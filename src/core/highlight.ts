/** Where the evidence stands in the text as it was sent. */
import type { Evidence } from './classifier.ts';
import { nameFeature, standsInContent } from './feature-names.ts';
import { extractFeatures, lastTexts } from './features.ts';

/** A stretch of the original text, half-open UTF-16 offsets, and what it says. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
  readonly logOdds: number;
  readonly feature: string;
}

/**
 * The places of the evidence that comes from the text itself (words, pairs, links, symbols; not shape, not the
 * author), in the order of the text, each feature at its first place. Offsets never split a surrogate pair.
 */
export function locateEvidence(content: string, evidence: readonly Evidence[]): Highlight[] {
  const wanted = new Map(evidence.map(({ feature, logOdds }) => [feature, logOdds]));
  const features = extractFeatures({ content });
  const { origins, length } = lastTexts.content;
  const highlights: Highlight[] = [];
  for (let index = 0; index < features.length; index++) {
    if (!standsInContent(features, index)) continue;
    const feature = nameFeature(features, index);
    const logOdds = wanted.get(feature);
    if (logOdds === undefined) continue;
    const first = features.starts[index] as number;
    const behind = features.ends[index] as number;
    const start = origins[first] ?? 0;
    const end = behind < length ? (origins[behind] as number) : content.length;
    if (end > start) highlights.push({ start, end: trimEnd(content, start, end), logOdds, feature });
  }
  return highlights.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Invisible characters and spaces behind a feature belong to nobody. */
function trimEnd(content: string, start: number, end: number): number {
  let last = end;
  while (last > start + 1 && /[\s\p{Cf}]/u.test(content[last - 1] ?? '')) last -= 1;
  return last;
}
