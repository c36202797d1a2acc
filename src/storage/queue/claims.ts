/** Who holds which items of the queue, and until when. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database, Transaction } from '../schema/database.ts';
import type { QueueItemRow } from './queue.ts';

export interface Claim {
  readonly claimant: string;
  readonly now: Date;
  readonly until: Date;
}

/**
 * Claims up to `limit` items that nobody holds, riskiest first. `FOR UPDATE SKIP LOCKED`: two claims at once never
 * get one item, and neither waits for the other.
 */
export async function claimFreeItems(
  trx: Transaction,
  siteId: string,
  { claimant, now, until }: Claim,
  limit: number,
): Promise<QueueItemRow[]> {
  return await trx
    .updateTable('queue_item')
    .set({ claimed_by: claimant, claimed_until: until })
    .where('comment_id', 'in', (free) =>
      free
        .selectFrom('queue_item')
        .select('comment_id')
        .where('site_id', '=', siteId)
        .where((either) =>
          either.or([either('claimed_until', 'is', null), either('claimed_until', '<=', now)]),
        )
        .orderBy('risk', 'desc')
        .orderBy('comment_id', 'desc')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}

/** Claims those of these items that nobody else holds; the claimant's own are held longer. */
export async function claimItemsById(
  trx: Transaction,
  siteId: string,
  { claimant, now, until }: Claim,
  commentIds: readonly string[],
): Promise<QueueItemRow[]> {
  return await trx
    .updateTable('queue_item')
    .set({ claimed_by: claimant, claimed_until: until })
    .where('site_id', '=', siteId)
    .where('comment_id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .where((either) =>
      either.or([
        either('claimed_until', 'is', null),
        either('claimed_until', '<=', now),
        either('claimed_by', '=', claimant),
      ]),
    )
    .returningAll()
    .execute();
}

/** Gives back what this claimant holds; returns the ids. */
export async function releaseClaims(
  trx: Transaction,
  siteId: string,
  claimant: string,
  commentIds: readonly string[],
): Promise<string[]> {
  const rows = await trx
    .updateTable('queue_item')
    .set({ claimed_by: null, claimed_until: null })
    .where('site_id', '=', siteId)
    .where('claimed_by', '=', claimant)
    .where('comment_id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .returning('comment_id')
    .execute();
  return rows.map((row) => row.comment_id);
}

/** The claims of a site that stand, those that end first before. */
export async function listClaims(
  db: Kysely<Database>,
  siteId: string,
  now: Date,
  limit: number,
): Promise<Pick<QueueItemRow, 'comment_id' | 'claimed_by' | 'claimed_until'>[]> {
  return await db
    .selectFrom('queue_item')
    .select(['comment_id', 'claimed_by', 'claimed_until'])
    .where('site_id', '=', siteId)
    .where('claimed_until', '>', now)
    .orderBy('claimed_until')
    .limit(limit)
    .execute();
}

/** The names behind references such as `user:ID` and `key:ID`, as people chose them. */
export async function readActorNames(
  db: Kysely<Database>,
  references: readonly string[],
): Promise<Map<string, string>> {
  const result = await sql<{ reference: string; name: string }>`
    select 'user:' || id as reference, name from person where 'user:' || id = any(${[...references]}::text[])
    union all
    select 'key:' || id, name from api_key where 'key:' || id = any(${[...references]}::text[])`.execute(db);
  return new Map(result.rows.map(({ reference, name }) => [reference, name]));
}
