/**
 * Stems: "checking" and "checked" are "check". Porter's stemmer for English, natural's.
 *
 * Only words of plain Latin letters have one; other languages' words pass it nearly unharmed (Indonesian and
 * Portuguese measured the same with and without).
 */
import porter from 'natural/lib/natural/stemmers/porter_stemmer.js';
import type { NormalisedText } from './normalised-text.ts';

const SHORTEST = 4;
const LONGEST = 24;
const FNV_PRIME = 0x01000193;
const STEM_SEED = 0x811c9dc5 | 0;

/**
 * Words met so far, with the hashes of their stems: stemming takes 4 µs a word. A pure function's memory,
 * and bounded: when it is full it begins anew. Letters are compared where they stand: strings as keys of a Map took three
 * times as long.
 */
const MOST_WORDS = 32_768;
const SLOTS = 65_536;
const letters = new Uint8Array(MOST_WORDS * LONGEST);
/** Where in {@link letters} a slot's word begins, and 1; 0: the slot is free. */
const slotStarts = new Int32Array(SLOTS);
const slotLengths = new Uint8Array(SLOTS);
const slotHashes = new Int32Array(SLOTS);
let words = 0;
let lettersUsed = 0;

/** The hash of the stem of the word at [start, end), or `otherwise` when it has none. */
export function hashStem(text: NormalisedText, start: number, end: number, otherwise: number): number {
  const length = end - start;
  if (length < SHORTEST || length > LONGEST) return otherwise;
  const { units } = text;
  let key = STEM_SEED;
  for (let at = start; at < end; at++) {
    const unit = units[at];
    if (unit < 97 || unit > 122) return otherwise;
    key = Math.imul(key ^ unit, FNV_PRIME);
  }
  const slot = findSlot(units, start, length, key);
  if (slotStarts[slot] !== 0) return slotHashes[slot];
  const word = String.fromCharCode.apply(null, units.subarray(start, end) as unknown as number[]);
  const stem = porter.stem(word);
  // A word that is its own stem keeps its hash, and so do its repeated letters their folding.
  const hash = stem === word ? otherwise : hashText(stem);
  remember(units, start, length, key, hash);
  return hash;
}

/** The slot of a word, or the free one where it belongs. */
function findSlot(units: Uint16Array, start: number, length: number, key: number): number {
  let slot = (key ^ (key >>> 15)) & (SLOTS - 1);
  while (slotStarts[slot] !== 0) {
    if (slotLengths[slot] === length && isWordAt(slotStarts[slot] - 1, units, start, length)) break;
    slot = (slot + 1) & (SLOTS - 1);
  }
  return slot;
}

function isWordAt(known: number, units: Uint16Array, start: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (letters[known + index] !== units[start + index]) return false;
  }
  return true;
}

function remember(units: Uint16Array, start: number, length: number, key: number, hash: number): void {
  if (words >= MOST_WORDS) {
    slotStarts.fill(0);
    words = 0;
    lettersUsed = 0;
  }
  const slot = findSlot(units, start, length, key);
  slotStarts[slot] = lettersUsed + 1;
  slotLengths[slot] = length;
  slotHashes[slot] = hash;
  letters.set(units.subarray(start, start + length), lettersUsed);
  lettersUsed += length;
  words += 1;
}

function hashText(text: string): number {
  let hash = STEM_SEED;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return hash;
}
