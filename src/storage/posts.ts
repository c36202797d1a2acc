import type { Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
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

/** Makes a post of which nothing is known yet but its id. */
export async function insertPost(trx: Transaction<Database>, post: Insertable<PostTable>): Promise<void> {
  await trx
    .insertInto('post')
    .values(post)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function updatePost(
  trx: Transaction<Database>,
  siteId: string,
  id: string,
  change: Pick<Updateable<PostTable>, 'closed_at' | 'premoderated'>,
): Promise<PostRow | null> {
  const row = await trx
    .updateTable('post')
    .set(change)
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}
