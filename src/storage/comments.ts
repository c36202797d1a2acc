import type { Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import { sql } from 'kysely';
import type { CommentTable } from './schema/comments.ts';
import type { Database } from './schema/database.ts';

export type CommentRow = Selectable<CommentTable>;

export async function insertComment(
  trx: Transaction<Database>,
  comment: Insertable<CommentTable>,
): Promise<CommentRow> {
  return await trx.insertInto('comment').values(comment).returningAll().executeTakeFirstOrThrow();
}

export async function findComment(
  db: Kysely<Database>,
  siteId: string,
  id: string,
): Promise<CommentRow | null> {
  const row = await db
    .selectFrom('comment')
    .selectAll()
    .where('id', '=', id)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row ?? null;
}

/** The comments with these ids, locked until the transaction ends, in the order of their ids (no deadlocks). */
export async function lockComments(
  trx: Transaction<Database>,
  siteId: string,
  ids: readonly string[],
): Promise<CommentRow[]> {
  return await trx
    .selectFrom('comment')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .where('site_id', '=', siteId)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/**
 * Serialises submissions of the same text to the same post, so that two at once cannot both be the first, and those of
 * the same author or address, where these are given. In the order of the locks' own numbers, so that two that share
 * several never wait for each other.
 */
export async function lockSubmission(
  trx: Transaction<Database>,
  siteId: string,
  postId: string,
  contentHash: string,
  pseudonyms: readonly string[],
): Promise<void> {
  const names = [`${postId}|${contentHash}`, ...pseudonyms].map((name) => `${siteId}|${name}`);
  await sql`select pg_advisory_xact_lock(number) from (
    select distinct hashtextextended(name, 0) as number from unnest(${names}::text[]) as name order by number
  ) as ordered`.execute(trx);
}

/** What is known of whoever sends a comment; pseudonyms under every live key. */
export interface AuthorKeys {
  readonly strict: readonly string[];
  readonly loose: readonly string[];
  readonly ip: readonly string[];
}

export interface AuthorHistory {
  readonly approved: number;
  readonly rejected: number;
  readonly spam: number;
  readonly held: number;
  /** Among the last ten that are not held: how many were turned down. */
  readonly recentRejected: number;
  readonly firstSeen: Date | null;
  readonly lastSeen: Date | null;
}

/** How far back an author's history is read: enough to judge, and the same cost for the most prolific author. */
const HISTORY_ROWS = 200;

/** The author's history on the site by the loose pseudonyms; zeros for an author without an address. */
export async function readAuthorHistory(
  db: Kysely<Database>,
  siteId: string,
  loose: readonly string[],
): Promise<AuthorHistory> {
  const rows =
    loose.length === 0
      ? []
      : await db
          .selectFrom('comment')
          .select(['status', 'created_at'])
          .where('site_id', '=', siteId)
          .where('author_email_loose', '=', sql<string>`any(${[...loose]}::text[])`)
          .orderBy('created_at', 'desc')
          .limit(HISTORY_ROWS)
          .execute();
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  const decided = rows.filter((row) => row.status !== 'hold').slice(0, 10);
  return {
    approved: count('approved'),
    rejected: count('trash'),
    spam: count('spam'),
    held: count('hold'),
    recentRejected: decided.filter((row) => row.status !== 'approved').length,
    firstSeen: rows.at(-1)?.created_at ?? null,
    lastSeen: rows[0]?.created_at ?? null,
  };
}

/** When this author or address last commented on the site, up to a time; null: never. */
export async function readLastSubmission(
  db: Kysely<Database>,
  siteId: string,
  author: AuthorKeys,
  until: Date,
): Promise<Date | null> {
  if (author.loose.length + author.ip.length === 0) return null;
  const row = await db
    .selectFrom('comment')
    .select((of) => of.fn.max('created_at').as('last'))
    .where('site_id', '=', siteId)
    .where('created_at', '<=', until)
    .where((either) =>
      either.or([
        either('author_email_loose', '=', sql<string>`any(${[...author.loose]}::text[])`),
        either('author_ip', '=', sql<string>`any(${[...author.ip]}::text[])`),
      ]),
    )
    .executeTakeFirst();
  return row?.last ?? null;
}

/**
 * Whether the same author said the same on the same post before. What was trashed does not count: a rejected comment
 * that is sent again is judged again (and held for the author's recent rejections), so that an author whose comment was
 * rejected by mistake is heard, and so that a 409 does not tell a spammer that the text is in the trash.
 */
export async function isDuplicate(
  db: Kysely<Database>,
  siteId: string,
  postId: string,
  contentHash: string,
  authorName: string,
  strict: readonly string[],
): Promise<boolean> {
  const row = await db
    .selectFrom('comment')
    .select('id')
    .where('site_id', '=', siteId)
    .where('content_hash', '=', contentHash)
    .where('post_id', '=', postId)
    .where('status', '!=', 'trash')
    .where((either) =>
      strict.length > 0
        ? either('author_email', '=', sql<string>`any(${[...strict]}::text[])`)
        : either.and([either('author_email', 'is', null), either('author_name', '=', authorName)]),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Rewrites this author's pseudonyms of older keys to the newest: a rotated key is left behind on next sight. */
export async function renewPseudonyms(
  trx: Transaction<Database>,
  siteId: string,
  column: 'author_email' | 'author_email_loose' | 'author_ip',
  newest: string,
  older: readonly string[],
): Promise<void> {
  if (older.length === 0) return;
  await trx
    .updateTable('comment')
    .set({ [column]: newest })
    .where('site_id', '=', siteId)
    .where(column, '=', sql<string>`any(${[...older]}::text[])`)
    .execute();
}

/** What the public may see of an approved comment. */
export interface PublishedComment {
  readonly id: string;
  readonly post_id: string;
  readonly parent_id: string | null;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly content: string;
  readonly date_gmt: Date;
}

/** Approved comments of a post that the public may see, oldest first, after the cursor's id. */
export async function listPublished(
  db: Kysely<Database>,
  siteId: string,
  postId: string,
  afterId: string | null,
  limit: number,
): Promise<PublishedComment[]> {
  return await db
    .selectFrom('comment')
    .select(['id', 'post_id', 'parent_id', 'author_name', 'author_url', 'content', 'date_gmt'])
    .where('site_id', '=', siteId)
    .where('post_id', '=', postId)
    .where('status', '=', 'approved')
    .where('listed', '=', true)
    .$if(afterId !== null, (query) => query.where('id', '>', afterId ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function deleteComment(
  trx: Transaction<Database>,
  siteId: string,
  id: string,
): Promise<boolean> {
  const result = await trx
    .deleteFrom('comment')
    .where('id', '=', id)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** How many candidates are compared: a campaign's members agree, so the first near one settles it. */
const NEAR_DUPLICATE_CANDIDATES = 8;

/** Comments of the site that share a band with the signature: candidates, to be compared by their text. */
export async function findNearDuplicates(
  db: Kysely<Database>,
  siteId: string,
  bands: readonly number[],
): Promise<{ id: string; content: string; campaign_id: string | null }[]> {
  return await db
    .selectFrom('comment')
    .select(['id', 'content', 'campaign_id'])
    .where('site_id', '=', siteId)
    .where('near_duplicate_bands', '&&', sql<number[]>`${[...bands]}::int[]`)
    .limit(NEAR_DUPLICATE_CANDIDATES)
    .execute();
}

/** Writes what a new text and its score change, and the version with it. */
export async function updateScoredComment(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<CommentTable>,
): Promise<CommentRow> {
  return await trx
    .updateTable('comment')
    .set({ ...change, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
