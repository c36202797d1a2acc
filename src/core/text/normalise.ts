/**
 * Normalising: the text that is scored, made from the text that was sent.
 *
 * One pass, linear, no regular expression: entities are decoded at most twice, tags cut (a link's target is kept),
 * `%76` and `[.]` undone, letters folded (see fold.ts) and lower-cased. Each unit remembers where in the original it
 * came from, so that evidence can be shown there. The stored text stays as sent.
 */
import { decodeHTML } from 'entities';
import { classOfCodePoint, foldCodePoint, foldLookAlike } from './fold-characters.ts';
import type { NormalisedText } from './normalised-text.ts';
import { isPlatformTarget, targetsOfTag } from './tag-targets.ts';
import { reverseShown, undisguise } from './undisguise.ts';

/** Units beyond this are not looked at: U+FDFA alone grows eighteenfold. No comment of 64 KiB of UTF-8 is cut. */
export const MAX_UNITS = 65_536;

/** Space for one text. Reused from comment to comment: allocation would cost more than the scan. */
export function createNormalisedText(): NormalisedText {
  return {
    units: new Uint16Array(MAX_UNITS),
    classes: new Uint8Array(MAX_UNITS),
    capitals: new Uint8Array(MAX_UNITS),
    origins: new Int32Array(MAX_UNITS),
    length: 0,
    invisible: 0,
    styled: 0,
    hidden: 0,
    disguised: 0,
    reversedFrom: -1,
  };
}

const BYTE_ORDER_MARK = 0xfeff;
const RIGHT_TO_LEFT_OVERRIDE = 0x202e;
const LEFT_TO_RIGHT_OVERRIDE = 0x202d;
const POP_DIRECTION = 0x202c;
const AMPERSAND = 38;
const PERCENT = 37;
const LESS_THAN = 60;
const OPEN_ROUND = 40;
const OPEN_SQUARE = 91;
const LONGEST_ENTITY = 32;

const ASCII_UNIT = new Uint8Array(128);
const ASCII_CLASS = new Uint8Array(128);
/** 1 for the characters that may begin something to be decoded. */
const ASCII_SPECIAL = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) {
  ASCII_UNIT[unit] = unit >= 65 && unit <= 90 ? unit + 32 : unit;
  ASCII_CLASS[unit] = classOfCodePoint(unit);
}
for (const unit of [AMPERSAND, PERCENT, LESS_THAN, OPEN_ROUND, OPEN_SQUARE]) ASCII_SPECIAL[unit] = 1;

/** Fills `into` from `text`. Never fails, whatever the text. */
export function normaliseText(text: string, into: NormalisedText): void {
  into.length = 0;
  into.invisible = 0;
  into.styled = 0;
  into.hidden = 0;
  into.disguised = 0;
  into.reversedFrom = -1;
  const { units, classes, capitals, origins } = into;
  let closing = -1;
  let at = 0;
  while (at < text.length && into.length < MAX_UNITS) {
    const unit = text.charCodeAt(at);
    if (unit >= 128) {
      at = pushWide(text, at, into);
      continue;
    }
    if (ASCII_SPECIAL[unit] === 1) {
      if (unit === LESS_THAN && closing < at) closing = nextOrEnd(text, at);
      const next = decodeSpecial(text, at, unit, closing, into);
      if (next > at) {
        at = next;
        continue;
      }
    }
    const length = into.length;
    const lower = ASCII_UNIT[unit];
    units[length] = lower;
    classes[length] = ASCII_CLASS[unit];
    capitals[length] = lower === unit ? 0 : 1;
    origins[length] = at;
    into.length = length + 1;
    at += 1;
  }
  endReversed(into);
  undisguise(into);
}

function endReversed(into: NormalisedText): void {
  if (into.reversedFrom >= 0) reverseShown(into, into.reversedFrom);
  into.reversedFrom = -1;
}

/** The next '>' is looked up once per '>', not once per '<': a page of '<' stays linear. */
function nextOrEnd(text: string, at: number): number {
  const closing = text.indexOf('>', at);
  return closing < 0 ? text.length : closing;
}

/** Decodes what begins at `at`; returns the offset behind it, or `at` when it is nothing special. */
function decodeSpecial(
  text: string,
  at: number,
  unit: number,
  closing: number,
  into: NormalisedText,
): number {
  if (unit === AMPERSAND) return decodeEntity(text, at, into);
  if (unit === PERCENT) return decodePercent(text, at, into);
  if (unit === LESS_THAN) return skipTag(text, at, closing, into);
  return decodeDot(text, at, into);
}

