import type { Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
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

/** The threads that have these names: other names of theirs lead to them, too. What no thread has is left out. */
export async function findPostNames(
  db: Kysely<Database>,
  siteId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string; id: string }>`
    select id as name, id from post where site_id = ${siteId}::uuid and id = any(${[...names]}::text[])
    union all
    select alias, post_id from post_alias where site_id = ${siteId}::uuid and alias = any(${[...names]}::text[])`.execute(
    db,
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}

/** Gives threads further names; one that is taken stays with whom it has. */
export async function insertPostNames(
  trx: Transaction<Database>,
  siteId: string,
  names: readonly { readonly name: string; readonly postId: string }[],
): Promise<void> {
  if (names.length === 0) return;
  await trx
    .insertInto('post_alias')
    .values(names.map(({ name, postId }) => ({ site_id: siteId, alias: name, post_id: postId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Moves all that a thread has to another and lets its name lead there. Both have to exist. */
export async function movePost(
  trx: Transaction<Database>,
  siteId: string,
  from: string,
  to: string,
): Promise<void> {
  for (const table of ['comment', 'removed_comment', 'queue_item', 'post_alias'] as const) {
    await trx
      .updateTable(table)
      .set({ post_id: to })
      .where('site_id', '=', siteId)
      .where('post_id', '=', from)
      .execute();
  }
  await trx.deleteFrom('post_alias').where('site_id', '=', siteId).where('alias', '=', to).execute();
  await trx.deleteFrom('post').where('site_id', '=', siteId).where('id', '=', from).execute();
  await insertPostNames(trx, siteId, [{ name: from, postId: to }]);
}

/** Shows what an import kept from the public, as its article could not be seen where it came from. */
export async function listImported(
  trx: Transaction<Database>,
  siteId: string,
  postId: string,
): Promise<void> {
  await trx
    .updateTable('comment')
    .set({ listed: true })
    .where('site_id', '=', siteId)
    .where('post_id', '=', postId)
    .where('listed', '=', false)
    .where(sql<boolean>`reasons @> '[{"rule":"imported"}]'`)
    .execute();
}
