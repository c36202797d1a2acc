import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './database.ts';

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

/** The days that have comments, oldest first; `sinceId` is the smallest id of the time to begin with. */
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
    left join lateral (
      select min(d.created_at) as at from decision d where d.comment_id = c.id and d.decision <> 'undo'
    ) first on true
    where c.site_id = ${siteId} and c.id >= ${sinceId}
    group by 1 order by 1`.execute(db);
  return rows;
}
