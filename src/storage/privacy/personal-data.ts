/** What is kept of a person: found by the pseudonyms of an address, and erased. */
import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { CommentRow } from '../comments.ts';
import type { Database } from '../schema/database.ts';

export interface PersonKeys {
  /** Under every live key. */
  readonly strict: readonly string[];
  readonly loose: readonly string[];
}

/** The person's comments on a site, oldest first, after the id. */
export async function listCommentsOfPerson(
  db: Kysely<Database>,
  siteId: string,
  { strict, loose }: PersonKeys,
  afterId: string | null,
  limit: number,
): Promise<CommentRow[]> {
  return await db
    .selectFrom('comment')
    .selectAll()
    .where('site_id', '=', siteId)
    .where((either) =>
      either.or([
        either('author_email', '=', sql<string>`any(${[...strict]}::text[])`),
        either('author_email_loose', '=', sql<string>`any(${[...loose]}::text[])`),
      ]),
    )
    .$if(afterId !== null, (query) => query.where('id', '>', afterId ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Comments of the site whose text matches the expression, whatever its case. Reads all texts of the site. */
export async function listCommentsHolding(
  trx: Transaction<Database>,
  siteId: string,
  expression: string,
): Promise<{ id: string; content: string }[]> {
  return await trx
    .selectFrom('comment')
    .select(['id', 'content'])
    .where('site_id', '=', siteId)
    .where(sql<boolean>`content ~* ${expression}`)
    .orderBy('id')
    .forUpdate()
    .execute();
}

export async function replaceContent(
  trx: Transaction<Database>,
  id: string,
  content: string,
  contentHash: string,
  now: Date,
): Promise<void> {
  await trx
    .updateTable('comment')
    .set({
      content,
      prefix_hash: null,
      content_hash: contentHash,
      updated_at: now,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', id)
    .execute();
}

/** Deletes comments with their decisions and places in the queue; answers stay, and answer nobody. */
export async function deleteComments(trx: Transaction<Database>, ids: readonly string[]): Promise<number> {
  await trx
    .updateTable('comment')
    .set({ parent_id: null })
    .where('parent_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  const result = await trx
    .deleteFrom('comment')
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Deletes uploaded samples that say the same as erased comments, or hold the address; returns their ids. */
export async function deleteSamples(
  trx: Transaction<Database>,
  siteId: string,
  contentHashes: readonly string[],
  expression: string,
): Promise<string[]> {
  const rows = await trx
    .deleteFrom('sample')
    .where('site_id', '=', siteId)
    .where((either) =>
      either.or([
        either('content_hash', '=', sql<string>`any(${[...contentHashes]}::text[])`),
        sql<boolean>`content ~* ${expression}`,
      ]),
    )
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Forgets the answers kept for repeated requests about these comments: they name them. */
export async function deleteAnswersAbout(
  trx: Transaction<Database>,
  commentIds: readonly string[],
): Promise<void> {
  const locations = commentIds.map((id) => `/v1/comments/${id}`);
  await trx
    .deleteFrom('idempotency')
    .where('location', '=', sql<string>`any(${locations}::text[])`)
    .execute();
}

/** Remembers that these pseudonyms were erased; one that was before counts from now. */
export async function addErasures(
  trx: Transaction<Database>,
  siteId: string,
  pseudonyms: readonly string[],
  at: Date,
): Promise<void> {
  await trx
    .insertInto('erasure')
    .values(pseudonyms.map((pseudonym) => ({ site_id: siteId, pseudonym, erased_at: at })))
    .onConflict((conflict) => conflict.columns(['site_id', 'pseudonym']).doUpdateSet({ erased_at: at }))
    .execute();
}

/** The erasures of a site. */
export async function listErasures(
  db: Kysely<Database>,
  siteId: string,
): Promise<{ pseudonym: string; erased_at: Date }[]> {
  return await db
    .selectFrom('erasure')
    .select(['pseudonym', 'erased_at'])
    .where('site_id', '=', siteId)
    .execute();
}
