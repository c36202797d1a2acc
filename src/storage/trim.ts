/** Deletes rows that are too old, in batches: one statement over 500,000 old keys stopped all answers of PGlite. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from './schema/database.ts';

const DAY_MS = 86_400_000;

export interface TrimmedTable {
  readonly table: keyof Database;
  /** Whose age counts; a row where it is null stays. */
  readonly column: string;
  readonly keptMs: number;
  /** What must also be true of a row that is deleted; `before` is the age limit. */
  readonly only?: (before: Date) => RawBuilder<boolean>;
}

/** A sign-in failure counts for this long. */
export const FAILURE_WINDOW_MS = 15 * 60_000;
/** An answer is repeated for this long. */
export const ANSWER_KEPT_MS = DAY_MS;

/** Every table that grows with the traffic and that nothing else empties. */
export const TRIMMED: readonly TrimmedTable[] = [
  { table: 'idempotency', column: 'created_at', keptMs: ANSWER_KEPT_MS },
  { table: 'sign_in_failure', column: 'since', keptMs: FAILURE_WINDOW_MS },
  { table: 'spent_challenge', column: 'expires_at', keptMs: 0 },
  { table: 'session', column: 'expires_at', keptMs: 0 },
  { table: 'invitation', column: 'expires_at', keptMs: 30 * DAY_MS },
  // The live stream reads the newest alone: 270 bytes a comment were 46 GB a day at 2,000 a second.
  { table: 'event', column: 'created_at', keptMs: 7 * DAY_MS },
  { table: 'webhook_delivery', column: 'finished_at', keptMs: 30 * DAY_MS },
  {
    table: 'akismet_callback',
    column: 'created_at',
    keptMs: 30 * DAY_MS,
    only: () => sql`next_attempt_at is null`,
  },
  // A year of usage and the month that is compared with it.
  { table: 'akismet_check', column: 'created_at', keptMs: 396 * DAY_MS },
  { table: 'job', column: 'finished_at', keptMs: 90 * DAY_MS },
  // Announced and never started: its file, which holds addresses, ends with it. The others are kept for 90 days.
  {
    table: 'import_run',
    column: 'created_at',
    keptMs: DAY_MS,
    only: (before) => sql`(job_id is null or created_at <= ${new Date(before.getTime() - 89 * DAY_MS)}
      and not exists (select from job where job.id = job_id and job.state in ('queued', 'running')))`,
  },
  { table: 'shadow_run', column: 'stopped_at', keptMs: 396 * DAY_MS },
];

/** The newest candidates of a site are kept, so that they can be compared; each may have 64 MiB. */
export const CANDIDATES_KEPT = 20;

/**
 * Deletes at most `limit` rows that are too old, none that another transaction holds. Returns how many there were: with
 * fewer than `limit`, none is left.
 */
export async function deleteOldRows(
  db: Kysely<Database>,
  { table, column, keptMs, only }: TrimmedTable,
  now: Date,
  limit: number,
): Promise<number> {
  const before = new Date(now.getTime() - keptMs);
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where ctid = any(array(
      select ctid from ${sql.table(table)}
      where ${sql.ref(column)} <= ${before} ${only === undefined ? sql`` : sql`and ${only(before)}`}
      limit ${limit} for update skip locked))`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Deletes models that were trained and never activated, but for the newest of each site and what runs in shadow. */
export async function deleteOldCandidates(db: Kysely<Database>, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from model where version = any(array(
      select version from (
        select version, site_id, row_number() over (partition by site_id order by created_at desc, version desc) as age
        from model where site_id is not null and activated_at is null and state in ('candidate', 'refused')
      ) candidate
      where age > ${CANDIDATES_KEPT} and not exists (
        select from shadow_run r where r.model_version = candidate.version and r.stopped_at is null)
      limit ${limit}))`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
