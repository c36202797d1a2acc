/** An Akismet client asks about a comment, or corrects an answer. */
import type { Label } from '../core/comment.ts';
import { createId } from '../core/id.ts';
import type { Service } from '../service.ts';
import {
  deleteOppositeSample,
  findAkismetCheck,
  findResentComment,
  insertAkismetCheck,
  noteFeedback,
} from '../storage/akismet.ts';
import { type CommentRow, findComment } from '../storage/comments.ts';
import type { Transaction } from '../storage/database.ts';
import { findStandingDecisions } from '../storage/decisions.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { Actor } from './actor.ts';
import { keepCallbackKey } from './akismet-callback-key.ts';
import { checkComment, statusOf } from './check.ts';
import { decideComment } from './decide.ts';
import { canonicaliseEmail, pseudonymiseEmail } from './pseudonymise.ts';
import { RefusedError } from './refused-error.ts';
import { addSamples } from './samples.ts';
import { assessComment } from './score.ts';
import type { SiteContext } from './site-context.ts';
import { hashContent, type Submission } from './submission.ts';

/** What a client says of a comment beside the comment. */
export interface AkismetRequest {
  readonly comment: Submission;
  /** The host that the client names as its own. */
  readonly blog: string;
  readonly userRoles: readonly string[];
  readonly isTest: boolean;
  /** Why it is asked again; null: it is new. */
  readonly recheckReason: string | null;
  readonly guid: string | null;
  /** Where to tell a moderator's decision; checked by `isOwnCallback`. */
  readonly callback: string | null;
}

/** Who asks. `key` is what a callback has to name. */
export interface AkismetCaller {
  readonly actor: Actor;
  readonly key: string;
}

export interface AkismetAnswer {
  /** 32 hexadecimal digits. */
  readonly guid: string;
  readonly spam: boolean;
  /** Blatant: the client need not keep it. */
  readonly discard: boolean;
  /** null: this answer stands. */
  readonly recheckAfterSeconds: number | null;
  /** The comment as it is kept here; null: nothing was kept. */
  readonly commentId: string | null;
}

/** The documented way to get a certain answer; it is no comment, and nothing is learned from it. */
const TEST_AUTHOR = 'viagra-test-123';
const TEST_EMAIL = 'akismet-guaranteed-spam@example.com';

function isTestInput({ comment, isTest }: AkismetRequest): boolean {
  return isTest || asksForSpam(comment);
}

function asksForSpam({ authorName, authorEmail }: Submission): boolean {
  return authorName === TEST_AUTHOR || authorEmail?.toLowerCase() === TEST_EMAIL;
}

/**
 * Checks a comment and keeps it like any other submission, held ones in the queue. A test and what an administrator of
 * the site wrote are answered without being kept. A comment that is asked about again is answered by where it stands.
 */
export async function answerCheck(
  service: Service,
  site: SiteContext,
  caller: AkismetCaller,
  request: AkismetRequest,
): Promise<AkismetAnswer> {
  const id = createId(service.now().getTime(), service.random(10));
  if (isTestInput(request)) return answerTest(service, site, request, id);
  if (request.userRoles.includes('administrator')) {
    const answer = { guid: toGuid(id), ...HAM, commentId: null };
    await keepCheck(service, service.db, site, caller, request, id, answer);
    return answer;
  }
  const known = request.recheckReason === null ? null : await findMeant(service, site, request);
  if (known) {
    const answer = { guid: toGuid(id), ...answerOf(site, known), discard: false, commentId: known.id };
    await keepCheck(service, service.db, site, caller, request, id, answer);
    return answer;
  }
  let answer: AkismetAnswer | undefined;
  await checkComment(service, site, request.comment, {
    limitFlood: false,
    refuseNothing: true,
    onStored: async (trx, result) => {
      answer = { guid: toGuid(id), ...answerOf(site, result), commentId: result.id };
      await keepCheck(service, trx, site, caller, request, id, answer);
    },
  });
  if (!answer) throw new Error('a stored comment has an answer');
  return answer;
}

const HAM = { spam: false, discard: false, recheckAfterSeconds: null } as const;
const SPAM = { spam: true, discard: false, recheckAfterSeconds: null } as const;

