/** Tombstones: the ids of what was erased. */
import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../schema/database.ts';
import type { TombstoneKind } from '../schema/privacy.ts';

/** Ids in one statement: three parameters each would reach PostgreSQL's limit of 65,535, an array does not. */
export async function insertTombstones(
  trx: Transaction<Database>,
  siteId: string,
  kind: TombstoneKind,
  subjects: readonly string[],
  at: Date,
): Promise<void> {
  if (subjects.length === 0) return;
  await sql`insert into tombstone (site_id, kind, subject, erased_at)
    select ${siteId}::uuid, ${kind}, subject, ${at}::timestamptz from unnest(${[...subjects]}::uuid[]) as subject
    on conflict (site_id, kind, subject) do update set erased_at = excluded.erased_at`.execute(trx);
}

/** Of these ids, the ones with a tombstone of the kind, and when each was erased. */
export async function findTombstones(
  db: Kysely<Database>,
  siteId: string,
  kind: TombstoneKind,
  subjects: readonly string[],
): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('tombstone')
    .select(['subject', 'erased_at'])
    .where('site_id', '=', siteId)
    .where('kind', '=', kind)
    .where('subject', '=', sql<string>`any(${[...subjects]}::uuid[])`)
    .execute();
  return new Map(rows.map(({ subject, erased_at }) => [subject, erased_at]));
}
