import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './schema/database.ts';

/** One day of a site, in UTC, by when the comments came. */
export interface DayRow {
  /** `2026-11-25`. */
  readonly day: string;
  readonly submissions: number;
  /** By the filter's verdict. */
  readonly spam: number;
  readonly held: number;
  readonly decided: number;
  /** Median seconds from arrival to the first decision, of those held; null when none was decided. */
  readonly median_seconds_to_decision: number | null;
  /** Published without a human and marked spam later. */
  readonly missed_spam: number;
  /** Marked spam without a human and approved later. */
  readonly false_positives: number;
}

/**
 * The days on which comments came, oldest first; `sinceId` is the smallest id of the time to begin with. Imported
 * comments are left out: nobody sent them here.
 *
 * The decisions are gathered once and joined, not looked up comment by comment.
 */
export async function readDays(db: Kysely<Database>, siteId: string, sinceId: string): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`
    select to_char(date_trunc('day', c.created_at at time zone 'UTC'), 'YYYY-MM-DD') as day,
      count(*)::int as submissions,
      count(*) filter (where c.verdict = 'spam')::int as spam,
      count(*) filter (where c.disposition = 'hold')::int as held,
      count(first.at)::int as decided,
      percentile_cont(0.5) within group (order by extract(epoch from first.at - c.created_at))
        filter (where c.disposition = 'hold') as median_seconds_to_decision,
      count(*) filter (where c.disposition = 'publish' and c.label = 'spam')::int as missed_spam,
      count(*) filter (where c.disposition in ('spam', 'discard') and c.label = 'ham')::int as false_positives
    from comment c
    left join (
      select d.comment_id, min(d.created_at) as at from decision d
      where d.site_id = ${siteId} and d.comment_id >= ${sinceId} and d.decision <> 'undo'
      group by d.comment_id
    ) first on first.comment_id = c.id
    where c.site_id = ${siteId} and c.id >= ${sinceId} and not c.reasons @> '[{"rule": "imported"}]'
    group by 1 order by 1`.execute(db);
  return rows;
}

/** What left the queue on one day, or (`day` null) is still in it: since when the oldest of it had waited. */
export interface LeftRow {
  readonly day: string | null;
  readonly oldest: Date;
}

/**
 * How long things waited, by the day in UTC on which they left the queue. A decision keeps the item that it took out
 * of the queue, so that this needs no look at the comments, and each day is one row however many waited.
 */
export async function readLeavings(
  db: Kysely<Database>,
  siteId: string,
  sinceId: string,
): Promise<LeftRow[]> {
  const { rows } = await sql<LeftRow>`
    select to_char(d.created_at at time zone 'UTC', 'YYYY-MM-DD') as day,
      min((d.queue_before ->> 'created_at')::timestamptz) as oldest
    from decision d
    where d.site_id = ${siteId} and d.id >= ${sinceId} and d.queue_before is not null
      and d.decision not in ('undo', 'escalate')
    group by 1
    union all
    select null, min(q.created_at) from queue_item q where q.site_id = ${siteId} having count(*) > 0
    order by 1`.execute(db);
  return rows.map(({ day, oldest }) => ({ day, oldest: new Date(oldest) }));
}
