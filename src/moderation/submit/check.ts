/** A comment arrives: pseudonymise, look around, score, decide, store. */

import type { Disposition, Status, Verdict } from '../../core/comment.ts';
import { createId } from '../../core/id.ts';
import {
  NEAR_DUPLICATE_SIMILARITY,
  nearDuplicateSignature,
  similarity,
} from '../../core/near-duplicates/near-duplicate.ts';
import type { Refusal } from '../../core/policy.ts';
import type { Service } from '../../service.ts';
import {
  type CommentRow,
  findComment,
  findNearDuplicates,
  insertComment,
  isDuplicate,
  lockSubmission,
  readAuthorHistory,
  readLastSubmission,
  renewPseudonyms,
} from '../../storage/comments.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { appendEvents } from '../../storage/events.ts';
import { type PostRow, upsertPost } from '../../storage/posts.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { assessInShadow, storeShadowScore } from '../learn/shadow.ts';
import { emailDomainOf } from '../privacy/pseudonymise.ts';
import { RefusedError } from '../refused-error.ts';
import { enqueue, isAuditDraw } from '../site/enqueue.ts';
import { type Assessment, assessComment, NOTHING_TO_REFUSE } from '../site/score.ts';
import { assessmentColumns, signatureColumns } from '../site/scored-columns.ts';
import type { SiteContext } from '../site/site-context.ts';
import type { RuleCircumstances } from '../site/site-rules.ts';
import { isDisposableDomain } from './disposable-email.ts';
import { requireProof, spendProof } from './proof-of-work.ts';
import { type PseudonymousComment, pseudonymiseSubmission, type Submission } from './submission.ts';

/** What the site is told. */
export interface CheckResult {
  readonly id: string;
  readonly status: Status;
  readonly verdict: Verdict;
  readonly disposition: Disposition;
  /** null when scoring failed and the comment is held for that. */
  readonly spam_probability: number | null;
  /** The rules that fired, in the order of the policy; empty when the comment is published. */
  readonly reasons: readonly string[];
  readonly model_version: string;
}

export interface CheckOptions {
  /** A backlog sent in one go is not a flood. */
  readonly limitFlood?: boolean;
  /** A caller that only asks for a verdict is never refused: no duplicate, no flood, no closed post. */
  readonly refuseNothing?: boolean;
  /** false: whoever asks publishes it or not, and the public never sees it here. */
  readonly listed?: boolean;
  /** Given when the comment comes from a form in a page: the proof of work it brought, null for none. */
  readonly altcha?: string | null;
  /** Runs in the transaction that stores the comment, such as keeping the answer for a repeated request. */
  readonly onStored?: (trx: Transaction, result: CheckResult) => Promise<void>;
}

/** Where a comment stands when it has just come. */
export const statusOf: Record<Disposition, Status> = {
  publish: 'approved',
  hold: 'hold',
  spam: 'spam',
  discard: 'trash',
};

/**
 * Checks and stores a comment.
 *
 * @throws {RefusedError} `post_closed`, `duplicate`, `flood` (with `retry_after` seconds), `parent_not_found` or
 *   `proof_of_work_required`; nothing is stored then.
 */
