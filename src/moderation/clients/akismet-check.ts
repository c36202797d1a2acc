/** An Akismet client asks about a comment, or corrects an answer. */
import type { Insertable } from 'kysely';
import type { Label } from '../../core/comment.ts';
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import {
  deleteOppositeSample,
  findAkismetCheck,
  findResentComment,
  insertAkismetCheck,
  noteFeedback,
} from '../../storage/clients/akismet.ts';
import { type CommentRow, findComment } from '../../storage/comments.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { findStandingDecisions } from '../../storage/queue/decisions.ts';
import type { AkismetCheckTable } from '../../storage/schema/clients.ts';
import type { Actor } from '../actor.ts';
import { addSamples } from '../learn/samples.ts';
import { type AkismetCaller, keepCallbackKey } from '../outgoing/akismet-callback-key.ts';
import { pseudonymsOf } from '../privacy/pseudonymise.ts';
import { decideComment } from '../queue/decide.ts';
import { RefusedError } from '../refused-error.ts';
import { hashContent } from '../site/content-hash.ts';
import type { SiteContext } from '../site/site-context.ts';
import { checkComment } from '../submit/check.ts';
import type { CheckResult } from '../submit/check-result.ts';
import {
  type AkismetAnswer,
  type AkismetRequest,
  type AkismetVerdict,
  answerOf,
  fromGuid,
  HAM,
  toGuid,
} from './akismet-answer.ts';
import { answerUnkept, isTestInput } from './akismet-test-calls.ts';

/**
 * Checks a comment and keeps it like any other submission, held ones in the queue. What an administrator of the site
 * wrote is answered without being kept. A comment that is asked about again is answered by where it stands, and like a new
 * one when its text is another now.
 */
export async function answerCheck(
  service: Service,
  site: SiteContext,
  caller: AkismetCaller,
  request: AkismetRequest,
): Promise<AkismetAnswer> {
  const guid = createId(service.now().getTime(), service.random(10));
  const unkept = answerUnkept(service, site, request);
  if (unkept) return { guid: toGuid(guid), commentId: null, ...unkept };
  if (request.callback !== null) await keepCallbackKey(service, service.db, caller);
  const known = await answerKnown(service, site, request);
  const { verdict, commentId } = known ?? (await checkNew(service, site, caller, request, guid));
  if (known)
    await insertAkismetCheck(service.db, toCheckRow(service, site, caller, request, { guid, ...known }));
  return { guid: toGuid(guid), ...verdict, commentId };
}

interface Answered {
  readonly verdict: AkismetVerdict;
  /** The comment as it is kept here; null: nothing was kept. */
  readonly commentId: string | null;
}

/** The answer that needs no check; null: this is a new comment. */
async function answerKnown(
  service: Service,
  site: SiteContext,
  request: AkismetRequest,
): Promise<Answered | null> {
  if (request.userRoles.includes('administrator')) return { verdict: HAM, commentId: null };
  const same = request.recheckReason === null ? null : await findSame(service, site, request);
  return same && { verdict: { ...answerOf(site, same), discard: false }, commentId: same.id };
}

async function checkNew(
  service: Service,
  site: SiteContext,
  caller: AkismetCaller,
  request: AkismetRequest,
  guid: string,
): Promise<Answered> {
  const answered = (result: CheckResult) => ({ verdict: answerOf(site, result), commentId: result.id });
  const result = await checkComment(service, site, request.comment, {
    limitFlood: false,
    refuseNothing: true,
    listed: false,
    along: (stored) => ({
      akismetCheck: toCheckRow(service, site, caller, request, { guid, ...answered(stored) }),
    }),
  });
  return answered(result);
}

function toCheckRow(
  service: Service,
  site: SiteContext,
  caller: AkismetCaller,
  request: AkismetRequest,
  { guid, verdict, commentId }: Answered & { readonly guid: string },
): Insertable<AkismetCheckTable> {
  return {
    id: guid,
    site_id: site.id,
    key_id: caller.actor.id,
    blog: request.blog,
    comment_id: commentId,
    spam: verdict.spam,
    feedback: null,
    callback: request.callback,
    created_at: service.now(),
  };
}

/**
 * The comment that is asked about again, with the text it has now: an edited one was checked under a guid of its own, and
 * the client may still have the first.
 */
async function findSame(
  service: Service,
  site: SiteContext,
  request: AkismetRequest,
): Promise<CommentRow | null> {
  const meant = await findMeant(service, site, request);
  if (meant === null || saysTheSame(meant, request.comment.content)) return meant;
  return await findResent(service, site, request);
}

/** Whether a comment still has the text that was sent with its guid; without a text the guid alone says which is meant. */
function saysTheSame({ content_hash, prefix_hash }: CommentRow, content: string): boolean {
  return content.trim() === '' || [content_hash, prefix_hash].includes(hashContent(content));
}

/** The comment that a client means: by the guid it was told, else by what it resends. */
async function findMeant(
  service: Service,
  site: SiteContext,
  request: AkismetRequest,
): Promise<CommentRow | null> {
  const id = request.guid === null ? null : fromGuid(request.guid);
  const check = id === null ? null : await findAkismetCheck(service.db, site.id, id);
  if (check && check.comment_id !== null) return await findComment(service.db, site.id, check.comment_id);
  return await findResent(service, site, request);
}

async function findResent(
  service: Service,
  site: SiteContext,
  { comment }: AkismetRequest,
): Promise<CommentRow | null> {
  if (comment.content.trim() === '') return null;
  const { authorKeys } = pseudonymsOf(service.config.pseudonymKeys, site.id, comment);
  return await findResentComment(service.db, site.id, {
    contentHash: hashContent(comment.content),
    authorName: comment.authorName,
    authorEmails: authorKeys.strict,
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
