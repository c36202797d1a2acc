/** The pages of the queue that are no plain order of one column. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { CommentRow } from '../comments.ts';
import type { Database } from '../schema/database.ts';
import { countLimitOf, filterQueue, matchComment, type QueueFilter, type QueueItemRow } from './queue.ts';

/** Where the three lists of the most informative page stand; null: at their beginning. */
export interface BlendPosition {
  /** The last by uncertainty. */
  readonly uncertain: { readonly value: number; readonly id: string } | null;
  /** The last of the oldest. */
  readonly oldest: string | null;
  /** The last by its drawn number. */
  readonly drawn: string | null;
}

/** One in sixteen items belongs to the random list alone, by the last digit of its id. */
const isDrawn = sql<boolean>`right(comment_id::text, 1) = '0'`;
const draw = sql<string>`right(comment_id::text, 12)`;

/** The next of the oldest items, of those with an id under `before`, that the list by uncertainty has not shown. */
export async function listOldestLeft(
  db: Kysely<Database>,
  filter: QueueFilter,
  at: BlendPosition,
  before: string,
  limit: number,
): Promise<QueueItemRow[]> {
  if (limit === 0) return [];
  return await filterQueue(db, filter)
    .selectAll('queue_item')
    .where(({ not }) => not(isDrawn))
    .where('comment_id', '<', before)
    .$if(at.oldest !== null, (page) => page.where('comment_id', '>', at.oldest ?? ''))
    .$if(at.uncertain !== null, (page) => page.where(behind(at)))
    .orderBy('comment_id')
    .limit(limit)
    .execute();
}

/** The next items by uncertainty that the list of the oldest has not shown. */
export async function listUncertainLeft(
  db: Kysely<Database>,
  filter: QueueFilter,
  at: BlendPosition,
  limit: number,
): Promise<QueueItemRow[]> {
  return await filterQueue(db, filter)
    .selectAll('queue_item')
    .where(({ not }) => not(isDrawn))
    .$if(at.oldest !== null, (page) => page.where('comment_id', '>', at.oldest ?? ''))
    .$if(at.uncertain !== null, (page) => page.where(behind(at)))
    .orderBy('uncertainty', 'desc')
    .orderBy('comment_id', 'desc')
    .limit(limit)
    .execute();
}

function behind({ uncertain }: BlendPosition) {
  return sql<boolean>`(uncertainty, comment_id) < (${uncertain?.value}::float8, ${uncertain?.id}::uuid)`;
}

/** The next items of the random list. */
export async function listDrawnLeft(
  db: Kysely<Database>,
  filter: QueueFilter,
  at: BlendPosition,
  limit: number,
): Promise<QueueItemRow[]> {
  return await filterQueue(db, filter)
    .selectAll('queue_item')
    .where(isDrawn)
    .$if(at.drawn !== null, (page) => page.where(sql<boolean>`${draw} > ${at.drawn}`))
    .orderBy(draw)
    .limit(limit)
    .execute();
}

/** A status, or comments of every status. */
export type Folder = 'hold' | 'approved' | 'spam' | 'trash' | 'all';
export type FolderFilter = Pick<
  QueueFilter,
  'siteId' | 'post' | 'author' | 'words' | 'domain' | 'before' | 'few'
>;

/** A page of the comments of one status, or of all, newest first, before the cursor's id. */
export async function listFolder(
  db: Kysely<Database>,
  folder: Folder,
  filter: FolderFilter,
  beforeId: string | null,
  limit: number,
): Promise<CommentRow[]> {
  const result = await sql<CommentRow>`select c.* from comment c where ${inFolder(folder, filter)}
    ${beforeId === null ? sql`` : sql`and c.id < ${beforeId}::uuid`}
    order by c.id desc limit ${limit}`.execute(db);
  return result.rows;
}

/** How many stand in a folder, counted as {@link countLimitOf} says. */
export async function countFolder(
  db: Kysely<Database>,
  folder: Folder,
  filter: FolderFilter,
): Promise<number> {
  const result = await sql<{ count: number }>`select count(*)::int as count from (
    select from comment c where ${inFolder(folder, filter)} limit ${countLimitOf(filter)}) counted`.execute(
    db,
  );
  return result.rows[0]?.count ?? 0;
}

function inFolder(folder: Folder, filter: FolderFilter) {
  const { siteId, post } = filter;
  const few = filter.few?.text ?? null;
  return sql`c.site_id = ${siteId}::uuid ${folder === 'all' ? sql`` : sql`and c.status = ${folder}`}
    ${post === undefined ? sql`` : sql`and c.post_id = ${post}`}
    ${filter.before === undefined ? sql`` : sql`and c.id < ${filter.before}::uuid`}
    ${few ? sql`and c.id = any(${[...few]}::uuid[])` : matchComment(siteId, filter)}`;
}
