/**
 * Decides what happens to a comment: one ordered list of rules over the filter's probability, the site's settings and
 * what is known of the author. First the refusals (nothing is stored), then the findings (all are kept as
 * reasons, so that a moderator can clear one rule's false positives); the strictest finding decides.
 */

import { findNameFault, type NameFault } from './author-name.ts';
import {
  type Disposition,
  type ScorableComment,
  type Thresholds,
  type Verdict,
  verdictOf,
} from './comment.ts';
import type { ReasonCode } from './reasons.ts';
import { findWord, type WordList } from './text/words.ts';

/** How the site wants its comments handled. Counts are of comments, times in seconds. */
export interface PolicySettings {
  readonly premoderate: boolean;
  readonly holdFirstTimeAuthors: boolean;
  /** Hold what other sites' programs send. */
  readonly holdTrackbacks: boolean;
  /** Hold comments whose author's name is an address or a trade. */
  readonly holdAdvertisingNames: boolean;
  /** A comment with more links than this is held. */
  readonly maxLinks: number;
  /** Two comments of one author or address within this time: the second is refused. 0 switches it off. */
  readonly floodSeconds: number;
  /** A form filled faster than this was not filled by a person. 0 switches it off. */
  readonly minimumSeconds: number;
  /** Held when this many of the author's last ten decided comments were rejected or spam. 0 switches it off. */
  readonly recentRejections: number;
  /** From this spam probability on, a proven filter's verdict goes to the trash instead of the spam folder. */
  readonly discardFrom: number;
}

export interface PolicyInput {
  readonly comment: ScorableComment;
  readonly linkCount: number;
  readonly settings: PolicySettings;
  readonly bannedWords: WordList;
  readonly suspectWords: WordList;
  /** What the site's own rules found; see rules.ts. */
  readonly ruleFindings?: readonly Finding[] | undefined;
  readonly postClosed: boolean;
  /** Whether every comment on the article is held, whatever the site's settings say. */
  readonly postPremoderated?: boolean | undefined;
  readonly duplicate: boolean;
  /** Seconds since the last comment of this author or address; null: none. */
  readonly secondsSinceLast: number | null;
  /** Whether another site's program sent it: its link is then the author's address. */
  readonly isTrackback?: boolean | undefined;
  readonly honeypotFilled: boolean;
  readonly elapsedSeconds: number | null;
  readonly author: { readonly approved: number; readonly recentRejected: number };
  /** null when scoring failed. */
  readonly spamProbability: number | null;
  readonly thresholds: Thresholds;
  /** Whether the filter's bound on blocked ham is proven on the site's own labels; else it may only hold. */
  readonly bounded: boolean;
}

export type RefusalCode = 'post_closed' | 'duplicate' | 'flood';
export interface Refusal {
  readonly code: RefusalCode;
  readonly retryAfterSeconds?: number;
}
/** A rule that fired: what it wants to happen, and why in a few words. */
export interface Finding {
  readonly rule: ReasonCode | `rule:${string}`;
  readonly disposition: Disposition;
  readonly detail: string;
}
export interface Policy {
  readonly refusal: Refusal | null;
  readonly verdict: Verdict;
  readonly disposition: Disposition;
  readonly reasons: readonly Finding[];
}

const refusals: readonly ((input: PolicyInput) => Refusal | null)[] = [
  (input) => (input.postClosed ? { code: 'post_closed' } : null),
  (input) => (input.duplicate ? { code: 'duplicate' } : null),
  ({ secondsSinceLast, settings }) =>
    secondsSinceLast !== null && secondsSinceLast < settings.floodSeconds
      ? { code: 'flood', retryAfterSeconds: Math.max(1, Math.ceil(settings.floodSeconds - secondsSinceLast)) }
      : null,
];

type Rule = (input: PolicyInput, verdict: Verdict) => Finding | readonly Finding[] | null;

const rules: readonly Rule[] = [
  // Signs that no person filled the form.
  honeypot,
  tooFast,
  // What the site's own lists say.
  bannedWord,
  suspectWord,
  links,
  siteRules,
  // Who sends it.
  trackback,
  authorName,
  // What is known of the author.
  firstTimeAuthor,
  recentRejections,
  // What the filter believes.
  spamProbability,
  premoderation,
];

/**
 * What is not asked of an author whom the site trusts. An address is not verified, so that anybody may write under it: what
 * looks like spam, and what the site's own lists say, counts all the same.
 */
const WAIVED: ReadonlySet<string> = new Set([
  'links',
  'author_name',
  'first_time_author',
  'recent_rejections',
  'unsure',
  'premoderation',
]);

const severity: Record<Disposition, number> = { publish: 0, hold: 1, spam: 2, discard: 3 };

/**
 * Decides. Never throws; `reasons` is empty exactly when the comment is published.
 *
 * A filter whose bound is not proven on the site's own labels holds what it believes to be spam.
 */
