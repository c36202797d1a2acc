/**
 * Kinds of words that call upon a reader: who, does what, with what of whose, for what gain.
 *
 * "Check out my channel", "see our page" and "watch my new video" share no word, but they are one sentence: a call to
 * look at what is mine. A filter that learnt it from one article's spam knows it under the next one. English only, the
 * words of advertising at large; other languages' comments have no such feature and lose nothing
 * (docs/decisions/0004-call-words.md).
 */
import { createNormalisedText, normaliseText } from '../text/normalise.ts';
import { hashStem } from '../text/stem.ts';
import { createTokenList, cutTokens } from '../text/tokens.ts';

/** The kinds; the place in this list is the kind's number. 0 is kept for how many kinds a comment has. */
export const CALL_KINDS = [
  'kinds',
  'mine',
  'yours',
  'look',
  'join',
  'deal',
  'place',
  'work',
  'please',
  'gain',
  'link',
] as const;

/** The kind of any link. */
export const CALL_LINK = 10;

const WORDS: readonly string[] = [
  "my our mine me i us we im i'm",
  'you your u ur guys everyone everybody yall',
  'check checkout watch visit see look listen view read come go click',
  'subscribe sub subs subscribing subscriber follow follower share vote join add support thumb like',
  'buy order get win earn make claim receive download call text txt reply send contact',
  'channel page site website link profile account playlist blog facebook instagram twitter',
  'video vid song track cover music mixtape album remix',
  'please pls plz',
  'free money cash dollar prize gift offer cheap discount deal price',
];

const kinds = new Map<number, number>();
const text = createNormalisedText();
const tokens = createTokenList();
for (const [index, words] of WORDS.entries()) {
  normaliseText(words, text);
  cutTokens(text, tokens);
  for (let token = 0; token < tokens.length; token++) {
    const start = tokens.starts[token];
    const hash = hashStem(text, start, tokens.ends[token], tokens.hashes[token]);
    kinds.set(hash, index + 1);
  }
}

/** The kind of a word, by the hash of its stem; 0: none. */
export function callKindOf(stemHash: number): number {
  return kinds.get(stemHash) ?? 0;
}
