/** The review queue: a row for each held comment, ordered and claimed without touching the comments themselves. */
import type { Insertable, Kysely, Selectable, SelectQueryBuilder, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { CommentTable, Database, QueueItemTable } from './database.ts';

export type QueueItemRow = Selectable<QueueItemTable>;
export type QueueOrder = 'risk' | 'oldest' | 'informative';

export interface QueueFilter {
  readonly siteId: string;
  readonly reason?: string | undefined;
  readonly post?: string | undefined;
  /** An author's name (case-insensitive), or the id of a comment: other comments of its author. */
  readonly author?: string | undefined;
  /** Words anywhere in the text or the name, case-insensitive. */
  readonly q?: string | undefined;
  readonly campaign?: string | undefined;
  readonly escalated?: boolean | undefined;
  readonly audit?: boolean | undefined;
}

/** Where a page ended: the sort value and the id of its last item. */
export interface QueueCursor {
  readonly value: number;
  readonly id: string;
}

/** Counting stops here: beyond it the exact number tells a moderator nothing and costs a scan. */
export const COUNT_LIMIT = 10_000;

const sortColumn = { risk: 'risk', informative: 'uncertainty' } as const;

export async function insertQueueItem(
  trx: Transaction<Database>,
  item: Insertable<QueueItemTable>,
): Promise<void> {
  await trx
    .insertInto('queue_item')
    .values(item)
    .onConflict((conflict) => conflict.column('comment_id').doNothing())
    .execute();
}

/** Removes items and returns them as they stood, so that an undo can put them back. */
export async function removeQueueItems(
  trx: Transaction<Database>,
  commentIds: readonly string[],
): Promise<QueueItemRow[]> {
  return await trx
    .deleteFrom('queue_item')
    .where('comment_id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .returningAll()
    .execute();
}

/** Marks comments as escalated, putting them into the queue when they are not there; returns the items from before. */
export async function escalateQueueItems(
  trx: Transaction<Database>,
  comments: readonly Selectable<CommentTable>[],
): Promise<QueueItemRow[]> {
  const before = await removeQueueItems(
    trx,
    comments.map(({ id }) => id),
  );
  const known = new Map(before.map((item) => [item.comment_id, item]));
  await trx
    .insertInto('queue_item')
    .values(
      comments.map((comment) => ({
        comment_id: comment.id,
        site_id: comment.site_id,
        post_id: comment.post_id,
        campaign_id: comment.campaign_id,
        created_at: comment.created_at,
        risk: comment.spam_probability ?? 0.5,
        uncertainty: 0,
        reasons: comment.reasons.map(({ rule }) => rule),
        audit: false,
        ...known.get(comment.id),
        escalated: true,
        claimed_by: null,
        claimed_until: null,
      })),
    )
    .execute();
  return before;
}

/** Puts an item back as it stood (as an undo finds it), or takes it out when there was none. */
export async function restoreQueueItem(
  trx: Transaction<Database>,
  commentId: string,
  before: Record<string, unknown> | null,
): Promise<void> {
  await removeQueueItems(trx, [commentId]);
  if (before === null) return;
  await sql`insert into queue_item select * from jsonb_populate_record(null::queue_item, ${JSON.stringify(before)}::jsonb)`.execute(
    trx,
  );
}

/** The comments of a campaign that wait, oldest first. */
export async function listCampaignItems(
  db: Kysely<Database>,
  siteId: string,
  campaignId: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('queue_item')
    .select('comment_id')
    .where('site_id', '=', siteId)
    .where('campaign_id', '=', campaignId)
    .orderBy('comment_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.comment_id);
}

export async function findQueueItem(
  db: Kysely<Database>,
  siteId: string,
  commentId: string,
): Promise<QueueItemRow | null> {
  const row = await db
    .selectFrom('queue_item')
    .selectAll()
    .where('comment_id', '=', commentId)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row ?? null;
}

/** A page of the queue: riskiest or most informative first, or oldest first. */
export async function listQueue(
  db: Kysely<Database>,
  filter: QueueFilter,
  order: QueueOrder,
  cursor: QueueCursor | null,
  limit: number,
): Promise<QueueItemRow[]> {
  const query = filterQueue(db, filter).selectAll('queue_item');
  if (order === 'oldest') {
    return await query
      .$if(cursor !== null, (page) => page.where('comment_id', '>', cursor?.id ?? ''))
      .orderBy('comment_id')
      .limit(limit)
      .execute();
  }
  const column = sortColumn[order];
  return await query
    .$if(cursor !== null, (page) =>
      page.where(
        sql<boolean>`(${sql.ref(column)}, comment_id) < (${cursor?.value}::float8, ${cursor?.id}::uuid)`,
      ),
    )
    .orderBy(column, 'desc')
    .orderBy('comment_id', 'desc')
    .limit(limit)
    .execute();
}

/** How many items match, counted up to {@link COUNT_LIMIT}. */
export async function countQueue(db: Kysely<Database>, filter: QueueFilter): Promise<number> {
  const matching = filterQueue(db, filter).select('comment_id').limit(COUNT_LIMIT).as('matching');
  const row = await db
    .selectFrom(matching)
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

/**
 * Claims up to `limit` items that nobody holds, riskiest first. `FOR UPDATE SKIP LOCKED`: two claims at once never
 * get one item, and neither waits for the other.
 */
export async function claimQueueItems(
  db: Kysely<Database>,
  siteId: string,
  claimant: string,
  limit: number,
  now: Date,
  until: Date,
): Promise<QueueItemRow[]> {
  return await db
    .updateTable('queue_item')
    .set({ claimed_by: claimant, claimed_until: until })
    .where('comment_id', 'in', (free) =>
      free
        .selectFrom('queue_item')
        .select('comment_id')
        .where('site_id', '=', siteId)
        .where((either) =>
          either.or([either('claimed_until', 'is', null), either('claimed_until', '<=', now)]),
        )
        .orderBy('risk', 'desc')
        .orderBy('comment_id', 'desc')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}

/** Gives back what this claimant holds. */
export async function releaseClaims(
  db: Kysely<Database>,
  siteId: string,
  claimant: string,
  commentIds: readonly string[],
): Promise<number> {
  const result = await db
    .updateTable('queue_item')
    .set({ claimed_by: null, claimed_until: null })
    .where('site_id', '=', siteId)
    .where('claimed_by', '=', claimant)
    .where('comment_id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

function filterQueue(
  db: Kysely<Database>,
  filter: QueueFilter,
): SelectQueryBuilder<Database, 'queue_item', object> {
  let query = db.selectFrom('queue_item').where('queue_item.site_id', '=', filter.siteId);
  if (filter.reason !== undefined)
    query = query.where('reasons', '@>', sql<string[]>`${[filter.reason]}::text[]`);
  if (filter.post !== undefined) query = query.where('queue_item.post_id', '=', filter.post);
  if (filter.campaign !== undefined) query = query.where('queue_item.campaign_id', '=', filter.campaign);
  if (filter.escalated !== undefined) query = query.where('escalated', '=', filter.escalated);
  if (filter.audit !== undefined) query = query.where('audit', '=', filter.audit);
  const { author, q } = filter;
  if (author !== undefined) query = query.where(sameAuthor(author));
  if (q !== undefined) query = query.where(textContains(q));
  return query;
}

function sameAuthor(author: string) {
  const byName = sql`c.author_name ilike ${escapeLike(author)}`;
  const isUuid = /^[0-9a-f-]{36}$/.test(author);
  const byComment = sql`c.author_email_loose = (
    select o.author_email_loose from comment o where o.id::text = ${author} and o.site_id = queue_item.site_id)`;
  return sql<boolean>`exists (
    select from comment c where c.id = queue_item.comment_id and ${isUuid ? byComment : byName})`;
}

function textContains(q: string) {
  const pattern = `%${escapeLike(q)}%`;
  return sql<boolean>`exists (
    select from comment c where c.id = queue_item.comment_id
      and (c.content ilike ${pattern} or c.author_name ilike ${pattern}))`;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