export async function checkComment(
  service: Service,
  site: SiteContext,
  submission: Submission,
  options: CheckOptions = {},
): Promise<CheckResult> {
  const { altcha } = options;
  const proof = altcha === undefined ? null : await requireProof(service, site, altcha);
  const comment = pseudonymiseSubmission(service, site, submission);
  return await inTransaction(service.db, async (trx) => {
    const now = service.now();
    const { refuseNothing = false, limitFlood: wanted = true } = options;
    const limitFlood = wanted && !refuseNothing && site.settings.flood_seconds > 0;
    const { authorKeys, contentHash } = comment;
    const floodKeys = limitFlood ? [...authorKeys.loose, ...authorKeys.ip] : [];
    await lockSubmission(trx, site.id, comment.post, contentHash, floodKeys);
    const post = await upsertPost(
      trx,
      {
        site_id: site.id,
        id: comment.post,
        url: comment.postUrl,
        title: comment.postTitle,
        closed_at: null,
        created_at: now,
      },
      comment.isFromPage !== true,
    );
    await requireParent(trx, site, comment);
    const around = await lookAround(trx, site, comment, post, now, limitFlood);
    const circumstances = refuseNothing ? { ...around, ...NOTHING_TO_REFUSE } : around;
    const { content, authorName, authorUrl } = comment;
    const scorable = { content, authorName, authorUrl: authorUrl ?? undefined };
    const ruleCircumstances = await lookForRules(site, submission, comment, post, now);
    const known = { ...circumstances, ruleCircumstances };
    const assessment = assessComment(service, site, scorable, known);
    if (assessment.policy.refusal) throw refuse(assessment.policy.refusal);
    if (proof) await spendProof(trx, site.id, proof);
    await leaveOldKeysBehind(trx, site, comment);
    const row = await storeComment(service, trx, site, comment, assessment, now, options.listed ?? true);
    await storeShadowScore(trx, site, row, assessInShadow(service, site, scorable, known));
    const result = toResult(row, assessment);
    await options.onStored?.(trx, result);
    return result;
  });
}

async function requireParent(
  trx: Transaction,
  site: SiteContext,
  comment: PseudonymousComment,
): Promise<void> {
  if (comment.parent === null) return;
  const parent = await findComment(trx, site.id, comment.parent);
  if (parent?.post_id !== comment.post) {
    throw new RefusedError('parent_not_found', 'The parent is no comment on the same post.');
  }
}

/** Processes differ by less in what time it is. */
const CLOCK_SKEW_MS = 60_000;

async function lookAround(
  trx: Transaction,
  site: SiteContext,
  comment: PseudonymousComment,
  post: PostRow,
  now: Date,
  limitFlood: boolean,
) {
  const { authorKeys } = comment;
  const duplicate = await isDuplicate(
    trx,
    site.id,
    comment.post,
    comment.contentHash,
    comment.authorName,
    authorKeys.strict,
  );
  const author = await readAuthorHistory(trx, site.id, authorKeys.loose);
  // What seems to be of the future was written before the clock was set back: nobody waits until it is there again.
  const latest = new Date(now.getTime() + CLOCK_SKEW_MS);
  const last = limitFlood ? await readLastSubmission(trx, site.id, authorKeys, latest) : null;
  return {
    postClosed: isClosed(post, site, now),
    duplicate,
    secondsSinceLast: last === null ? null : Math.max(0, (now.getTime() - last.getTime()) / 1000),
    honeypotFilled: (comment.honeypot ?? '') !== '',
    elapsedSeconds: comment.elapsedMs === null ? null : comment.elapsedMs / 1000,
    author: { approved: author.approved, recentRejected: author.recentRejected },
  };
}

/** What the site's own rules may know: the addresses in clear are gone after this. */
async function lookForRules(
  site: SiteContext,
  { authorEmail, authorIp, honeypot, elapsedMs }: Submission,
  { authorKeys }: PseudonymousComment,
  post: PostRow,
  now: Date,
): Promise<RuleCircumstances> {
  if (site.rules.length === 0) return {};
  const emailDomain = authorEmail === null ? null : emailDomainOf(authorEmail);
  const asksDisposable = site.rules.some(({ definition }) => definition.kind === 'disposable_email');
  return {
    authorKeys: authorKeys.loose,
    ip: authorIp,
    emailDomain,
    disposableEmail: asksDisposable && emailDomain !== null ? await isDisposableDomain(emailDomain) : null,
    honeypotFilled: (honeypot ?? '') !== '',
    elapsedSeconds: elapsedMs === null ? null : elapsedMs / 1000,
    threadAgeDays: Math.max(0, (now.getTime() - post.created_at.getTime()) / 86_400_000),
  };
}

