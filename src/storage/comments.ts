import type { Kysely, Selectable, Transaction, Updateable } from 'kysely';
import { sql } from 'kysely';
import type { CommentTable } from './schema/comments.ts';
import type { Database } from './schema/database.ts';
import { HISTORY_ROWS } from './submissions.ts';

export type CommentRow = Selectable<CommentTable>;

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

/** A comment and all that answers it, up to a number of them, with their versions. */
export async function listBranch(
  db: Kysely<Database>,
  siteId: string,
  id: string,
  limit: number,
): Promise<{ id: string; version: number }[]> {
  const { rows } = await sql<{ id: string; version: number }>`
    with recursive branch as (
      select id, version from comment where id = ${id}::uuid and site_id = ${siteId}::uuid
      union
      select c.id, c.version from comment c join branch on c.parent_id = branch.id where c.site_id = ${siteId}::uuid
    )
    select id, version from branch limit ${limit}`.execute(db);
  return rows;
}

/** Deletes a comment; where others have answered it, its place in the thread stays. */
export async function deleteComment(
  trx: Transaction<Database>,
  siteId: string,
  id: string,
): Promise<boolean> {
  await sql`
    insert into removed_comment (id, site_id, post_id, parent_id, date_gmt)
    select id, site_id, post_id, parent_id, date_gmt from comment
    where id = ${id}::uuid and site_id = ${siteId}::uuid
      and exists (select 1 from comment reply where reply.parent_id = ${id}::uuid)
    on conflict do nothing`.execute(trx);
  const result = await trx
    .deleteFrom('comment')
    .where('id', '=', id)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
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
