/** Word lists matched at word boundaries: "cialis" never fires in "specialist". */

/** A compiled list: the first word of a phrase leads to the phrases that begin with it. */
export interface WordList {
  readonly phrases: ReadonlyMap<string, readonly (readonly string[])[]>;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Zero-width, soft hyphen and bidi controls, which would split a word unseen. */
const INVISIBLE = /[\p{Cf}\p{Variation_Selector}]|\u034f|\u115f|\u1160/gu;

/** The words of a text, compatibility-folded and lower-cased, in order. Linear in its length. */
export function splitWords(text: string): string[] {
  return text.normalize('NFKC').replace(INVISIBLE, '').toLowerCase().match(WORD) ?? [];
}

/**
 * Compiles words and phrases; an entry without any letter or digit is dropped, for it could never match.
 *
 * @example
 * findWord(compileWords(['cheap pills']), 'Buy CHEAP pills now') // 'cheap pills'
 */
export function compileWords(entries: readonly string[]): WordList {
  const phrases = new Map<string, string[][]>();
  for (const entry of entries) {
    const words = splitWords(entry);
    const first = words[0];
    if (first === undefined) continue;
    const sameStart = phrases.get(first);
    if (sameStart) sameStart.push(words);
    else phrases.set(first, [words]);
  }
  return { phrases };
}

/** The first entry of the list that stands in the text, or null. */
export function findWord(list: WordList, text: string): string | null {
  if (list.phrases.size === 0) return null;
  const words = splitWords(text);
  for (let at = 0; at < words.length; at++) {
    for (const phrase of list.phrases.get(words[at] ?? '') ?? []) {
      if (phrase.every((word, offset) => words[at + offset] === word)) return phrase.join(' ');
    }
  }
  return null;
}