function isClosed(post: PostRow, site: SiteContext, now: Date): boolean {
  if (post.closed_at !== null && post.closed_at <= now) return true;
  const days = site.settings.close_after_days;
  return days !== null && now.getTime() - post.created_at.getTime() >= days * 86_400_000;
}

function refuse(refusal: Refusal): RefusedError {
  switch (refusal.code) {
    case 'post_closed':
      return new RefusedError('post_closed', 'This post takes no more comments.');
    case 'duplicate':
      return new RefusedError('duplicate', 'This author has said the same on this post already.');
    case 'flood':
      return new RefusedError('flood', 'This author comments too quickly: try again later.', {
        retry_after: refusal.retryAfterSeconds,
      });
  }
}

async function leaveOldKeysBehind(
  trx: Transaction,
  site: SiteContext,
  { email, emailLoose, ip, authorKeys }: PseudonymousComment,
): Promise<void> {
  if (email !== null) await renewPseudonyms(trx, site.id, 'author_email', email, authorKeys.strict.slice(1));
  if (emailLoose !== null) {
    await renewPseudonyms(trx, site.id, 'author_email_loose', emailLoose, authorKeys.loose.slice(1));
  }
  if (ip !== null) await renewPseudonyms(trx, site.id, 'author_ip', ip, authorKeys.ip.slice(1));
}

async function storeComment(
  service: Service,
  trx: Transaction,
  site: SiteContext,
  comment: PseudonymousComment,
  assessment: Assessment,
  now: Date,
  listed: boolean,
): Promise<CommentRow> {
  const { policy } = assessment;
  const id = createId(now.getTime(), service.random(10));
  const signature = nearDuplicateSignature(comment.content);
  const status = statusOf[policy.disposition];
  const row = await insertComment(trx, {
    id,
    site_id: site.id,
    post_id: comment.post,
    parent_id: comment.parent,
    author_name: comment.authorName,
    author_url: comment.authorUrl,
    author_user_agent: comment.authorUserAgent,
    referrer: comment.referrer,
    author_email: comment.email,
    author_email_loose: comment.emailLoose,
    author_ip: comment.ip,
    content: comment.content,
    content_hash: comment.contentHash,
    prefix_hash: comment.prefixHash,
    date_gmt: comment.dateGmt ?? now,
    created_at: now,
    updated_at: now,
    status,
    ...assessmentColumns(site, assessment),
    label: null,
    label_by: null,
    listed,
    ...signatureColumns(signature),
    campaign_id: await findCampaign(trx, site.id, comment.content, signature.bands, id),
  });
  const drawn = status !== 'hold' && isAuditDraw(service, site);
  if (status === 'hold' || drawn) {
    const rules = policy.reasons.map(({ rule }) => rule);
    await enqueue(trx, row, now, rules, drawn ? site.settings.audit_share : null);
  }
  await appendEvents(trx, [
    {
      siteId: site.id,
      kind: 'comment.received',
      subject: row.id,
      data: { post: row.post_id, status, verdict: policy.verdict },
      at: now,
    },
  ]);
  return row;
}

/** The campaign of the near-copies that are there, else a new one of this comment's own. */
async function findCampaign(
  trx: Transaction,
  siteId: string,
  content: string,
  bands: readonly number[],
  ownId: string,
): Promise<string | null> {
  if (bands.length === 0) return null;
  for (const other of await findNearDuplicates(trx, siteId, bands)) {
    if (similarity(content, other.content) >= NEAR_DUPLICATE_SIMILARITY) return other.campaign_id ?? other.id;
  }
  return ownId;
}

function toResult(row: CommentRow, { policy }: Assessment): CheckResult {
  return {
    id: row.id,
    status: row.status,
    verdict: row.verdict,
    disposition: row.disposition,
    spam_probability: row.spam_probability,
    reasons: policy.reasons.map(({ rule }) => rule),
    model_version: row.model_version,
  };
}
