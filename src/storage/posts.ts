import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { PostTable } from './schema/comments.ts';
import type { Database } from './schema/database.ts';

export type PostRow = Selectable<PostTable>;

export async function findPost(db: Kysely<Database>, siteId: string, id: string): Promise<PostRow | null> {
  const row = await db
    .selectFrom('post')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Makes the post when it is new; returns it as it then stands. Of a known one it takes a newer URL and title, or without
 * `replaces` only those that are not known yet.
 */
export async function upsertPost(
  trx: Transaction<Database>,
  post: Insertable<PostTable>,
  replaces = true,
): Promise<PostRow> {
  const [first, second] = replaces ? ['excluded', 'post'] : ['post', 'excluded'];
  const pick = (column: string) =>
    sql<string | null>`coalesce(${sql.ref(`${first}.${column}`)}, ${sql.ref(`${second}.${column}`)})`;
  return await trx
    .insertInto('post')
    .values(post)
    .onConflict((conflict) =>
      conflict.columns(['site_id', 'id']).doUpdateSet({ url: pick('url'), title: pick('title') }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function setPostClosed(
  trx: Transaction<Database>,
  siteId: string,
  id: string,
  closedAt: Date | null,
): Promise<PostRow | null> {
  const row = await trx
    .updateTable('post')
    .set({ closed_at: closedAt })
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}
