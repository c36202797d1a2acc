/**
 * Folding of single characters: what a reader takes for one letter becomes one letter.
 *
 * Compatibility forms (fullwidth, mathematical, circled) fall together by NFKC; enclosed and small-capital letters,
 * which NFKC leaves alone, by a table; accents and stacked marks of alphabets are cut; zero-width, bidi and
 * variation marks vanish. Marks that carry the vowel (Devanagari, Thai) stay.
 */

/** What a code unit is to the tokeniser. */
export const CLASS = {
  space: 0,
  letter: 1,
  digit: 2,
  symbol: 3,
  /** A script written without spaces between words: Han, kana, Thai, Lao, Khmer, Myanmar. */
  unspaced: 4,
  newline: 5,
  apostrophe: 6,
} as const;

const SMALL_CAPITALS = 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ';
const DROPPED = /\p{Cf}|\p{Variation_Selector}|\u034f|\u115f|\u1160|\u3164|\uffa0|\u2800/u;
/** Marks above, below and through the letters of alphabets; not the vowel signs of Indic scripts and Thai. */
const DROPPED_MARK =
  /[\u0300-\u036f]|[\u0483-\u0489]|[\u0591-\u05c7]|[\u0610-\u061a]|[\u064b-\u065f]|\u0670|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/u;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The folded, lower-cased form of one character; empty when it is invisible. Pure: a code point has one form. */
export function foldCodePoint(codePoint: number): string {
  const enclosed = unenclose(codePoint);
  if (enclosed !== 0) return String.fromCharCode(enclosed);
  if (codePoint === 0x3002 || codePoint === 0xff61) return '.';
  const char = String.fromCodePoint(codePoint);
  if (DROPPED.test(char) || DROPPED_MARK.test(char)) return '';
  const small = SMALL_CAPITALS.indexOf(char);
  if (small >= 0) return String.fromCharCode(97 + small);
  const folded = char.normalize('NFKC').toLowerCase();
  let result = '';
  for (const part of folded.normalize('NFD')) if (!DROPPED_MARK.test(part)) result += part;
  return result.normalize('NFC');
}

/** Negative circled and squared letters, regional indicators and tags: letters that NFKC does not know as such. */
function unenclose(codePoint: number): number {
  if (codePoint < 0x1f130) return 0;
  if (codePoint >= 0x1f150 && codePoint <= 0x1f169) return codePoint - 0x1f150 + 97;
  if (codePoint >= 0x1f170 && codePoint <= 0x1f189) return codePoint - 0x1f170 + 97;
  if (codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff) return codePoint - 0x1f1e6 + 97;
  return 0;
}

/** The tokeniser's class of a folded code point. */
export function classOfCodePoint(codePoint: number): number {
  const char = String.fromCodePoint(codePoint);
  if (UNSPACED.test(char)) return CLASS.unspaced;
  if (/[\p{L}\p{M}]/u.test(char)) return CLASS.letter;
  if (/\p{N}/u.test(char)) return CLASS.digit;
  if (/[\n\r\u2028\u2029]/u.test(char)) return CLASS.newline;
  if (/[\s\p{Z}\p{Cc}]/u.test(char)) return CLASS.space;
  if (codePoint === 0x27 || codePoint === 0x2019 || codePoint === 0x2bc) return CLASS.apostrophe;
  return CLASS.symbol;
}

/** Cyrillic and Greek letters that look like a Latin one: folded in words that mix scripts, and only there. */
const LOOK_ALIKE = new Map<number, number>([
  ...pairs('авекмнорстухіїјѕԁԛԝһӏԍьгёпи', 'abekmhopctyxiijsdqwhlgbrenu'),
  ...pairs('αβγδεζηικνορστυχω', 'abydezniknopotuxw'),
]);

function pairs(from: string, to: string): [number, number][] {
  return Array.from(from, (char, index) => [char.charCodeAt(0), to.charCodeAt(index)]);
}

/** The Latin letter a folded Cyrillic or Greek letter looks like; the letter itself when there is none. */
export function foldLookAlike(codeUnit: number): number {
  return LOOK_ALIKE.get(codeUnit) ?? codeUnit;
}
