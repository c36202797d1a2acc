/**
 * Whether a comment has anything to sell by: a link, an author's address, a mail address, a phone number, a handle.
 *
 * 99 % of the spam with a link in it and all of the spam whose only link is the author's has one of these, and 3 % of
 * the comments of a newspaper: so the two are judged by different thresholds (docs/filter.md).
 */
import { CLASS } from '../text/fold-characters.ts';
import type { NormalisedText } from '../text/normalised-text.ts';

const AT = 64;
const MIN_PHONE_DIGITS = 9;
const MIN_HANDLE = 5;
const MESSENGERS = ['whatsapp', 'telegram', 'wechat', 'viber', 'skype', 'ватсап', 'вотсап', 'телеграм'].map(
  (word) => Array.from(word, (letter) => letter.charCodeAt(0)),
);

const FIRST_LETTERS = new Set(MESSENGERS.map(([letter]) => letter));

/** Looks for a mail address, handle, phone number or messenger; links are known from the tokens. Linear. */
export function findContact(text: NormalisedText): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const unitClass = text.classes[at];
    const unit = text.units[at];
    if (unitClass === CLASS.digit) {
      digits += 1;
      if (digits >= MIN_PHONE_DIGITS) return true;
    } else if (!joinsDigits(unit)) digits = 0;
    if (unit === AT && isAddress(text, at)) return true;
  }
  return namesMessenger(text);
}

/** Space, brackets, plus, hyphen, and no comma or full stop: those are in sums of money. */
function joinsDigits(unit: number): boolean {
  return unit === 32 || unit === 40 || unit === 41 || unit === 43 || unit === 45;
}

/** "name@host" anywhere, "@handle" but where a line begins: there it answers another reader. */
function isAddress(text: NormalisedText, at: number): boolean {
  let end = at + 1;
  while (end < text.length && text.classes[end] === CLASS.letter) end += 1;
  const before = at === 0 ? CLASS.newline : text.classes[at - 1];
  if (before === CLASS.letter || before === CLASS.digit) return end > at + 1;
  return before === CLASS.space && end - at > MIN_HANDLE;
}

/** Compared where they stand: a string for every word with the right first letter took half of the extraction. */
function namesMessenger(text: NormalisedText): boolean {
  const { units, classes, length } = text;
  for (let at = 0; at + 4 < length; at++) {
    if (classes[at] !== CLASS.letter || (at > 0 && classes[at - 1] === CLASS.letter)) continue;
    if (!FIRST_LETTERS.has(units[at])) continue;
    if (MESSENGERS.some((word) => units[at] === word[0] && isAt(text, at, word))) return true;
  }
  return false;
}

function isAt({ units, length }: NormalisedText, at: number, word: readonly number[]): boolean {
  return at + word.length <= length && word.every((unit, index) => units[at + index] === unit);
}
