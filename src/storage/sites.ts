import type { Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from './schema/database.ts';
import type { SiteTable } from './schema/sites.ts';

export type SiteRow = Selectable<SiteTable>;

/** What is needed to make a site again that nobody had used. */
export const replacedSite = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  url: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  created_at: z.string(),
});
export type ReplacedSite = z.infer<typeof replacedSite>;

export async function insertSite(db: Kysely<Database>, site: Insertable<SiteTable>): Promise<SiteRow | null> {
  const row = await db
    .insertInto('site')
    .values(site)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function findSite(db: Kysely<Database>, id: string): Promise<SiteRow | null> {
  return (await db.selectFrom('site').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function findSiteBySlug(db: Kysely<Database>, slug: string): Promise<SiteRow | null> {
  return (await db.selectFrom('site').selectAll().where('slug', '=', slug).executeTakeFirst()) ?? null;
}

/** The site, locked until the transaction ends: what is read of it may be written back changed. */
export async function lockSite(trx: Transaction<Database>, id: string): Promise<SiteRow | null> {
  return (
    (await trx.selectFrom('site').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
  );
}

/** The oldest three, for a caller who names none: asked with each of their requests. */
export async function listFirstSites(db: Kysely<Database>): Promise<Pick<SiteRow, 'id' | 'slug'>[]> {
  const query = sql<
    Pick<SiteRow, 'id' | 'slug'>
  >`/* list_first_sites */ select id, slug from site order by id limit 3`;
  return (await query.execute(db)).rows;
}

export async function listSites(db: Kysely<Database>, limit = 1000): Promise<SiteRow[]> {
  return await db.selectFrom('site').selectAll().orderBy('id').limit(limit).execute();
}

/** Changes a site and its revision, so that every process sees it as stale. */
export async function updateSite(
  db: Kysely<Database>,
  id: string,
  change: Updateable<SiteTable>,
): Promise<SiteRow | null> {
  const row = await db
    .updateTable('site')
    .set({ ...change, revision: sql<number>`revision + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function deleteSite(db: Kysely<Database>, id: string): Promise<boolean> {
  const result = await db.deleteFrom('site').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** The untouched site that a restore into this one has replaced; null when there was none, or the restore is done. */
export async function findReplacedSite(db: Kysely<Database>, id: string): Promise<ReplacedSite | null> {
  const row = await db
    .selectFrom('import_run')
    .select('options')
    .where('site_id', '=', id)
    .where('finished_at', 'is', null)
    .where(sql<boolean>`options ? 'replaced'`)
    .executeTakeFirst();
  return row === undefined ? null : replacedSite.parse(row.options.replaced);
}
