import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema/database.ts';
import { COUNT_LIMIT } from './queue.ts';

export interface OverdueSite {
  readonly site_id: string;
  readonly overdue_minutes: number;
}

/** The sites that want to be told of a queue that waits too long. */
export async function listSitesWithDeadline(db: Kysely<Database>): Promise<OverdueSite[]> {
  const { rows } = await sql<OverdueSite>`
    select id as site_id, (settings->>'overdue_minutes')::float8 as overdue_minutes from site
    where jsonb_typeof(settings->'overdue_minutes') = 'number'`.execute(db);
  return rows;
}

/** What has waited since before a time, up to 10,000; random checks (audit) wait for nobody. */
export async function countOverdue(
  db: Kysely<Database>,
  siteId: string,
  before: Date,
): Promise<{ count: number; oldest_at: Date | null }> {
  const { rows } = await sql<{ count: number; oldest_at: Date | null }>`
    select count(*)::int as count, min(created_at) as oldest_at from (
      select created_at from queue_item
      where site_id = ${siteId}::uuid and not audit and created_at < ${before}
      order by comment_id limit ${COUNT_LIMIT}) as waiting`.execute(db);
  return rows[0] ?? { count: 0, oldest_at: null };
}

/** Whether it is this caller that tells: nobody has since `notSince`. */
export async function claimAlarm(
  db: Kysely<Database>,
  siteId: string,
  now: Date,
  notSince: Date,
): Promise<boolean> {
  const row = await db
    .insertInto('overdue_alarm')
    .values({ site_id: siteId, told_at: now })
    .onConflict((conflict) =>
      conflict.column('site_id').doUpdateSet({ told_at: now }).where('overdue_alarm.told_at', '<=', notSince),
    )
    .returning('site_id')
    .executeTakeFirst();
  return row !== undefined;
}
