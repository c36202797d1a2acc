import type { ExpressionBuilder, Insertable, Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './schema/database.ts';
import type { JobTable } from './schema/work.ts';

export type JobRow = Selectable<JobTable>;

/** A process that does a job is heard of at least this often. */
export const HEARTBEAT_SECONDS = 5;
/** A job whose process has not been heard of for this long is taken over by another. */
export const HEARTBEAT_LOST_SECONDS = 20;
/** A job that failed to survive this often is not tried again. */
export const MAX_ATTEMPTS = 5;
/** Nor is one whose process was lost so often in a row at the same place: it takes the other tenants' work with it. */
export const MAX_LOSSES = 2;

/** Notes where a running job was when its process was lost. */
const noteLoss = {
  lost_place: sql<
    string | null
  >`case when state = 'running' then concat(phase, ':', done) else lost_place end`,
  losses: sql<number>`case when state <> 'running' then losses
    when lost_place = concat(phase, ':', done) then losses + 1 else 1 end`,
};

/** Queues a job; null when the site already has one of the kind that must run alone. */
export async function insertJob(db: Kysely<Database>, job: Insertable<JobTable>): Promise<JobRow | null> {
  const row = await db
    .insertInto('job')
    .values(job)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function findJob(
  db: Kysely<Database>,
  siteId: string | null,
  id: string,
): Promise<JobRow | null> {
  const row = await db
    .selectFrom('job')
    .selectAll()
    .where('id', '=', id)
    .$if(siteId !== null, (query) => query.where('site_id', '=', siteId ?? ''))
    .executeTakeFirst();
  return row ?? null;
}

export async function listJobs(db: Kysely<Database>, siteId: string, limit: number): Promise<JobRow[]> {
  return await db
    .selectFrom('job')
    .selectAll()
    .where('site_id', '=', siteId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/**
 * Takes the oldest job of these kinds that waits or whose process was lost. `SKIP LOCKED`: two processes never take one
 * job.
 */
export async function takeJob(
  db: Kysely<Database>,
  kinds: readonly string[],
  now: Date,
): Promise<JobRow | null> {
  const row = await db
    .updateTable('job')
    .set({
      ...noteLoss,
      state: 'running',
      started_at: now,
      heartbeat_at: now,
      done: 0,
      phase: null,
      attempts: sql<number>`attempts + 1`,
    })
    .where('id', '=', (open) =>
      open
        .selectFrom('job')
        .select('id')
        .where(isWaiting(now))
        .where('kind', 'in', [...kinds])
        .orderBy('created_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Whether there is a job that {@link takeJob} would take. */
export async function isJobWaiting(
  db: Kysely<Database>,
  kinds: readonly string[],
  now: Date,
): Promise<boolean> {
  const row = await db
    .selectFrom('job')
    .select('id')
    .where(isWaiting(now))
    .where('kind', 'in', [...kinds])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** It waits, or its process was lost. */
function isWaiting(now: Date) {
  const lost = new Date(now.getTime() - HEARTBEAT_LOST_SECONDS * 1000);
  return (of: ExpressionBuilder<Database, 'job'>) =>
    of.or([of('state', '=', 'queued'), of.and([of('state', '=', 'running'), of('heartbeat_at', '<', lost)])]);
}

/** Reports progress; false when the job was cancelled or taken from us, and the work must stop. */
export async function reportProgress(
  db: Kysely<Database>,
  job: JobRow,
  { done, total, phase }: Pick<JobRow, 'done' | 'total' | 'phase'>,
  now: Date,
): Promise<boolean> {
  const row = await db
    .updateTable('job')
    .set({ done, total, phase, heartbeat_at: now })
    .where('id', '=', job.id)
    .where('state', '=', 'running')
    .where('attempts', '=', job.attempts)
    .returning('cancel_requested')
    .executeTakeFirst();
  return row !== undefined && !row.cancel_requested;
}

/** Tells that the job's process lives. */
export async function beat(db: Kysely<Database>, job: JobRow, now: Date): Promise<void> {
  await db
    .updateTable('job')
    .set({ heartbeat_at: now })
    .where('id', '=', job.id)
    .where('state', '=', 'running')
    .where('attempts', '=', job.attempts)
    .execute();
}

/** Puts a job back that its process cannot finish because it stops: that is no attempt that failed. */
export async function putBackJob(db: Kysely<Database>, job: JobRow): Promise<void> {
  await db
    .updateTable('job')
    .set({
      state: sql`case when cancel_requested then 'cancelled' else 'queued' end`,
      phase: null,
      attempts: sql<number>`attempts - 1`,
    })
    .where('id', '=', job.id)
    .where('state', '=', 'running')
    .where('attempts', '=', job.attempts)
    .execute();
}

/** Puts back every job that runs: for a process that knows that no other one lives. */
export async function releaseJobs(db: Kysely<Database>): Promise<void> {
  await db
    .updateTable('job')
    .set({ ...noteLoss, state: 'queued', phase: null })
    .where('state', '=', 'running')
    .execute();
}

/** The site's job of a kind that waits or runs. */
export async function findOpenJob(
  db: Kysely<Database>,
  siteId: string,
  kind: string,
): Promise<JobRow | null> {
  const row = await db
    .selectFrom('job')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('kind', '=', kind)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  return row ?? null;
}

export async function finishJob(
  db: Kysely<Database>,
  job: JobRow,
  end: { state: 'succeeded' | 'failed' | 'cancelled'; result?: Record<string, unknown>; error?: string },
  now: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({
      state: end.state,
      phase: null,
      result: end.result === undefined ? null : JSON.stringify(end.result),
      error: end.error ?? null,
      finished_at: now,
    })
    .where('id', '=', job.id)
    .where('state', '=', 'running')
    .where('attempts', '=', job.attempts)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Cancels a job that waits, or asks a running one to stop; false when it is over already. */
export async function cancelJob(
  db: Kysely<Database>,
  siteId: string | null,
  id: string,
  now: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({
      cancel_requested: true,
      state: sql`case when state = 'queued' then 'cancelled' else state end`,
      finished_at: sql`case when state = 'queued' then ${now}::timestamptz else finished_at end`,
    })
    .where('id', '=', id)
    .$if(siteId !== null, (query) => query.where('site_id', '=', siteId ?? ''))
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
