/** Putting a comment before a human. */
import type { Service } from '../../service.ts';
import type { CommentRow } from '../../storage/comments.ts';
import { insertQueueItem } from '../../storage/queue/queue.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { drawChance } from '../chance.ts';
import type { SiteContext } from './site-context.ts';

/** Findings that a human should see before what the filter merely doubts. */
const GRAVE = new Set(['suspect_word', 'recent_rejections', 'honeypot']);

/**
 * @param since when it came into the queue.
 * @param auditShare the chance of the random check of what went unseen; it keeps its status while it waits.
 */
export async function enqueue(
  trx: Transaction,
  comment: CommentRow,
  since: Date,
  reasons: readonly string[],
  auditShare: number | null,
): Promise<void> {
  const probability = comment.spam_probability ?? 0.5;
  await insertQueueItem(trx, {
    comment_id: comment.id,
    site_id: comment.site_id,
    post_id: comment.post_id,
    campaign_id: comment.campaign_id,
    created_at: since,
    risk: Math.min(1, probability + (reasons.some((reason) => GRAVE.has(reason)) ? 0.1 : 0)),
    uncertainty: 1 - Math.abs(2 * probability - 1),
    reasons: auditShare === null ? [...reasons] : [...reasons, 'audit'],
    escalated: false,
    audit: auditShare !== null,
    audit_share: auditShare,
    claimed_by: null,
    claimed_until: null,
  });
}

/** Whether chance picks a comment that no human would see for the audit share. */
export function isAuditDraw(service: Service, site: SiteContext): boolean {
  const share = site.settings.audit_share;
  return share > 0 && drawChance(service, 4) < share;
}
