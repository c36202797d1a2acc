import type { Kysely } from 'kysely';
import type { Verdict } from '../core/comment.ts';
import type { Database, Transaction } from './schema/database.ts';

/** The statuses by name, so that the index of a site's folders finds what is new in each. */
const STATUSES = ['approved', 'hold', 'spam', 'trash'] as const;

/** The verdicts on the comments from an id on, at most so many. */
export async function listVerdictsSince(
  db: Kysely<Database>,
  siteId: string,
  firstId: string,
  most: number,
): Promise<Verdict[]> {
  const rows = await db
    .selectFrom('comment')
    .select('verdict')
    .where('site_id', '=', siteId)
    .where('status', 'in', STATUSES)
    .where('id', '>=', firstId)
    .limit(most)
    .execute();
  return rows.map(({ verdict }) => verdict);
}

/** Notes that a challenge was used; false when it had been. */
export async function spendChallenge(
  trx: Transaction,
  siteId: string,
  nonce: string,
  expiresAt: Date,
): Promise<boolean> {
  const result = await trx
    .insertInto('spent_challenge')
    .values({ site_id: siteId, nonce, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}
