/**
 * Tokens: the words, numbers, symbols and links of a normalised text, each with a 32-bit hash and its place.
 *
 * Words are runs of letters and digits in any script; scripts without spaces give their characters (pairs of them
 * come as bigrams). A link is one token in the stream of words, and its parts are looked at on their own (links.ts).
 */
import { CLASS } from './fold-characters.ts';
import { foldMixedWord } from './normalise.ts';
import type { NormalisedText } from './normalised-text.ts';
import { findLinkEnd } from './web-address.ts';

/** What a token is. */
export const TOKEN = { word: 0, number: 1, symbol: 2, character: 3, link: 4 } as const;

/** Tokens beyond this are not looked at: 64 KiB of one-letter words stay bounded. */
export const MAX_TOKENS = 32_768;

/** The tokens of one text: parallel arrays, valid up to `length`. */
export interface TokenList {
  readonly kinds: Uint8Array;
  readonly hashes: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  length: number;
  readonly counts: TextCounts;
}

/** What the shape of a text is told from. */
export interface TextCounts {
  letters: number;
  capitals: number;
  digits: number;
  words: number;
  capitalWords: number;
  mixedWords: number;
  links: number;
  exclamations: number;
  questions: number;
  otherSymbols: number;
  emoji: number;
  newlines: number;
  longestNumber: number;
  longestWord: number;
  repeats: number;
  spelled: number;
}

/** Space for the tokens of one text, reused from comment to comment. */
export function createTokenList(): TokenList {
  return {
    kinds: new Uint8Array(MAX_TOKENS),
    hashes: new Int32Array(MAX_TOKENS),
    starts: new Int32Array(MAX_TOKENS),
    ends: new Int32Array(MAX_TOKENS),
    length: 0,
    counts: emptyCounts(),
  };
}

function emptyCounts(): TextCounts {
  return {
    letters: 0,
    capitals: 0,
    digits: 0,
    words: 0,
    capitalWords: 0,
    mixedWords: 0,
    links: 0,
    exclamations: 0,
    questions: 0,
    otherSymbols: 0,
    emoji: 0,
    newlines: 0,
    longestNumber: 0,
    longestWord: 0,
    repeats: 0,
    spelled: 0,
  };
}

/** The hash of one link in the stream of words, whatever its target. */
export const LINK_HASH = 0x11_4c_1f_0e;
const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** Fills `into` with the tokens of a text. Linear. */
export function cutTokens(text: NormalisedText, into: TokenList): void {
  into.length = 0;
  Object.assign(into.counts, ZERO_COUNTS);
  let at = 0;
  while (at < text.length && into.length < MAX_TOKENS - 1) {
    const unitClass = text.classes[at];
    if (unitClass === CLASS.space) at += 1;
    else if (unitClass === CLASS.newline) {
      into.counts.newlines += 1;
      at += 1;
    } else if (unitClass === CLASS.letter || unitClass === CLASS.digit) at = cutWord(text, at, into);
    else if (unitClass === CLASS.unspaced) at = cutCharacter(text, at, into);
    else at = cutSymbol(text, at, into);
  }
}

const ZERO_COUNTS = emptyCounts();

function pushToken(into: TokenList, kind: number, hash: number, start: number, end: number): void {
  const index = into.length;
  into.kinds[index] = kind;
  into.hashes[index] = hash;
  into.starts[index] = start;
  into.ends[index] = end;
  into.length = index + 1;
}

