import type { Insertable, Kysely, Selectable } from 'kysely';
import type { CoralConnectionTable } from '../schema/clients.ts';
import type { Database } from '../schema/database.ts';

export type CoralConnectionRow = Selectable<CoralConnectionTable>;

export async function putCoralConnection(
  db: Kysely<Database>,
  row: Insertable<CoralConnectionTable>,
): Promise<void> {
  const { site_id: _, ...rest } = row;
  await db
    .insertInto('coral_connection')
    .values(row)
    .onConflict((conflict) => conflict.column('site_id').doUpdateSet(rest))
    .execute();
}

export async function findCoralConnection(
  db: Kysely<Database>,
  siteId: string,
): Promise<CoralConnectionRow | null> {
  const row = await db
    .selectFrom('coral_connection')
    .selectAll()
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row ?? null;
}

export async function deleteCoralConnection(db: Kysely<Database>, siteId: string): Promise<boolean> {
  const result = await db.deleteFrom('coral_connection').where('site_id', '=', siteId).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
