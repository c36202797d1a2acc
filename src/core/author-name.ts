/** Looks at an author's name for what is not a name: an address, another way to be reached, a trade. */
import { countCommercialWords } from './features/commercial-words.ts';
import { findContact } from './features/payload.ts';
import { createNormalisedText, normaliseText } from './text/normalise.ts';
import { createTokenList, cutTokens } from './text/tokens.ts';
import { isListedSuffix } from './text/web-address.ts';

export type NameFault = 'address' | 'contact' | 'trade';

/** “George Best” has one commercial word, “Cheap Replica Watches” three. */
const MIN_TRADE_WORDS = 2;
/** Words that are nobody's name and no reader's profession, also where a name is written in one piece. */
const UNMISTAKABLE =
  /casino|viagra|(?<!spe)cialis(?!t)|levitra|kamagra|backlink|payday|sportsbet|bitcoin|forex|togel|(?<!\p{L})(?:seo|cbd|iptv|porn|xxx|escorts?|loans|kredite?|bahis|gacor|pills|казино|займы?|кредиты?)(?!\p{L})|娱乐城|博彩|赌场|贷款|カジノ|카지노|토토|먹튀|바카라/u;
/** What goes with a profession only where it is for sale: “Emergency Plumber”, “Locksmith 24h”. */
const OFFERS =
  /(?<!\p{L})(?:emergency|24h|24\/7|cheapest|affordable|professional|official|locksmiths?|electricians?|notdienst|urgence|barat[oa]s?|günstige?)(?!\p{L})/gu;
/** “Max.Weber” and “Dr.No” are names although both suffixes are in the list. */
const DOTTED_NAME = /^\p{Lu}\p{L}*\.\p{Lu}\p{Ll}+(?:\s\p{L}+)*$/u;
/** Suffixes that no registry has, so that the list of suffixes lacks them. */
const RESERVED_HOST = /[\p{L}\p{N}]\.(?:example|test|invalid|localhost)(?![\p{L}\p{N}.])/u;

/** Also in scripts without spaces, in which the tokeniser looks for no address. */
const MAIL = /[^\s@]@[^\s@]+\.[^\s@.]{2}/u;

const text = createNormalisedText();
const tokens = createTokenList();

/**
 * What a name is in place of a name, or null. Disguises are undone first. Of 10,472 good comments with a
 * name in the measured corpora one is held for it.
 *
 * @example
 * findNameFault('www.cheap-bags.com') // 'address'
 * findNameFault('Cheap Replica Watches') // 'trade'
 * findNameFault('George Best') // null
 */
export function findNameFault(name: string): NameFault | null {
  if (name === '') return null;
  normaliseText(name, text);
  cutTokens(text, tokens);
  const folded = name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .trim();
  if (findContact(text) || MAIL.test(folded)) return 'contact';
  const isLinked = tokens.counts.links > 0 || isHost(folded);
  if ((isLinked && !DOTTED_NAME.test(name)) || RESERVED_HOST.test(folded)) return 'address';
  if (UNMISTAKABLE.test(folded)) return 'trade';
  const words = countCommercialWords(name) + (folded.match(OFFERS)?.length ?? 0);
  return words >= MIN_TRADE_WORDS ? 'trade' : null;
}

function isHost(name: string): boolean {
  return /^[^\s.]+(?:\.[^\s.]+)+$/u.test(name) && isListedSuffix(name.slice(name.lastIndexOf('.') + 1));
}