function answerTest(service: Service, site: SiteContext, request: AkismetRequest, id: string): AkismetAnswer {
  const told = { guid: toGuid(id), commentId: null };
  const { comment } = request;
  if (asksForSpam(comment)) return { ...told, ...SPAM };
  if (request.userRoles.includes('administrator')) return { ...told, ...HAM };
  const { policy } = assessComment(
    service,
    site,
    { content: comment.content, authorName: comment.authorName, authorUrl: comment.authorUrl ?? undefined },
    {
      postClosed: false,
      duplicate: false,
      secondsSinceLast: null,
      honeypotFilled: (comment.honeypot ?? '') !== '',
      elapsedSeconds: null,
      author: { approved: 0, recentRejected: 0 },
    },
  );
  return { ...told, ...answerOf(site, { status: statusOf[policy.disposition], verdict: policy.verdict }) };
}

/** What a client is told of a comment that stands where this one does. */
export function answerOf(
  { settings }: Pick<SiteContext, 'settings'>,
  { status, verdict }: Pick<CommentRow, 'status' | 'verdict'>,
): Pick<AkismetAnswer, 'spam' | 'discard' | 'recheckAfterSeconds'> {
  if (status === 'approved') return HAM;
  if (status === 'trash') return { ...SPAM, discard: true };
  if (status === 'spam' || verdict === 'spam' || settings.akismet_unsure === 'spam') return SPAM;
  const recheck = settings.akismet_unsure === 'recheck';
  return { ...HAM, recheckAfterSeconds: recheck ? settings.akismet_recheck_seconds : null };
}

async function keepCheck(
  service: Service,
  db: Service['db'] | Transaction,
  site: SiteContext,
  caller: AkismetCaller,
  request: AkismetRequest,
  id: string,
  answer: AkismetAnswer,
): Promise<void> {
  if (request.callback !== null) await keepCallbackKey(service, db, caller);
  await insertAkismetCheck(db, {
    id,
    site_id: site.id,
    key_id: caller.actor.id,
    blog: request.blog,
    comment_id: answer.commentId,
    spam: answer.spam,
    feedback: null,
    callback: request.callback,
    created_at: service.now(),
  });
}

/** The comment that a client means: by the guid it was told, else by what it resends. */
async function findMeant(
  service: Service,
  site: SiteContext,
  { guid, comment }: AkismetRequest,
): Promise<CommentRow | null> {
  const id = guid === null ? null : fromGuid(guid);
  const check = id === null ? null : await findAkismetCheck(service.db, site.id, id);
  if (check && check.comment_id !== null) return await findComment(service.db, site.id, check.comment_id);
  if (comment.content.trim() === '') return null;
  const canonical = comment.authorEmail === null ? null : canonicaliseEmail(comment.authorEmail);
  return await findResentComment(service.db, site.id, {
    contentHash: hashContent(comment.content),
    authorName: comment.authorName,
    authorEmails:
      canonical === null ? [] : pseudonymiseEmail(service.config.pseudonymKeys, site.id, canonical).allStrict,
    dateGmt: comment.dateGmt,
  });
}

const decisionOf = { spam: 'spam', ham: 'approve' } as const;

/**
 * Takes a report: as a decision on the comment it is about, or as a sample when there is none. Decisions and samples
 * of a key count up to the site's daily cap (vote-cap.ts). A test input is thanked for and forgotten.
 */
export async function takeFeedback(
  service: Service,
  site: SiteContext,
  { actor }: AkismetCaller,
  request: AkismetRequest,
  label: Label,
): Promise<void> {
  if (isTestInput(request)) return;
  const meant = await findMeant(service, site, request);
  if (meant) {
    await noteFeedback(service.db, meant.id, label);
    await decideAsReported(service, site, actor, meant.id, label);
    return;
  }
  const { content, authorName, authorUrl } = request.comment;
  if (content.trim() === '') return;
  await inTransaction(service.db, (trx) => deleteOppositeSample(trx, site.id, hashContent(content), label));
  await addSamples(service, site.id, actor, 'akismet', [
    { content, label, authorName: authorName === '' ? null : authorName, authorUrl },
  ]);
}

/** The site's own moderator has looked: their word replaces an earlier one, and is not said twice. */
async function decideAsReported(
  service: Service,
  site: SiteContext,
  actor: Actor,
  commentId: string,
  label: Label,
): Promise<void> {
  const decision = decisionOf[label];
  // Twice at most: somebody may decide between the look and the decision.
  for (let tries = 1; tries <= 2; tries++) {
    const comment = await findComment(service.db, site.id, commentId);
    const standing = (await findStandingDecisions(service.db, [commentId])).get(commentId);
    if (!comment || standing?.decision === decision) return;
    try {
      await decideComment(service, site.id, actor, commentId, { decision, version: comment.version });
      return;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
  }
}

function toGuid(id: string): string {
  return id.replaceAll('-', '');
}

/** The id behind a guid, or null for what we never told. */
function fromGuid(guid: string): string | null {
  const hex = guid.trim().toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) return null;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