/** `&#118;`, and `&amp;#118;` as the second and last round. */
function decodeEntity(text: string, at: number, into: NormalisedText): number {
  let end = entityEnd(text, at);
  if (end < 0) return at;
  let decoded = decodeHTML(text.slice(at, end));
  if (decoded === '&') {
    const second = entityEnd(text, end - 1);
    if (second > 0) {
      const again = decodeHTML(`&${text.slice(end, second)}`);
      if (!again.startsWith('&')) {
        decoded = again;
        end = second;
      }
    }
  }
  if (decoded.length >= end - at) return at;
  for (const char of decoded) pushCodePoint(char.codePointAt(0) ?? 0, at, into);
  return end;
}

/** The offset behind the ';' of the entity that begins before `at + 1`, or -1. */
function entityEnd(text: string, at: number): number {
  const limit = Math.min(text.length, at + LONGEST_ENTITY);
  for (let end = at + 1; end < limit; end++) {
    const unit = text.charCodeAt(end);
    if (unit === 59) return end === at + 1 ? -1 : end + 1;
    const named = unit === 35 || (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit >= 97;
    if (!named || unit > 122) return -1;
  }
  return -1;
}

/** `%76` is 'v'. Only printable ASCII: the rest is no spelling of a word. */
function decodePercent(text: string, at: number, into: NormalisedText): number {
  const value = hexDigit(text.charCodeAt(at + 1)) * 16 + hexDigit(text.charCodeAt(at + 2));
  if (!(value > 0x20 && value < 0x7f)) return at;
  pushCodePoint(value, at, into);
  return at + 3;
}

function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const lower = unit | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : Number.NaN;
}

/** `[.]`, `(.)`, `[dot]` and `(dot)` are dots. */
function decodeDot(text: string, at: number, into: NormalisedText): number {
  const close = text.charCodeAt(at) === OPEN_ROUND ? 41 : 93;
  const short = text.charCodeAt(at + 1) === 46 && text.charCodeAt(at + 2) === close;
  const long =
    (text.charCodeAt(at + 1) | 32) === 100 &&
    (text.charCodeAt(at + 2) | 32) === 111 &&
    (text.charCodeAt(at + 3) | 32) === 116 &&
    text.charCodeAt(at + 4) === close;
  if (!short && !long) return at;
  pushCodePoint(46, at, into);
  return at + (short ? 3 : 5);
}

/** Cuts a tag. `<br>` and blocks become a line break, the tag's targets take its place. */
function skipTag(text: string, at: number, closing: number, into: NormalisedText): number {
  if (closing >= text.length) return at;
  const first = text.charCodeAt(at + 1);
  const letter = first | 32;
  if (first !== 47 && first !== 33 && !(letter >= 97 && letter <= 122)) return at;
  const tag = text.slice(at + 1, closing);
  if (/^\/?(?:br|p|div|li|ul|ol|tr|h[1-6]|blockquote)(?![a-z0-9])/i.test(tag)) pushCodePoint(10, at, into);
  if (!tag.includes('=')) return closing + 1;
  if (/display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0/i.test(tag)) into.hidden += 1;
  const isMarked = hasPlatformWords(text, closing + 1);
  for (const target of targetsOfTag(tag)) {
    if (isMarked && isPlatformTarget(target)) continue;
    for (const char of ` ${target.toLowerCase()} `) pushCodePoint(char.codePointAt(0) ?? 0, at, into);
  }
  return closing + 1;
}

