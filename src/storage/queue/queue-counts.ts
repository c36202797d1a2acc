/** How much waits in the queue, by what a moderator can choose. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../schema/database.ts';
import { COUNT_LIMIT } from './queue.ts';

/** Each counted up to 10,000; the same for everybody. */
export interface QueueParts {
  readonly waiting: number;
  readonly escalated: number;
  readonly audit: number;
  readonly claimed: number;
}

/** Counts of a site's queue. Each stops at {@link COUNT_LIMIT} rows of its own index. */
export async function countQueueParts(db: Kysely<Database>, siteId: string, now: Date): Promise<QueueParts> {
  const part = (condition: ReturnType<typeof sql>) => sql`
    (select count(*)::int from (select from queue_item where site_id = ${siteId}::uuid ${condition}
      limit ${COUNT_LIMIT}) counted)`;
  const result = await sql<QueueParts>`select
    ${part(sql``)} as waiting,
    ${part(sql`and escalated`)} as escalated,
    ${part(sql`and audit`)} as audit,
    ${part(sql`and claimed_until > ${now}::timestamptz`)} as claimed`.execute(db);
  return result.rows[0] ?? { waiting: 0, escalated: 0, audit: 0, claimed: 0 };
}
