/** What a page of the queue shows beside its items, each read once for the whole page. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { AuthorHistory, CommentRow } from '../comments.ts';
import type { PostRow } from '../posts.ts';
import type { Database } from '../schema/database.ts';

export async function readComments(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<Map<string, CommentRow>> {
  const rows = await db
    .selectFrom('comment')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export async function readPosts(
  db: Kysely<Database>,
  siteId: string,
  ids: readonly string[],
): Promise<Map<string, PostRow>> {
  const rows = await db
    .selectFrom('post')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Of each author only the newest comments are read, so that a flood of one author costs no more than a page. */
const HISTORY_ROWS = 200;

export type HistorySummary = Pick<AuthorHistory, 'approved' | 'rejected' | 'spam' | 'held' | 'firstSeen'>;

/** What became of the newest comments of each author, by loose pseudonym. */
export async function readHistories(
  db: Kysely<Database>,
  siteId: string,
  loose: readonly string[],
): Promise<Map<string, HistorySummary>> {
  const result = await sql<HistorySummary & { author: string }>`
    select author,
      count(*) filter (where status = 'approved')::int as approved,
      count(*) filter (where status = 'trash')::int as rejected,
      count(*) filter (where status = 'spam')::int as spam,
      count(*) filter (where status = 'hold')::int as held,
      min(created_at) as "firstSeen"
    from unnest(${[...new Set(loose)]}::text[]) as authors (author)
    cross join lateral (
      select status, created_at from comment
      where site_id = ${siteId}::uuid and author_email_loose = author
      order by created_at desc limit ${HISTORY_ROWS}
    ) newest
    group by author`.execute(db);
  return new Map(result.rows.map((row) => [row.author, row]));
}

/** Which of these comments wait in the queue. */
export async function findQueued(db: Kysely<Database>, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('queue_item')
    .select('comment_id')
    .where('comment_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.comment_id));
}

/** Counting the members of a campaign stops here. */
export const CAMPAIGN_COUNT_LIMIT = 1000;

/** How many comments of each campaign wait in the queue, counted up to {@link CAMPAIGN_COUNT_LIMIT}. */
export async function countCampaigns(
  db: Kysely<Database>,
  siteId: string,
  campaigns: readonly string[],
): Promise<Map<string, number>> {
  const result = await sql<{ campaign: string; count: number }>`
    select campaign, count(*)::int as count
    from unnest(${[...new Set(campaigns)]}::uuid[]) as campaigns (campaign)
    cross join lateral (
      select from queue_item where site_id = ${siteId}::uuid and campaign_id = campaign
      limit ${CAMPAIGN_COUNT_LIMIT}
    ) waiting
    group by campaign`.execute(db);
  return new Map(result.rows.map((row) => [row.campaign, row.count]));
}