/** A platform links hashtags, mentions and times ("2:19") by itself. */
function hasPlatformWords(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  if (first === 35 || first === 64) return true;
  const colon = text.charCodeAt(at + 1) === 58 ? at + 1 : at + 2;
  return isDigit(first) && text.charCodeAt(colon) === 58 && isDigit(text.charCodeAt(colon + 1));
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/** Pushes the folded form of one character that is not ASCII; returns the offset behind it. */
function pushWide(text: string, at: number, into: NormalisedText): number {
  const codePoint = text.codePointAt(at) ?? 0;
  pushCodePoint(codePoint, at, into);
  return at + (codePoint > 0xffff ? 2 : 1);
}

/** Folded forms met so far: folded unit and class, packed; a longer form in `longForms`. A pure function's memory. */
const packedForms = new Int32Array(65_536);
const packedWide = new Map<number, number>();
const longForms = new Map<number, string>();
const PACKED = 1 << 30;
const LONG = 1 << 29;
const EMPTY = 1 << 28;
const CAPITAL = 1 << 27;
const STYLED = 1 << 26;
const MOST_WIDE_FORMS = 8_192;

function pushCodePoint(codePoint: number, origin: number, into: NormalisedText): void {
  const packed = codePoint < 65_536 ? packedForms[codePoint] || packForm(codePoint) : packForm(codePoint);
  if ((packed & EMPTY) !== 0) {
    // A byte order mark at a comment's end tells which program stored it, not who wrote it.
    if (codePoint !== BYTE_ORDER_MARK) into.invisible += 1;
    if (codePoint === RIGHT_TO_LEFT_OVERRIDE && into.reversedFrom < 0) into.reversedFrom = into.length;
    else if (codePoint === POP_DIRECTION || codePoint === LEFT_TO_RIGHT_OVERRIDE) endReversed(into);
    return;
  }
  if ((packed & STYLED) !== 0) into.styled += 1;
  const capital = (packed & CAPITAL) === 0 ? 0 : 1;
  if ((packed & LONG) === 0) {
    pushUnit(packed & 0xffff, (packed >> 16) & 15, capital, origin, into);
    return;
  }
  for (const char of longForms.get(codePoint) ?? '') {
    const part = char.codePointAt(0) ?? 0;
    const unitClass = classOfCodePoint(part);
    for (let unit = 0; unit < char.length; unit++) {
      pushUnit(char.charCodeAt(unit), unitClass, capital, origin, into);
    }
  }
}

function packForm(codePoint: number): number {
  const known = packedWide.get(codePoint);
  if (known !== undefined) return known;
  const form = foldCodePoint(codePoint);
  let packed = PACKED | styleOf(codePoint, form);
  if (form === '') packed |= EMPTY;
  else if (form.length > 1) packed |= LONG;
  else packed |= form.charCodeAt(0) | (classOfCodePoint(form.charCodeAt(0)) << 16);
  if (codePoint < 65_536 && (packed & LONG) === 0) {
    packedForms[codePoint] = packed;
    return packed;
  }
  if (packedWide.size >= MOST_WIDE_FORMS) {
    packedWide.clear();
    longForms.clear();
  }
  packedWide.set(codePoint, packed);
  if ((packed & LONG) !== 0) longForms.set(codePoint, form);
  return packed;
}

function styleOf(codePoint: number, form: string): number {
  const char = String.fromCodePoint(codePoint);
  const capital = /\p{Lu}/u.test(char) ? CAPITAL : 0;
  const styled = codePoint >= 0x1d00 && /^[0-9a-z]$/.test(form) && !/[\u1e00-\u1eff]/.test(char);
  return capital | (styled ? STYLED : 0);
}

function pushUnit(
  unit: number,
  unitClass: number,
  capital: number,
  origin: number,
  into: NormalisedText,
): void {
  const length = into.length;
  if (length >= MAX_UNITS) return;
  into.units[length] = unit;
  into.classes[length] = unitClass;
  into.capitals[length] = capital;
  into.origins[length] = origin;
  into.length = length + 1;
}

/** Folds the look-alikes of other alphabets in the word [start, end), in place. Returns whether there were any. */
export function foldMixedWord(text: NormalisedText, start: number, end: number): boolean {
  let latin = 0;
  let alike = 0;
  for (let at = start; at < end; at++) {
    const unit = text.units[at];
    if (unit < 128) latin += 1;
    else if (foldLookAlike(unit) !== unit) alike += 1;
  }
  if (latin === 0 || alike === 0) return false;
  for (let at = start; at < end; at++) text.units[at] = foldLookAlike(text.units[at]);
  return true;
}

/** The normalised text of [start, end), for people to read. */
export function sliceNormalised(text: NormalisedText, start: number, end: number): string {
  const behind = Math.min(end, start + 256, text.length);
  let slice = '';
  // Unit by unit: spreading a subarray into one call took five times as long.
  for (let at = start; at < behind; at++) slice += String.fromCharCode(text.units[at]);
  return slice;
}
