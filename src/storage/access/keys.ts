import type { Insertable, Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { ApiKeyTable } from '../schema/access.ts';
import type { Database } from '../schema/database.ts';

export type ApiKeyRow = Selectable<ApiKeyTable>;

export async function insertKey(db: Kysely<Database>, key: Insertable<ApiKeyTable>): Promise<void> {
  await db.insertInto('api_key').values(key).execute();
}

/** Stores a key unless one of this id is there. */
export async function insertKeyOnce(db: Kysely<Database>, key: Insertable<ApiKeyTable>): Promise<void> {
  await db
    .insertInto('api_key')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Whether a key that is live at this time names the origin. */
export async function hasKeyForOrigin(db: Kysely<Database>, origin: string, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('api_key')
    .select('id')
    .where('allowed_origins', '@>', sql<string[]>`${[origin]}::text[]`)
    .where('revoked_at', 'is', null)
    .where((or) => or.or([or('expires_at', 'is', null), or('expires_at', '>', now)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function findKey(db: Kysely<Database>, id: string): Promise<ApiKeyRow | null> {
  return (await db.selectFrom('api_key').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The key that is stored under one of these secrets, live or not. */
export async function findKeyBySecret(
  db: Kysely<Database>,
  secrets: readonly string[],
): Promise<ApiKeyRow | null> {
  const row = await db
    .selectFrom('api_key')
    .selectAll()
    .where('secret_sha256', 'in', [...secrets])
    .executeTakeFirst();
  return row ?? null;
}

/** Stores a key's secret under a newer pseudonym key. */
export async function renewKeySecret(db: Kysely<Database>, id: string, secret: string): Promise<void> {
  await db.updateTable('api_key').set({ secret_sha256: secret }).where('id', '=', id).execute();
}

/** The keys of a site, or of every site for null, newest last. */
export async function listKeys(db: Kysely<Database>, siteId: string | null): Promise<ApiKeyRow[]> {
  return await db
    .selectFrom('api_key')
    .selectAll()
    .$if(siteId !== null, (query) => query.where('site_id', '=', siteId))
    .orderBy('created_at')
    .orderBy('id')
    .limit(1000)
    .execute();
}

export async function hasAdminKey(db: Kysely<Database>): Promise<boolean> {
  const row = await db
    .selectFrom('api_key')
    .select('id')
    .where('site_id', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Revokes a key of a site (of any site for null); false when there is none or it was revoked before. */
export async function revokeKey(
  db: Kysely<Database>,
  id: string,
  siteId: string | null,
  now: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('api_key')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .$if(siteId !== null, (query) => query.where('site_id', '=', siteId))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Notes the use of a key, at most once a minute, so that reading does not become writing. */
export async function touchKey(db: Kysely<Database>, id: string, now: Date): Promise<void> {
  const aMinuteAgo = new Date(now.getTime() - 60_000);
  await db
    .updateTable('api_key')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where((or) => or.or([or('last_used_at', 'is', null), or('last_used_at', '<', aMinuteAgo)]))
    .execute();
}
