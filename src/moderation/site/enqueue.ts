/** Puts a comment before a human. */
import type { Insertable } from 'kysely';
import { languageOf } from '../../core/text/language.ts';
import type { Service } from '../../service.ts';
import type { CommentTable } from '../../storage/schema/comments.ts';
import type { QueueItemTable } from '../../storage/schema/queue.ts';
import { drawChance } from '../chance.ts';
import type { SiteContext } from './site-context.ts';

/** Findings that a human should see before what the filter merely doubts. */
const GRAVE = new Set(['suspect_word', 'recent_rejections', 'honeypot']);

/** A comment as far as its place in the queue depends on it. */
export type QueuedComment = Pick<
  Insertable<CommentTable>,
  | 'id'
  | 'site_id'
  | 'post_id'
  | 'campaign_id'
  | 'content'
  | 'spam_probability'
  | 'author_name'
  | 'author_email_loose'
>;

export interface Enqueued {
  /** When it came into the queue. */
  readonly since: Date;
  /** The rules that brought it there. */
  readonly reasons: readonly string[];
  /** The chance with which it was drawn for a spot check, where it was; it keeps its status while it waits. */
  readonly auditShare?: number | null;
  readonly escalated?: boolean;
}

/** The queue's row for a comment. */
export function toQueueItem(
  comment: QueuedComment,
  { since, reasons, auditShare = null, escalated = false }: Enqueued,
): Insertable<QueueItemTable> {
  const probability = comment.spam_probability ?? 0.5;
  return {
    comment_id: comment.id,
    site_id: comment.site_id,
    post_id: comment.post_id,
    campaign_id: comment.campaign_id ?? null,
    created_at: since,
    risk: Math.min(1, probability + (reasons.some((reason) => GRAVE.has(reason)) ? 0.1 : 0)),
    uncertainty: 1 - Math.abs(2 * probability - 1),
    reasons: auditShare === null ? [...reasons] : [...reasons, 'audit'],
    escalated,
    audit: auditShare !== null,
    audit_share: auditShare,
    claimed_by: null,
    claimed_until: null,
    author_name: comment.author_name,
    author_email_loose: comment.author_email_loose ?? null,
    language: languageOf(comment.content),
  };
}

/** Whether chance picks a comment that no human would see for a spot check. */
export function isAuditDraw(service: Service, site: SiteContext): boolean {
  const share = site.settings.audit_share;
  return share > 0 && drawChance(service, 4) < share;
}
