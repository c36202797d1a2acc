/** Hashes what a comment says, so that repeated texts are found without comparing them. */
import { createHash } from 'node:crypto';

/** What makes two comments say the same: their text without differences of white space and Unicode form. */
export function hashContent(content: string): string {
  const folded = content.normalize('NFC').trim().replace(/\s+/gu, ' ');
  return createHash('sha256').update(folded).digest('hex');
}

/** Where Discourse cuts what it reports, in characters (code points). */
const PREFIX_CHARACTERS = 32_000;

/** The hash of the beginning of a text that some client would cut, else null. */
export function hashPrefix(content: string): string | null {
  const text = content.trim();
  if (text.length <= PREFIX_CHARACTERS) return null;
  const characters = [...text];
  return characters.length <= PREFIX_CHARACTERS
    ? null
    : hashContent(characters.slice(0, PREFIX_CHARACTERS).join(''));
}
