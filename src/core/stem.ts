/**
 * Stems: "checking" and "checked" are "check". Porter's stemmer for English, natural's.
 *
 * Only words of plain Latin letters have one; other languages' words pass it nearly unharmed (Indonesian and
 * Portuguese measured the same with and without).
 */
import porter from 'natural/lib/natural/stemmers/porter_stemmer.js';
import type { NormalisedText } from './normalise.ts';

const SHORTEST = 4;
const LONGEST = 24;
const FNV_PRIME = 0x01000193;
const STEM_SEED = 0x811c9dc5 | 0;

/** Hashes of stems met so far: stemming takes 4 µs a word, a look-up 0.1. A pure function's memory, and bounded. */
const stemHashes = new Map<string, number>();
const MOST_STEMS = 32_768;

/** The hash of the stem of the word at [start, end), or `otherwise` when it has none. */
export function hashStem(text: NormalisedText, start: number, end: number, otherwise: number): number {
  const length = end - start;
  if (length < SHORTEST || length > LONGEST) return otherwise;
  const { units } = text;
  for (let at = start; at < end; at++) {
    const unit = units[at] as number;
    if (unit < 97 || unit > 122) return otherwise;
  }
  const word = String.fromCharCode.apply(null, units.subarray(start, end) as unknown as number[]);
  const known = stemHashes.get(word);
  if (known !== undefined) return known;
  const stem = porter.stem(word);
  // A word that is its own stem keeps its hash, and so do its repeated letters their folding.
  const hash = stem === word ? otherwise : hashText(stem);
  if (stemHashes.size >= MOST_STEMS) stemHashes.clear();
  stemHashes.set(word, hash);
  return hash;
}

function hashText(text: string): number {
  let hash = STEM_SEED;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return hash;
}
