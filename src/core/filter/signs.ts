/**
 * Signs: what moved a score, put so that it can be said in a sentence.
 *
 * The filter's evidence has hundreds of entries a comment, two of three with names such as `shape:ends-with=4`. Those
 * that say the same are one sign here, with a code that the strings of each language turn into words.
 */
import { parseUrl } from '../parse-url.ts';
import { findLinks } from '../text/links.ts';
import type { Place } from './highlight.ts';
import { extendToWords } from './marks.ts';

export const SIGN_CODES = [
  'asks_to_look',
  'asks_to_subscribe',
  'asks_to_buy',
  'promises_gain',
  'promotes_place',
  'addresses_readers',
  'no_links',
  'links',
  'short_links',
  'host',
  'capitals',
  'exclamations',
  'questions',
  'numbers',
  'symbols',
  'repeats',
  'mixed_scripts',
  'styled_letters',
  'hidden_characters',
  'short_text',
  'long_text',
  'author_name',
  'author_address',
  'phrase',
  'off_article',
  'style',
] as const;
export type SignCode = (typeof SIGN_CODES)[number];

export interface Sign {
  readonly code: SignCode;
  readonly toward: 'spam' | 'ham';
  /** How many there are, such as links; null where nothing is counted. */
  readonly count: number | null;
  /** Words of the comment or the host that it is about; null where the code says it all. */
  readonly words: string | null;
}

interface SpokenEvidence {
  readonly feature: string;
  readonly group: string;
  readonly logOdds: number;
  readonly place: Place | null;
}

/** What the evidence does not say. */
interface SignFacts {
  readonly content: string;
  readonly postTitle: string | null;
  /** Whether the filter takes it for a good comment. */
  readonly isHam: boolean;
}

const MOST_SIGNS = 5;
/** Log-odds of a sign that is worth a sentence: 0.3 moves a spam probability of 50 % to 57 %. */
const LEAST_LOG_ODDS = 0.3;
const SHORT_CHARACTERS = 60;
const LONG_CHARACTERS = 800;

const CALLS: ReadonlyMap<string, SignCode> = new Map(
  Object.entries({
    look: 'asks_to_look',
    join: 'asks_to_subscribe',
    deal: 'asks_to_buy',
    gain: 'promises_gain',
    place: 'promotes_place',
    work: 'promotes_place',
    mine: 'promotes_place',
    yours: 'addresses_readers',
    please: 'addresses_readers',
    kinds: 'addresses_readers',
    link: 'links',
  }),
);

const SHAPES: ReadonlyMap<string, SignCode> = new Map(
  Object.entries({
    links: 'links',
    capitals: 'capitals',
    'capital-words': 'capitals',
    exclamations: 'exclamations',
    questions: 'questions',
    digits: 'numbers',
    'longest-number': 'numbers',
    emoji: 'symbols',
    symbols: 'symbols',
    'symbol-share': 'symbols',
    repeats: 'repeats',
    'mixed-scripts': 'mixed_scripts',
    'styled-letters': 'styled_letters',
    invisible: 'hidden_characters',
    hidden: 'hidden_characters',
  }),
);

const PHRASES: ReadonlySet<string> = new Set(['word', 'bigram', 'skip', 'edge', 'char', 'part']);
const SHORTENERS: ReadonlySet<string> = new Set(
  'bit.ly goo.gl tinyurl.com t.co ow.ly is.gd buff.ly cutt.ly rebrand.ly shorturl.at t.ly rb.gy lnkd.in'.split(
    ' ',
  ),
);

/** The strongest signs, strongest first, at most five. */
export function listSigns(evidence: readonly SpokenEvidence[], facts: SignFacts): Sign[] {
  const sums = new Map<
    string,
    { code: SignCode; toward: Sign['toward']; sum: number; best: SpokenEvidence }
  >();
  const links = findLinks(facts.content);
  for (const one of evidence) {
    const code = codeOf(one, facts, links.length);
    if (code === null) continue;
    const side = one.logOdds > 0 ? 'spam' : 'ham';
    // Of one thing there is one sign, whichever way it points in all; phrases point both ways.
    const key = code === 'phrase' || code === 'host' ? `${code} ${side}` : code;
    const known = sums.get(key);
    const isBest = known === undefined || weightOf(one) > weightOf(known.best);
    sums.set(key, {
      code,
      toward: side,
      sum: (known?.sum ?? 0) + one.logOdds,
      best: isBest ? one : known.best,
    });
  }
  const signs = [...sums.values()]
    .filter(({ sum }) => Math.abs(sum) >= LEAST_LOG_ODDS)
    .sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum))
    .map(({ code, sum, best }) => toSign(code, sum > 0 ? 'spam' : 'ham', best, facts));
  const told = signs
    .filter(({ code, toward }) => toward === 'spam' || !SPAM_ONLY.has(code))
    .filter(isTrue(facts, links));
  const spoken = told.some(({ code }) => code !== 'style')
    ? told.filter(({ code }) => code !== 'style')
    : told;
  const off = isOffArticle(facts) ? [{ ...NOTHING_MORE, code: 'off_article', toward: 'spam' } as const] : [];
  return [...spoken.slice(0, MOST_SIGNS - off.length), ...off];
}