export function decidePolicy(input: PolicyInput): Policy {
  const verdict =
    input.spamProbability === null ? 'unsure' : verdictOf(input.spamProbability, input.thresholds);
  for (const refuse of refusals) {
    const refusal = refuse(input);
    if (refusal) return { refusal, verdict, disposition: 'hold', reasons: [] };
  }
  const findings = rules.flatMap((rule) => rule(input, verdict) ?? []);
  const isTrusted = findings.some(({ disposition }) => disposition === 'publish');
  const reasons = findings.filter(
    ({ rule, disposition }) => disposition !== 'publish' && !(isTrusted && WAIVED.has(rule)),
  );
  const disposition = reasons.reduce<Disposition>(
    (strictest, { disposition }) => (severity[disposition] > severity[strictest] ? disposition : strictest),
    'publish',
  );
  return { refusal: null, verdict, disposition, reasons };
}

function honeypot({ honeypotFilled, bounded }: PolicyInput, verdict: Verdict): Finding | null {
  if (!honeypotFilled) return null;
  // Password managers fill hidden fields, too: alone it holds, and only beside a proven filter's spam verdict it
  // marks spam. A filter whose bound is not proven takes nothing out of the queue, with a honeypot or without.
  const disposition = verdict === 'spam' && bounded ? 'spam' : 'hold';
  return { rule: 'honeypot', disposition, detail: 'a field that people cannot see was filled' };
}

function tooFast({ elapsedSeconds, settings }: PolicyInput): Finding | null {
  if (elapsedSeconds === null || elapsedSeconds >= settings.minimumSeconds) return null;
  return {
    rule: 'too_fast',
    disposition: 'hold',
    detail: `sent ${elapsedSeconds.toFixed(1)} s after the form was shown`,
  };
}

function bannedWord({ comment, bannedWords }: PolicyInput): Finding | null {
  const word = findInComment(bannedWords, comment);
  return word === null
    ? null
    : { rule: 'banned_word', disposition: 'discard', detail: `banned word “${word}”` };
}

function suspectWord({ comment, suspectWords }: PolicyInput): Finding | null {
  const word = findInComment(suspectWords, comment);
  return word === null
    ? null
    : { rule: 'suspect_word', disposition: 'hold', detail: `suspect word “${word}”` };
}

function findInComment(list: WordList, { content, authorName, authorUrl }: ScorableComment): string | null {
  return findWord(list, content) ?? findWord(list, authorName ?? '') ?? findWord(list, authorUrl ?? '');
}

function links({ comment, linkCount, isTrackback, settings }: PolicyInput): Finding | null {
  const count = linkCount + (isTrackback === true && comment.authorUrl !== undefined ? 1 : 0);
  if (count <= settings.maxLinks) return null;
  return { rule: 'links', disposition: 'hold', detail: `${count} links, ${settings.maxLinks} allowed` };
}

function trackback({ isTrackback, settings }: PolicyInput): Finding | null {
  if (isTrackback !== true || !settings.holdTrackbacks) return null;
  return { rule: 'trackback', disposition: 'hold', detail: 'a program of another site sent it' };
}

const NAME_FAULTS: Readonly<Record<NameFault, string>> = {
  address: 'the name is a web address',
  contact: 'the name is a mail address, a phone number or a handle',
  trade: 'the name advertises a trade',
};

function authorName({ comment, settings }: PolicyInput): Finding | null {
  const fault = settings.holdAdvertisingNames ? findNameFault(comment.authorName ?? '') : null;
  return fault === null ? null : { rule: 'author_name', disposition: 'hold', detail: NAME_FAULTS[fault] };
}

function siteRules({ ruleFindings = [] }: PolicyInput): readonly Finding[] {
  return ruleFindings;
}

function firstTimeAuthor({ author, settings }: PolicyInput): Finding | null {
  if (!settings.holdFirstTimeAuthors || author.approved > 0) return null;
  return { rule: 'first_time_author', disposition: 'hold', detail: 'no approved comment of this author yet' };
}

function recentRejections({ author, settings }: PolicyInput): Finding | null {
  if (settings.recentRejections === 0 || author.recentRejected < settings.recentRejections) return null;
  return {
    rule: 'recent_rejections',
    disposition: 'hold',
    detail: `${author.recentRejected} of the author's last ten comments were turned down`,
  };
}

function spamProbability(input: PolicyInput, verdict: Verdict): Finding | null {
  const { spamProbability: probability, bounded, settings } = input;
  if (probability === null)
    return { rule: 'not_scored', disposition: 'hold', detail: 'the filter failed on this comment' };
  if (verdict === 'ham') return null;
  const detail = `spam probability ${probability.toFixed(3)}`;
  if (verdict === 'unsure') return { rule: 'unsure', disposition: 'hold', detail };
  if (!bounded) return { rule: 'spam', disposition: 'hold', detail };
  return { rule: 'spam', disposition: probability >= settings.discardFrom ? 'discard' : 'spam', detail };
}

function premoderation({ settings, postPremoderated }: PolicyInput): Finding | null {
  const who = settings.premoderate ? 'the site' : 'this article';
  if (!settings.premoderate && postPremoderated !== true) return null;
  return {
    rule: 'premoderation',
    disposition: 'hold',
    detail: `${who} has every comment read before it is shown`,
  };
}
