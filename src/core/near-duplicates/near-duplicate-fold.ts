/**
 * The folding under which near-duplicates are compared. It is its own, not the classifier's: signatures are stored,
 * so it must not change when the classifier's features do.
 */
import { decodeHTML } from 'entities';

/** Stands for a web or mail address. */
const ADDRESS = 0x01;
/** Stands for a run of digits. */
const DIGITS = 0x30;

/**
 * Look-alikes that NFKD leaves alone, each with its Latin letter. Russian words are folded too: both copies are,
 * so nothing is lost.
 */
const LOOK_ALIKES = new Map<number, number>(
  Array.from(
    'аaбbвbеeёeкkмmнhоoрpсcтtуyхxіiјjѕsԁdԛqԝwһhӏlαaβbεeηnιiκkνvοoρpτtυuχxıiłløođdħh'.matchAll(/../gu),
    ([pair]) => [pair.charCodeAt(0), pair.charCodeAt(1)],
  ),
);

/**
 * The letters of a text as UTF-16 units, without what costs a spammer nothing to vary: case, accents, styled and
 * look-alike letters, spaces, punctuation, emoji, invisible characters and markup are gone, a run of digits is one
 * digit, and a web or mail address is one mark. Never longer than the text after NFKD.
 */
export function foldForSimilarity(text: string): Uint16Array {
  const plain = text.includes('&') ? decodeHTML(text) : text;
  const lower = (isAscii(plain) ? plain : plain.normalize('NFKD')).toLowerCase();
  const folded = new Uint16Array(lower.length);
  let length = 0;
  let position = 0;
  while (position < lower.length) {
    const end = tokenEnd(lower, position);
    if (end === position) {
      position = lower.charCodeAt(position) === 0x3c ? tagEnd(lower, position) : position + 1;
    } else {
      length = foldToken(lower, position, end, folded, length);
      position = end;
    }
  }
  return folded.subarray(0, length);
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** The end of the run without white space, quotes and angle brackets that starts here. */
function tokenEnd(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code <= 0x20 || code === 0x22 || code === 0x3c || code === 0x3e || code === 0xa0) break;
  }
  return end;
}

/** Behind `<a …>`; a `<` that opens no tag is only skipped itself. A tag is at most 2,000 characters long. */
function tagEnd(text: string, start: number): number {
  const next = text.charCodeAt(start + 1);
  if (next !== 0x2f && !(next >= 0x61 && next <= 0x7a)) return start + 1;
  const limit = Math.min(text.length, start + 2000);
  for (let index = start + 1; index < limit; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x3e) return index + 1;
    if (code === 0x3c) return start + 1;
  }
  return start + 1;
}

function foldToken(text: string, start: number, end: number, folded: Uint16Array, from: number): number {
  let length = from;
  if (isAddress(text, start, end)) {
    if (folded[length - 1] !== ADDRESS) folded[length++] = ADDRESS;
    return length;
  }
  for (let index = start; index < end; index += 1) {
    const letter = foldUnit(text.charCodeAt(index));
    if (letter === 0 || (letter === DIGITS && folded[length - 1] === DIGITS)) continue;
    folded[length++] = letter;
  }
  return length;
}

/** Something with `://`, `www.` in front, an `@` inside, or a dot between letters as in `example.com/x`. */
function isAddress(text: string, start: number, end: number): boolean {
  if (end - start < 4) return false;
  if (text.startsWith('www.', start)) return true;
  for (let index = start + 1; index < end - 1; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x3a && text.startsWith('://', index)) return true;
    if (code === 0x40 && isLetter(text.charCodeAt(index - 1)) && isLetter(text.charCodeAt(index + 1)))
      return true;
    if (code === 0x2e && isDomainDot(text, index, end)) return true;
  }
  return false;
}

/** A dot with a letter or digit before it and two letters, then no letter dot again ("e.g.", "v.i.a"), behind it. */
function isDomainDot(text: string, dot: number, end: number): boolean {
  if (!isLetter(text.charCodeAt(dot - 1)) && !isDigit(text.charCodeAt(dot - 1))) return false;
  let letters = 0;
  while (dot + 1 + letters < end && isLetter(text.charCodeAt(dot + 1 + letters))) letters += 1;
  if (letters < 2 || letters > 6) return false;
  const next = dot + 1 + letters;
  return next === end ? letters <= 4 : text.charCodeAt(next) === 0x2f;
}

/** The unit that stands for this one, or 0 when it is left out. */
function foldUnit(code: number): number {
  if (isLetter(code)) return code;
  if (isDigit(code)) return DIGITS;
  if (code < 0xaa) return 0;
  if (code >= 0x300 && code <= 0x36f) return 0;
  // General punctuation with the invisible characters, symbols, CJK punctuation, private use, specials, surrogates
  // (emoji are pairs), variation selectors.
  if (code >= 0x2000 && code <= 0x2bff) return 0;
  if ((code >= 0x3000 && code <= 0x303f) || (code >= 0xd800 && code <= 0xf8ff)) return 0;
  if (code >= 0xfe00 && code <= 0xfe0f) return 0;
  if (code === 0xfeff || code >= 0xfff0 || code === 0xad || code === 0x61c || code === 0x180e) return 0;
  return LOOK_ALIKES.get(code) ?? code;
}

function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
