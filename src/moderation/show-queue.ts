/** The queue as moderators see it. */
import { findLinks } from '../core/links.ts';
import type { Service } from '../service.ts';
import type { CommentRow } from '../storage/comments.ts';
import type { StoredReason } from '../storage/database.ts';
import type { PostRow } from '../storage/posts.ts';
import {
  claimQueueItems,
  countQueue,
  listQueue,
  type QueueFilter,
  type QueueItemRow,
  type QueueOrder,
  releaseClaims,
} from '../storage/queue.ts';
import {
  countCampaigns,
  type HistorySummary,
  readComments,
  readHistories,
  readPosts,
} from '../storage/queue-page.ts';
import { type Actor, actorReference } from './actor.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type EvidenceView, explainForQueue, type HighlightView } from './explain.ts';

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
  readonly status: string;
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
  /** Of the author's newest comments here: what became of them. */
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
}

export interface QueuePage {
  readonly items: QueueItemView[];
  readonly next_cursor: string | null;
  /** Counted up to 10,000. */
  readonly total: number;
}

/** A page of the queue. @throws {RefusedError} `invalid_value` for a cursor of another list. */
export async function showQueue(
  service: Service,
  filter: QueueFilter,
  order: QueueOrder,
  cursorText: string | undefined,
  limit: number,
): Promise<QueuePage> {
  const cursor = readCursor(order, cursorText);
  const [rows, total] = await Promise.all([
    listQueue(service.db, filter, order, cursor, limit + 1),
    countQueue(service.db, filter),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: await viewItems(service, filter.siteId, page),
    next_cursor: more ? writeCursor(order, { value: sortValue(last, order), id: last.comment_id }) : null,
    total,
  };
}

function sortValue(item: QueueItemRow, order: QueueOrder): number {
  if (order === 'oldest') return 0;
  return order === 'risk' ? item.risk : item.uncertainty;
}

/** Items that no one else holds, held by this actor until the time is up. */
export async function claimItems(
  service: Service,
  siteId: string,
  actor: Actor,
  limit: number,
  seconds: number,
): Promise<QueueItemView[]> {
  const now = service.now();
  const until = new Date(now.getTime() + seconds * 1000);
  const rows = await claimQueueItems(service.db, siteId, actorReference(actor), limit, now, until);
  rows.sort((a, b) => b.risk - a.risk || (a.comment_id < b.comment_id ? 1 : -1));
  return await viewItems(service, siteId, rows);
}

/** Gives items back before their time is up; those of others stay. Returns how many were given back. */
export async function releaseItems(
  service: Service,
  siteId: string,
  actor: Actor,
  commentIds: readonly string[],
): Promise<number> {
  return await releaseClaims(service.db, siteId, actorReference(actor), commentIds);
}

async function viewItems(
  service: Service,
  siteId: string,
  items: readonly QueueItemRow[],
): Promise<QueueItemView[]> {
  if (items.length === 0) return [];
  const comments = await readComments(
    service.db,
    items.map((item) => item.comment_id),
  );
  const rows = [...comments.values()];
  const [parents, posts, histories, campaigns] = await Promise.all([
    readComments(service.db, present(rows.map((row) => row.parent_id))),
    readPosts(service.db, siteId, [...new Set(rows.map((row) => row.post_id))]),
    readHistories(service.db, siteId, present(rows.map((row) => row.author_email_loose))),
    countCampaigns(service.db, siteId, present(rows.map((row) => row.campaign_id))),
  ]);
  const views: QueueItemView[] = [];
  for (const item of items) {
    const row = comments.get(item.comment_id);
    if (!row) continue;
    const parent = parents.get(row.parent_id ?? '');
    const post = posts.get(row.post_id);
    views.push({
      id: row.id,
      version: row.version,
      comment: viewComment(row, parent, post),
      ...viewJudgement(row),
      ...(await explainForQueue(service, row)),
      author_history: viewHistory(histories.get(row.author_email_loose ?? '')),
      near_duplicates: {
        campaign: row.campaign_id,
        count: Math.max(0, (campaigns.get(row.campaign_id ?? '') ?? 1) - 1),
      },
      escalated: item.escalated,
      audit: item.audit,
      claimed_until: item.claimed_until?.toISOString() ?? null,
    });
  }
  return views;
}

function present(values: readonly (string | null)[]): string[] {
  return values.filter((value) => value !== null);
}

function viewComment(
  row: CommentRow,
  parent: CommentRow | undefined,
  post: PostRow | undefined,
): QueuedComment {
  return {
    id: row.id,
    post: row.post_id,
    post_url: post?.url ?? null,
    post_title: post?.title ?? null,
    parent: parent ? { id: parent.id, author_name: parent.author_name, content: parent.content } : null,
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
    .map(({ text, url }) => ({ text, url, host: URL.canParse(url) ? new URL(url).hostname : '' }));
}

function viewHistory(history: HistorySummary | undefined) {
  return {
    approved: history?.approved ?? 0,
    rejected: history?.rejected ?? 0,
    spam: history?.spam ?? 0,
    held: history?.held ?? 0,
    first_seen: history?.firstSeen?.toISOString() ?? null,
  };
}
