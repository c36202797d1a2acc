/**
 * Web addresses in running text: `https://…`, `hxxp://…`, `www.…` and bare `host.tld/path`.
 *
 * Scanned by hand in linear time; a bare host counts when its suffix is in the public suffix list, so "you.Me" at a
 * sentence's seam rarely does and "murdev.com" does.
 */
import { parse } from 'tldts';
import { CLASS } from './fold-characters.ts';
import type { NormalisedText } from './normalised-text.ts';

const DOT = 46;
const HYPHEN = 45;
const SLASH = 47;
const COLON = 58;
const LONGEST_HOST = 253;

/** The offset behind the link that begins at the word starting at `start`, or 0 when none does. */
export function findLinkEnd(text: NormalisedText, start: number): number {
  const first = text.units[start];
  if (first === 104 || first === 102) {
    const host = schemeEnd(text, start);
    if (host > 0) return addressEnd(text, host);
  }
  const end = labelEnd(text, start);
  if (end >= text.length - 1 || text.units[end] !== DOT) return 0;
  if (first === 119 && end === start + 3 && text.units[start + 1] === 119 && text.units[start + 2] === 119) {
    return isHostUnit(text, end + 1) ? addressEnd(text, start) : 0;
  }
  return bareHostEnd(text, start, end);
}

/** Behind `http://`, `https://`, `hxxp://`, `ftp://`; 0 when it is none of them. */
function schemeEnd(text: NormalisedText, start: number): number {
  const limit = Math.min(text.length - 3, start + 6);
  for (let at = start + 3; at < limit; at++) {
    if (text.units[at] !== COLON) continue;
    if (text.units[at + 1] !== SLASH || text.units[at + 2] !== SLASH) return 0;
    const scheme = String.fromCharCode(...text.units.subarray(start, at));
    const known = scheme === 'http' || scheme === 'https' || scheme === 'hxxp' || scheme === 'hxxps';
    return (known || scheme === 'ftp') && isHostUnit(text, at + 3) ? at + 3 : 0;
  }
  return 0;
}

function isHostUnit(text: NormalisedText, at: number): boolean {
  if (at >= text.length) return false;
  const unitClass = text.classes[at];
  return (
    unitClass === CLASS.letter ||
    unitClass === CLASS.digit ||
    unitClass === CLASS.unspaced ||
    text.units[at] === HYPHEN
  );
}

function labelEnd(text: NormalisedText, start: number): number {
  let end = start;
  while (end < start + LONGEST_HOST && isHostUnit(text, end)) end += 1;
  return end;
}

/** `word.word…` whose suffix is a known one. */
function bareHostEnd(text: NormalisedText, start: number, firstDot: number): number {
  let end = firstDot;
  let lastDot = firstDot;
  while (end - start < LONGEST_HOST && text.units[end] === DOT && isHostUnit(text, end + 1)) {
    // A capital behind the dot begins a sentence: "Sirji.I am".
    if (text.capitals[end + 1] === 1 && text.capitals[start] === 0) break;
    lastDot = end;
    end = labelEnd(text, end + 1);
  }
  if (end === firstDot || end - lastDot < 3) return 0;
  const suffix = String.fromCharCode(...text.units.subarray(lastDot + 1, end));
  return isListedSuffix(suffix) ? addressEnd(text, start) : 0;
}

const HOST_ONLY = { extractHostname: false, validateHostname: false } as const;
const MOST_SUFFIXES = 4_096;
const suffixes = new Map<string, boolean>();

/** Only a listed suffix makes a link of two words and a dot. Remembered: a look-up costs more than the scan. */
export function isListedSuffix(suffix: string): boolean {
  const known = suffixes.get(suffix);
  if (known !== undefined) return known;
  const listed = suffix.length > 1 && parse(`a.${suffix}`, HOST_ONLY).isIcann === true;
  if (suffixes.size >= MOST_SUFFIXES) suffixes.clear();
  suffixes.set(suffix, listed);
  return listed;
}

/** To the next space, quote, bracket or unspaced letter; trailing punctuation belongs to the sentence. */
function addressEnd(text: NormalisedText, from: number): number {
  let end = from;
  while (end < text.length && !endsAddress(text, end)) end += 1;
  while (end > from + 1 && isTrailing(text.units[end - 1])) end -= 1;
  return end;
}

function endsAddress(text: NormalisedText, at: number): boolean {
  const unitClass = text.classes[at];
  if (unitClass === CLASS.space || unitClass === CLASS.newline || unitClass === CLASS.unspaced) return true;
  const unit = text.units[at];
  return (
    unit === 34 || unit === 60 || unit === 62 || unit === 40 || unit === 41 || unit === 91 || unit === 93
  );
}

/** . , ; : ! ? ' * */
function isTrailing(unit: number): boolean {
  return (
    unit === 46 ||
    unit === 44 ||
    unit === 59 ||
    unit === 58 ||
    unit === 33 ||
    unit === 63 ||
    unit === 39 ||
    unit === 42
  );
}
