/** An item of the queue with everything that a human needs to decide, so that a page asks once. */
import type { Status } from '../../core/comment.ts';
import { parseUrl } from '../../core/parse-url.ts';
import { findLinks } from '../../core/text/links.ts';
import type { Service } from '../../service.ts';
import type { CommentRow } from '../../storage/comments.ts';
import type { QueueItemRow } from '../../storage/queue/queue.ts';
import { type HistorySummary, type PageRow, readPageRows } from '../../storage/queue/queue-page.ts';
import type { StoredReason } from '../../storage/schema/comments.ts';
import { type Actor, actorReference } from '../actor.ts';
import { type EvidenceView, explainForQueue, type HighlightView, type SignView } from './explain.ts';
import { type NoteView, viewNote } from './notes.ts';

/** The comment of a queue item. */
export interface QueuedComment {
  readonly id: string;
  readonly post: string;
  readonly post_url: string | null;
  readonly post_title: string | null;
  readonly parent: { readonly id: string; readonly author_name: string; readonly content: string } | null;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly content: string;
  readonly links: readonly { readonly text: string; readonly url: string; readonly host: string }[];
  readonly date_gmt: string;
  readonly received_at: string;
  readonly status: Status;
}

export interface QueueItemView {
  /** The comment's id. */
  readonly id: string;
  readonly version: number;
  readonly comment: QueuedComment;
  readonly verdict: string;
  readonly spam_probability: number | null;
  readonly log_odds: number | null;
  readonly thresholds: { readonly ham: number; readonly spam: number };
  readonly model_version: string;
  readonly reasons: readonly StoredReason[];
  readonly evidence: readonly EvidenceView[];
  readonly highlights: readonly HighlightView[];
  readonly summary: readonly SignView[];
  /** Of the author's newest other comments here: what became of them. */
  readonly author_history: {
    readonly approved: number;
    readonly rejected: number;
    readonly spam: number;
    readonly held: number;
    readonly first_seen: string | null;
  };
  readonly near_duplicates: { readonly campaign: string | null; readonly count: number };
  readonly escalated: boolean;
  readonly audit: boolean;
  readonly claimed_until: string | null;
  /** Who holds it now; null when nobody does. */
  readonly claim: { readonly by: string; readonly mine: boolean; readonly until: string } | null;
  /** The decision that stands, such as an escalation; in a folder whatever put it there, null when no human did. */
  readonly decided: {
    readonly decision_id: string;
    readonly decision: string;
    readonly reason: string | null;
    readonly note: string | null;
    readonly by: string;
    readonly at: string;
  } | null;
  readonly notes: readonly NoteView[];
}

/** What the queue knows of an item beside its comment. */
export type QueueEntry = Pick<
  QueueItemRow,
  'comment_id' | 'escalated' | 'audit' | 'claimed_by' | 'claimed_until'
> & {
  /** Of what was not read from the queue, and may be there all the same, such as a random audit. */
  readonly elsewhere?: true;
};

/** Everything that a human needs to decide on these items, in their order, for the one who looks. */
export async function viewItems(
  service: Service,
  siteId: string,
  actor: Actor,
  items: readonly QueueEntry[],
): Promise<QueueItemView[]> {
  if (items.length === 0) return [];
  const rows = await readPageRows(
    service.db,
    siteId,
    items.map((item) => item.comment_id),
  );
  const now = service.now();
  const views: QueueItemView[] = [];
  for (const item of items) {
    const row = rows.get(item.comment_id);
    if (!row) continue;
    const { comment } = row;
    views.push({
      id: comment.id,
      version: comment.version,
      comment: viewComment(row),
      ...viewJudgement(comment),
      ...(await explainForQueue(service, comment, row.post.title)),
      author_history: viewHistory(row.history, comment),
      near_duplicates: {
        campaign: comment.campaign_id,
        count: countOthers(row.waitingOfCampaign, !item.elsewhere || row.isQueued),
      },
      escalated: item.escalated,
      audit: item.audit,
      claimed_until: item.claimed_until?.toISOString() ?? null,
      claim: isHeld(item, now) ? viewClaim(item, actor, row.claimedBy) : null,
      decided: viewStanding(row.standing),
      notes: row.notes.map(viewNote),
    });
  }
  return views;
}

/** Of those that wait, without the one itself when it waits, too. */
function countOthers(waiting: number, itselfWaits: boolean): number {
  return Math.max(0, itselfWaits ? waiting - 1 : waiting);
}

function isHeld(item: QueueEntry, now: Date): boolean {
  return item.claimed_by !== null && item.claimed_until !== null && item.claimed_until > now;
}

function viewClaim(item: QueueEntry, actor: Actor, name: string | null) {
  const holder = item.claimed_by ?? '';
  return {
    by: name ?? holder,
    mine: holder === actorReference(actor),
    until: item.claimed_until?.toISOString() ?? '',
  };
}

function viewStanding(decision: PageRow['standing']): QueueItemView['decided'] {
  if (!decision) return null;
  return {
    decision_id: decision.id,
    decision: decision.decision,
    reason: decision.reason,
    note: decision.note,
    by: decision.actor_name,
    at: decision.created_at.toISOString(),
  };
}

function viewComment({ comment: row, post, parent }: PageRow): QueuedComment {
  return {
    id: row.id,
    post: row.post_id,
    post_url: post.url,
    post_title: post.title,
    parent,
    author_name: row.author_name,
    author_url: row.author_url,
    content: row.content,
    links: viewLinks(row.content),
    date_gmt: row.date_gmt.toISOString(),
    received_at: row.created_at.toISOString(),
    status: row.status,
  };
}

function viewJudgement(row: CommentRow) {
  return {
    verdict: row.verdict,
    spam_probability: row.spam_probability,
    log_odds: row.log_odds,
    thresholds: { ham: row.threshold_ham, spam: row.threshold_spam },
    model_version: row.model_version,
    reasons: row.reasons,
  };
}

function viewLinks(content: string): { text: string; url: string; host: string }[] {
  return findLinks(content)
    .slice(0, 50)
    .map(({ text, url }) => ({ text, url, host: parseUrl(url)?.hostname ?? '' }));
}

const HISTORY_OF = { approved: 'approved', trash: 'rejected', spam: 'spam', hold: 'held' } as const;

/** Without the comment itself: what became of it tells nothing of its author, and in a folder it is what is shown. */
function viewHistory(
  { firstSeen: first, approved, rejected, spam, held }: HistorySummary,
  { status, created_at }: CommentRow,
) {
  const counts = { approved, rejected, spam, held };
  if (first !== null && created_at >= first) counts[HISTORY_OF[status]] -= 1;
  return { ...counts, first_seen: first?.toISOString() ?? null };
}
