/** Finds the entries of word lists: of the settings and of rules alike. "cialis" never fires in "specialist". */
import { type Automaton, buildAutomaton, scan } from './automaton.ts';

/** A compiled list. */
export interface WordList {
  /** Folded, once each, in the order of the list. */
  readonly phrases: ReadonlySet<string>;
  readonly entries: readonly string[];
  readonly automaton: Automaton;
  /** Whether an entry has to be a whole word where the script has words. */
  readonly isBounded: boolean;
  readonly hasSpaces: boolean;
}

/** Zero-width characters, soft hyphens and bidi controls, which would split a word unseen. */
const INVISIBLE = /[\p{Cf}\p{Variation_Selector}]|\u034f|\u115f|\u1160/gu;
const WORD_UNIT = /[\p{L}\p{N}\p{M}]/u;
/** What may stand between the words of a phrase: “cheap, pills” is “cheap pills”. */
const PUNCTUATION = /[\p{P}\s]+/gu;
/** Scripts that write words without spaces between them: there a boundary cannot be told. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * What may differ without a word being another one: case as Unicode folds it (`STRASSE` is `straße`, all four letters i are
 * one, a final sigma is a sigma), compatibility forms, invisible characters, white space.
 *
 * @example
 * foldWords('STRASSE  İstanbul') // 'strasse istanbul'
 */
export function foldWords(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i')
    .normalize('NFKC')
    .replace(/\s+/gu, ' ');
}

/** Every list folds the same few texts: the last ones are remembered, a comment's three and one more. */
const folded = new Map<string, { readonly text: string; readonly spaced: string }>();

function foldOnce(text: string) {
  const known = folded.get(text);
  if (known !== undefined) return known;
  if (folded.size >= 4) folded.clear();
  const fold = foldWords(text);
  const fresh = { text: fold, spaced: fold.replace(PUNCTUATION, ' ') };
  folded.set(text, fresh);
  return fresh;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** The words of a text for the filter, compatibility-folded and lower-cased, in order. Linear in its length. */
export function splitWords(text: string): string[] {
  return text.normalize('NFKC').replace(INVISIBLE, '').toLowerCase().match(WORD) ?? [];
}

/**
 * Compiles words and phrases; an entry without any letter, digit or symbol is dropped.
 *
 * @example
 * findWord(compileWords(['cheap pills']), 'Buy CHEAP pills now') // 'cheap pills'
 */
export function compileWords(entries: readonly string[]): WordList {
  return compileEntries(entries.map(foldEntry).filter((entry) => /[\p{L}\p{N}\p{M}\p{S}]/u.test(entry)));
}

/** Compiles entries that are folded already. */
export function compileEntries(entries: readonly string[], isBounded = true): WordList {
  const phrases = new Set(entries.filter((entry) => entry !== ''));
  const list = [...phrases];
  return {
    phrases,
    entries: list,
    automaton: buildAutomaton(list),
    isBounded,
    hasSpaces: list.some((entry) => entry.includes(' ')),
  };
}

export function foldEntry(line: string): string {
  return foldWords(line).trim();
}

/** The first entry of the list that stands in the text, or null. */
export function findWord(list: WordList, text: string): string | null {
  let first: string | null = null;
  scanWords(list, text, (entry) => {
    first = list.entries[entry] ?? null;
    return true;
  });
  return first;
}

/** Calls back for each entry that stands in the text, by its place in the list, until that says true. */
export function scanWords(list: WordList, text: string, found: (entry: number) => boolean): void {
  if (list.entries.length === 0) return;
  const { text: fold, spaced } = foldOnce(text);
  let isOver = false;
  const scanText = (within: string) =>
    scan(list.automaton, within, (entry, start, end) => {
      if (list.isBounded && !(isBoundary(within, start) && isBoundary(within, end))) return false;
      isOver = found(entry);
      return isOver;
    });
  scanText(fold);
  if (!isOver && list.hasSpaces && spaced !== fold) scanText(spaced);
}

/** Whether no word goes on across the offset. */
function isBoundary(text: string, at: number): boolean {
  const before = charBefore(text, at);
  const after = at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : '';
  if (!WORD_UNIT.test(before) || !WORD_UNIT.test(after)) return true;
  return UNSPACED.test(before) || UNSPACED.test(after);
}

function charBefore(text: string, at: number): string {
  if (at === 0) return '';
  const low = text.charCodeAt(at - 1);
  const wide = at > 1 && low >= 0xdc00 && low <= 0xdfff;
  return text.slice(at - (wide ? 2 : 1), at);
}
