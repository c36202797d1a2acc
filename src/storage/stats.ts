import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Status } from '../core/comment.ts';
import type { Database } from './schema/database.ts';

/** How many comments of a site stand where. */
export async function countStatuses(db: Kysely<Database>, siteId: string): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('comment')
    .select(['status', sql<number>`count(*)::int`.as('count')])
    .where('site_id', '=', siteId)
    .groupBy('status')
    .execute();
  const counts: Record<Status, number> = { approved: 0, hold: 0, spam: 0, trash: 0 };
  for (const row of rows) counts[row.status] = row.count;
  return counts;
}

/** How many items wait, of a site or of all for null, and since when the oldest does. */
export async function readQueueAge(
  db: Kysely<Database>,
  siteId: string | null,
): Promise<{ waiting: number; oldest: Date | null }> {
  return await db
    .selectFrom('queue_item')
    .select((of) => [sql<number>`count(*)::int`.as('waiting'), of.fn.min('created_at').as('oldest')])
    .$if(siteId !== null, (query) => query.where('site_id', '=', siteId ?? ''))
    .executeTakeFirstOrThrow();
}

/** How many jobs and webhook messages made since a time are in which state, over all sites. */
export async function countWork(
  db: Kysely<Database>,
  since: Date,
): Promise<{
  jobs: { kind: string; state: string; count: number }[];
  deliveries: { state: string; count: number }[];
}> {
  const jobs = await db
    .selectFrom('job')
    .select(['kind', 'state', sql<number>`count(*)::int`.as('count')])
    .where('created_at', '>=', since)
    .groupBy(['kind', 'state'])
    .execute();
  const deliveries = await db
    .selectFrom('webhook_delivery')
    .select(['state', sql<number>`count(*)::int`.as('count')])
    .where('created_at', '>=', since)
    .groupBy('state')
    .execute();
  return { jobs, deliveries };
}

/** Counts over all sites, for the metrics: no site, no person. */
export async function countOverall(db: Kysely<Database>): Promise<{
  comments: { status: string; verdict: string; count: number }[];
  decisions: { decision: string; count: number }[];
}> {
  const comments = await db
    .selectFrom('comment')
    .select(['status', 'verdict', sql<number>`count(*)::int`.as('count')])
    .groupBy(['status', 'verdict'])
    .execute();
  const decisions = await db
    .selectFrom('decision')
    .select(['decision', sql<number>`count(*)::int`.as('count')])
    .groupBy('decision')
    .execute();
  return { comments, decisions };
}
