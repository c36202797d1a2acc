/**
 * Folding for search: what a reader takes for one word is one word, in the comment and in the search.
 *
 * PostgreSQL folds what it indexes by `fold_for_search` (migrations/0001-initial/comments.ts), the search is folded here;
 * a test compares the two. Punctuation is a space, so that `href="https://x.example"` has the words of its host, and a
 * host is found by its parent domain as words in a row. PostgreSQL's own parser takes tags for markup and drops them.
 */

/** Cyrillic and Greek letters that look like Latin ones, and these; always folded, so that both sides agree. */
const FROM = 'авекмнорстухіїјѕԁԛԝһьгёпи' + 'αβγδεζηικνορστυχως';
const TO = 'abekmhopctyxiijsdqwhbrenu' + 'abydezniknopotuxwo';
const LOOK_ALIKE = new Map(Array.from(FROM, (char, at) => [char, TO.charAt(at)]));
const HIDDEN =
  /\u034f|[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]|\p{Variation_Selector}/gu;
const MARKS = /[\u0300-\u036f\u0483-\u0489\u064b-\u065f\u0670]/gu;
const PUNCTUATION = /[!-/:-@[-`{-~\u00a1-\u00bf\u2010-\u205e\u3000-\u303f]/g;

/**
 * Lower case, without accents, hidden characters and punctuation.
 *
 * @example
 * foldForSearch('https://www.Brücke.example') // 'https   www brucke example'
 */
export function foldForSearch(text: string): string {
  const plain = text.normalize('NFKD').replace(HIDDEN, '').replace(MARKS, '').toLowerCase();
  const folded = Array.from(plain, (char) => LOOK_ALIKE.get(char) ?? char).join('');
  return folded.replace(PUNCTUATION, ' ');
}
