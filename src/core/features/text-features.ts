/** Features of the words of a text: stems, pairs, letters, numbers, symbols, links. */

import type { NormalisedText } from '../text/normalised-text.ts';
import { hashStem } from '../text/stem.ts';
import { TOKEN, type TokenList } from '../text/tokens.ts';
import { CALL_KINDS, CALL_LINK, callKindOf } from './call-words.ts';
import { GROUP } from './feature-groups.ts';
import type { AddFeature } from './feature-list.ts';
import { addLinkFeatures } from './link-features.ts';

const FNV_PRIME = 0x01000193;
const NUMBER_WORD = 0x55aa00;
const TEXT_EDGE = 0x1234567;
const FIRST_WORDS = 2;

/** Hands over the features of a text's tokens, in their order. */
export function addTextFeatures(text: NormalisedText, tokens: TokenList, add: AddFeature): void {
  const { kinds, hashes, starts, ends, length } = tokens;
  let words = 0;
  let calls = 0;
  let previous = TEXT_EDGE;
  let previousStart = 0;
  let previousEnd = 0;
  let before = TEXT_EDGE;
  let beforeStart = 0;
  for (let index = 0; index < length; index++) {
    const kind = kinds[index];
    const hash = hashes[index];
    const start = starts[index];
    const end = ends[index];
    if (kind === TOKEN.symbol) {
      add(GROUP.symbol, hash, start, end, 0);
      continue;
    }
    let word = hash;
    if (kind === TOKEN.word) {
      word = hashStem(text, start, end, hash);
      addCharacters(text, start, end, add);
    } else if (kind === TOKEN.number) {
      add(GROUP.number, hash, start, end, 0);
      word = NUMBER_WORD + Math.min(end - start, 12);
    } else if (kind === TOKEN.link) addLinkFeatures(text, start, end, GROUP.url, add);
    add(GROUP.word, word, start, end, 0);
    add(GROUP.bigram, Math.imul(previous, 31) ^ word, previousStart, end, 0);
    add(GROUP.skip, Math.imul(before, 37) ^ word, beforeStart, end, 0);
    const call = kind === TOKEN.link ? CALL_LINK : callKindOf(word);
    if (call > 0) {
      calls |= 1 << call;
      add(GROUP.call, call, start, end, call);
    }
    if (words < FIRST_WORDS) add(GROUP.edge, word, start, end, 0);
    words += 1;
    before = previous;
    beforeStart = previousStart;
    previous = word;
    previousStart = start;
    previousEnd = end;
  }
  if (words > 0) add(GROUP.edge, previous ^ TEXT_EDGE, previousStart, previousEnd, 1);
  addCallKinds(calls, add);
}

/** How many kinds of words call upon the reader: one alone says little, four are an advertisement. */
function addCallKinds(calls: number, add: AddFeature): void {
  let kinds = 0;
  for (let rest = calls; rest !== 0; rest &= rest - 1) kinds += 1;
  add(GROUP.call, CALL_KINDS.length + kinds, 0, kinds, 0);
}

/** Runs of three and of five characters within a word, its borders counting as one. */
function addCharacters(text: NormalisedText, start: number, end: number, add: AddFeature): void {
  const { units } = text;
  let first = 1;
  let second = 1;
  let third = 1;
  let fourth = 1;
  for (let at = start; at <= end; at++) {
    const fifth = at === end ? 1 : units[at];
    const behind = Math.min(end, at + 1);
    if (at > start) {
      const hash = Math.imul(Math.imul(third, FNV_PRIME) ^ fourth, FNV_PRIME) ^ fifth;
      add(GROUP.part, Math.imul(hash, FNV_PRIME), Math.max(start, at - 2), behind, 0);
    }
    if (at >= start + 3) {
      const half = Math.imul(Math.imul(first, FNV_PRIME) ^ second, FNV_PRIME) ^ third;
      const hash = Math.imul(Math.imul(half, FNV_PRIME) ^ fourth, FNV_PRIME) ^ fifth;
      add(GROUP.char, Math.imul(hash, FNV_PRIME), Math.max(start, at - 4), behind, 0);
    }
    first = second;
    second = third;
    third = fourth;
    fourth = fifth;
  }
}