/** That such a sign is weaker here than in most spam is nothing to tell: “asks you to buy” is no mark of a good comment. */
const SPAM_ONLY: ReadonlySet<SignCode> = new Set([
  'asks_to_look',
  'asks_to_subscribe',
  'asks_to_buy',
  'promises_gain',
  'promotes_place',
  'addresses_readers',
  'short_links',
  'capitals',
  'exclamations',
  'repeats',
  'mixed_scripts',
  'styled_letters',
  'hidden_characters',
]);

const LEAST_QUOTED = 4;
const NOTHING_MORE = { count: null, words: null };

/** Two words say more than one, and a whole word more than a part of it; what cannot be quoted is worth little. */
function weightOf({ group, logOdds, place }: SpokenEvidence): number {
  if (place !== null && place.end - place.start < LEAST_QUOTED) return Math.abs(logOdds) * 0.1;
  const worth = group === 'bigram' ? 1.5 : group === 'char' || group === 'part' ? 0.3 : 1;
  return Math.abs(logOdds) * worth;
}

function codeOf({ feature, group }: SpokenEvidence, { content }: SignFacts, links: number): SignCode | null {
  const name = feature.slice(feature.indexOf(':') + 1);
  const kind = name.slice(0, name.indexOf('=') < 0 ? undefined : name.indexOf('='));
  if (PHRASES.has(group)) return 'phrase';
  if (group === 'call') return CALLS.get(kind) ?? null;
  if (group === 'url') return kind === 'host' || kind === 'domain' ? 'host' : 'links';
  if (group === 'number') return 'numbers';
  if (group === 'symbol') return 'symbols';
  if (group === 'author')
    return /^(domain|host|suffix|path|path-length)=/.test(name) ? 'author_address' : 'author_name';
  if (group === 'form') return kind.startsWith('links') ? 'links' : 'style';
  if (group !== 'shape') return null;
  const known = SHAPES.get(kind);
  if (known === 'links') return links === 0 ? 'no_links' : 'links';
  if (known !== undefined) return known;
  if (kind !== 'characters' && kind !== 'words') return 'style';
  return content.length < SHORT_CHARACTERS
    ? 'short_text'
    : content.length > LONG_CHARACTERS
      ? 'long_text'
      : 'style';
}

function toSign(code: SignCode, toward: Sign['toward'], best: SpokenEvidence, { content }: SignFacts): Sign {
  if (code === 'links') {
    const links = findLinks(content);
    const isShortened = links.some(({ url }) => SHORTENERS.has(parseUrl(url)?.hostname ?? ''));
    return { code: isShortened ? 'short_links' : code, toward, count: links.length, words: null };
  }
  if (code === 'host')
    return { code, toward, count: null, words: best.feature.replace(/^.*?[=:]+(?=[^=:]*$)/, '') };
  if (code !== 'phrase' || best.place === null) return { code, toward, ...NOTHING_MORE };
  const { start, end } = extendToWords(content, best.place);
  return { code, toward, count: null, words: content.slice(start, end).replace(/\s+/g, ' ') };
}

const LONGEST_PHRASE = 60;
const NUMBER = /\d/;
/** A quoted phrase has one word that is no article or pronoun; "and" is typical of nothing. */
const LONG_WORD = /[\p{L}\p{M}]{4}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Of a text without links, exclamation marks or digits nobody is told that it has some, which the lack of them says too. */
function isTrue({ content }: SignFacts, links: readonly unknown[]): (sign: Sign) => boolean {
  return ({ code, words }) => {
    switch (code) {
      case 'links':
      case 'short_links':
        return links.length > 0;
      case 'phrase':
        return words !== null && words.length <= LONGEST_PHRASE && LONG_WORD.test(words);
      case 'exclamations':
        return content.includes('!');
      case 'questions':
        return content.includes('?');
      case 'numbers':
        return NUMBER.test(content);
      case 'symbols':
        return /\p{S}|\p{Extended_Pictographic}/u.test(content);
      case 'capitals':
        return /\p{Lu}{3}/u.test(content);
      case 'repeats':
        return /(.)\1\1/u.test(content);
      case 'mixed_scripts':
        return /\p{Script=Latin}/u.test(content) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(content);
      case 'styled_letters':
        return /[\u{1d400}-\u{1d7ff}\u{ff21}-\u{ff5a}\u{24b6}-\u{24e9}\u{1f130}-\u{1f189}]/u.test(content);
      case 'hidden_characters':
        return /[\p{Cf}\p{Variation_Selector}]/u.test(content);
      default:
        return true;
    }
  };
}

const LEAST_TITLE_WORDS = 2;
const LEAST_WORDS = 8;
const STEM_LETTERS = 5;

/** Whether a doubtful comment of some length shares no word with the title of its article. */
function isOffArticle({ content, postTitle, isHam }: SignFacts): boolean {
  if (isHam || postTitle === null) return false;
  const title = stemsOf(postTitle);
  const own = stemsOf(content);
  if (title.size < LEAST_TITLE_WORDS || own.size < LEAST_WORDS) return false;
  return ![...title].some((stem) => own.has(stem));
}

/** Words of four letters or more by their first five, so that forms of one word are one. */
function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]{4,}/gu) ?? [];
  return new Set(words.map((word) => word.slice(0, STEM_LETTERS)));
}