function cutWord(text: NormalisedText, start: number, into: TokenList): number {
  const linkEnd = findLinkEnd(text, start);
  if (linkEnd > 0) {
    into.counts.links += 1;
    pushToken(into, TOKEN.link, LINK_HASH, start, linkEnd);
    return linkEnd;
  }
  const { units, classes, capitals } = text;
  const { counts } = into;
  let end = start;
  let digits = 0;
  let upper = 0;
  let wide = 0;
  for (; end < text.length; end++) {
    const unitClass = classes[end];
    if (unitClass === CLASS.letter) {
      upper += capitals[end];
      wide |= units[end];
    } else if (unitClass === CLASS.digit) digits += 1;
    else if (unitClass !== CLASS.apostrophe || classes[end + 1] !== CLASS.letter || end + 1 >= text.length)
      break;
  }
  if (wide > 127 && foldMixedWord(text, start, end)) counts.mixedWords += 1;
  if (digits > 0 && end - start > digits && foldLeet(text, start, end)) {
    counts.spelled += 1;
    return cutWord(text, start, into);
  }
  const length = end - start;
  counts.digits += digits;
  counts.letters += length - digits;
  counts.capitals += upper;
  counts.words += 1;
  if (upper > 1 && upper >= length - digits) counts.capitalWords += 1;
  if (digits === length) {
    if (length > counts.longestNumber) counts.longestNumber = length;
    pushToken(into, TOKEN.number, hashUnits(text, start, end, counts), start, end);
  } else {
    if (length > counts.longestWord) counts.longestWord = length;
    pushToken(into, TOKEN.word, hashUnits(text, start, end, counts), start, end);
  }
  return end;
}

/** Digits that are read as letters: "c4s1n0". */
const LEET = new Map(Array.from('01345789', (digit, at) => [digit.charCodeAt(0), 'oieastbg'.charCodeAt(at)]));
const SHORTEST_LEET = 4;

/**
 * Folds the digits of a word in which letters stand on both sides of a digit, in place; "mp3", "2nd" and "covid19" stay.
 * Returns whether it did: no digit is left that would be folded again.
 */
function foldLeet(text: NormalisedText, start: number, end: number): boolean {
  const { units, classes } = text;
  if (end - start < SHORTEST_LEET) return false;
  let letters = 0;
  let isLeet = false;
  for (let at = start; at < end; at++) {
    if (classes[at] === CLASS.letter) letters += 1;
    else if (classes[at] === CLASS.digit) {
      if (!LEET.has(units[at])) return false;
      if (letters > 0 && classes[at + 1] === CLASS.letter && at + 1 < end) isLeet = true;
    }
  }
  if (!isLeet) return false;
  for (let at = start; at < end; at++) {
    units[at] = LEET.get(units[at]) ?? units[at];
    classes[at] = CLASS.letter;
  }
  return true;
}

/** FNV-1a over the units; a letter's third repetition and later ones do not count, nor do apostrophes. */
function hashUnits(text: NormalisedText, start: number, end: number, counts: TextCounts): number {
  const { units } = text;
  let hash = FNV_START;
  let before = 0;
  let last = 0;
  for (let at = start; at < end; at++) {
    const unit = units[at];
    if (unit === last && unit === before && unit > 57) {
      counts.repeats += 1;
      continue;
    }
    if (unit === 39 || unit === 0x2019) continue;
    hash = Math.imul(hash ^ unit, FNV_PRIME);
    before = last;
    last = unit;
  }
  return hash;
}

function cutCharacter(text: NormalisedText, at: number, into: TokenList): number {
  into.counts.letters += 1;
  into.counts.words += 1;
  const hash = Math.imul(FNV_START ^ text.units[at], FNV_PRIME);
  pushToken(into, TOKEN.character, hash, at, at + 1);
  return at + 1;
}

/** A run of one symbol is one token; up to three of a kind are told apart. */
function cutSymbol(text: NormalisedText, start: number, into: TokenList): number {
  const { units } = text;
  const { counts } = into;
  const unit = units[start];
  if (unit >= 0xd800 && unit < 0xdc00 && start + 1 < text.length) {
    counts.emoji += 1;
    const low = units[start + 1];
    const hash = Math.imul(Math.imul(FNV_START ^ unit, FNV_PRIME) ^ low, FNV_PRIME);
    pushToken(into, TOKEN.symbol, hash, start, start + 2);
    return start + 2;
  }
  let end = start + 1;
  while (end < text.length && units[end] === unit) end += 1;
  const run = end - start;
  if (unit === 33) counts.exclamations += run;
  else if (unit === 63) counts.questions += run;
  else if (unit >= 0x2190 && unit < 0x2c00) counts.emoji += run;
  else counts.otherSymbols += run;
  const times = Math.min(3, run);
  pushToken(
    into,
    TOKEN.symbol,
    Math.imul(Math.imul(FNV_START ^ unit, FNV_PRIME) ^ times, FNV_PRIME),
    start,
    end,
  );
  return end;
}
