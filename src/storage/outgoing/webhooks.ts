import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { Database } from '../schema/database.ts';
import type { WebhookTable } from '../schema/outgoing.ts';

export type WebhookRow = Selectable<WebhookTable>;

/** A site that has more of them has something else in mind. */
export async function countWebhooks(db: Kysely<Database>, siteId: string): Promise<number> {
  const { count } = await db
    .selectFrom('webhook')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('site_id', '=', siteId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertWebhook(
  db: Kysely<Database>,
  webhook: Insertable<WebhookTable>,
): Promise<WebhookRow> {
  return await db.insertInto('webhook').values(webhook).returningAll().executeTakeFirstOrThrow();
}

export async function listWebhooks(db: Kysely<Database>, siteId: string): Promise<WebhookRow[]> {
  return await db.selectFrom('webhook').selectAll().where('site_id', '=', siteId).orderBy('id').execute();
}

export async function findWebhook(
  db: Kysely<Database>,
  siteId: string,
  id: string,
): Promise<WebhookRow | null> {
  const row = await db
    .selectFrom('webhook')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

export async function updateWebhook(
  db: Kysely<Database>,
  siteId: string,
  id: string,
  change: Updateable<WebhookTable>,
): Promise<WebhookRow | null> {
  const row = await db
    .updateTable('webhook')
    .set(change)
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Deletes a webhook with its deliveries; false when there is none. */
export async function deleteWebhook(db: Kysely<Database>, siteId: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('webhook')
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
