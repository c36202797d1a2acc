/** Stores the comments that were checked together. */
import type { Insertable } from 'kysely';
import { STATUS_OF } from '../../core/comment.ts';
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import type { ShadowScoreTable } from '../../storage/schema/learn.ts';
import type { QueueItemTable } from '../../storage/schema/queue.ts';
import {
  type KeptAnswer,
  type NewComment,
  type RepeatableRequest,
  renewPseudonyms,
  storeChecked,
} from '../../storage/submissions.ts';
import { assessInShadow, toShadowScore } from '../learn/shadow.ts';
import { isAuditDraw, toQueueItem } from '../site/enqueue.ts';
import type { Assessment, Circumstances as Known } from '../site/score.ts';
import { assessmentColumns, signatureColumns } from '../site/scored-columns.ts';
import type { CheckResult } from './check-result.ts';
import type { Circumstances, GroupCircumstances } from './circumstances.ts';
import { keepAnswer } from './idempotency.ts';
import type { Check } from './prepare-check.ts';

/** A comment that is accepted, as it is going to be stored. */
export interface CheckedComment {
  readonly check: Check;
  readonly row: NewComment;
  readonly queueItem: Insertable<QueueItemTable> | null;
  readonly shadowScore: Insertable<ShadowScoreTable> | null;
  readonly result: CheckResult;
  /** What a repeat of the request is going to be answered; null: it cannot be repeated. */
  readonly answer: (RepeatableRequest & KeptAnswer) | null;
}

export interface Judged {
  readonly circumstances: Circumstances;
  /** The same as the policy was told it. */
  readonly known: Known;
  readonly assessment: Assessment;
  readonly now: Date;
}

export function toCheckedComment(service: Service, check: Check, judged: Judged): CheckedComment {
  const { site } = check;
  const { policy } = judged.assessment;
  const row = toRow(service, check, judged);
  const reasons = policy.reasons.map(({ rule }) => rule);
  const drawn = row.status !== 'hold' && isAuditDraw(service, site);
  const auditShare = drawn ? site.settings.audit_share : null;
  const shadow = assessInShadow(service, site, check.scorable, judged.known);
  const result: CheckResult = {
    id: row.id,
    status: row.status,
    verdict: row.verdict,
    disposition: row.disposition,
    spam_probability: row.spam_probability ?? null,
    reasons,
    model_version: row.model_version,
  };
  return {
    check,
    row,
    queueItem:
      row.status === 'hold' || drawn ? toQueueItem(row, { since: judged.now, reasons, auditShare }) : null,
    shadowScore: toShadowScore(site, row, shadow),
    result,
    answer: check.request && keepAnswer(check.request, result, judged.now),
  };
}

function toRow(
  service: Service,
  { site, comment, signature, options }: Check,
  { circumstances, assessment, now }: Judged,
): NewComment {
  const id = createId(now.getTime(), service.random(10));
  return {
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
    status: STATUS_OF[assessment.policy.disposition],
    ...assessmentColumns(site, assessment),
    version: 1,
    listed: options.listed ?? true,
    comment_type: comment.commentType ?? null,
    ...signatureColumns(signature),
    campaign_id: signature.bands.length === 0 ? null : (circumstances.campaign ?? id),
  };
}

/** All of it or nothing. */
export async function storeGroup(
  trx: Transaction,
  accepted: readonly CheckedComment[],
  around: GroupCircumstances,
): Promise<void> {
  if (accepted.length === 0) return;
  await renewPseudonyms(
    trx,
    accepted.map(({ check: { site, comment } }) => ({ siteId: site.id, authorKeys: comment.authorKeys })),
  );
  await storeChecked(trx, {
    posts: around.changedPosts().map(({ siteId, id, post }) => ({
      site_id: siteId,
      id,
      url: post.url,
      title: post.title,
      created_at: post.createdAt,
      replaces: post.change === 'replaces',
    })),
    comments: accepted.map(({ row }) => row),
    queueItems: accepted.flatMap(({ queueItem }) => queueItem ?? []),
    shadowScores: accepted.flatMap(({ shadowScore }) => shadowScore ?? []),
    answers: accepted.flatMap(({ answer }) => answer ?? []),
    along: accepted.flatMap(({ check, result }) => check.options.along?.(result) ?? []),
    events: accepted.map(({ row }) => ({
      siteId: row.site_id,
      kind: 'comment.received',
      subject: row.id,
      data: { post: row.post_id, status: row.status, verdict: row.verdict },
      at: row.created_at,
    })),
    hasWebhook: around.hasWebhook,
  });
}
