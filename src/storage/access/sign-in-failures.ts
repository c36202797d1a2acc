import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../schema/database.ts';

/** Failures of a subject since the time given. */
export async function countFailures(db: Kysely<Database>, subject: string, since: Date): Promise<number> {
  const row = await db
    .selectFrom('sign_in_failure')
    .select('failures')
    .where('subject', '=', subject)
    .where('since', '>', since)
    .executeTakeFirst();
  return row?.failures ?? 0;
}

export async function deleteFailures(db: Kysely<Database>, until: Date): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('since', '<=', until).execute();
}

/** Notes a failure unless the same one stands in the window already; old ones are dropped. Whether it is new. */
export async function addFailureOnce(
  db: Kysely<Database>,
  subject: string,
  now: Date,
  since: Date,
): Promise<boolean> {
  await deleteFailures(db, since);
  const row = await db
    .insertInto('sign_in_failure')
    .values({ subject, failures: 1, since: now })
    .onConflict((conflict) => conflict.column('subject').doNothing())
    .returning('subject')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Counts an attempt of a subject as failed before it is known to be, unless `most` are counted: whether it may be made.
 * One statement, so that of many attempts at once no more than `most` pass.
 */
export async function reserveFailure(
  db: Kysely<Database>,
  { subject, most, now, since }: { subject: string; most: number; now: Date; since: Date },
): Promise<boolean> {
  const over = sql<boolean>`sign_in_failure.since <= ${since}`;
  const row = await db
    .insertInto('sign_in_failure')
    .values({ subject, failures: 1, since: now })
    .onConflict((conflict) =>
      conflict
        .column('subject')
        .doUpdateSet({
          failures: sql`case when ${over} then 1 else sign_in_failure.failures + 1 end`,
          since: sql`case when ${over} then ${now} else sign_in_failure.since end`,
        })
        .where((where) => where.or([over, where('sign_in_failure.failures', '<', most)])),
    )
    .returning('subject')
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes one back that was counted beforehand. */
export async function takeBackFailure(db: Kysely<Database>, subject: string): Promise<void> {
  await db
    .updateTable('sign_in_failure')
    .set({ failures: sql`failures - 1` })
    .where('subject', '=', subject)
    .where('failures', '>', 0)
    .execute();
}

export async function clearFailures(db: Kysely<Database>, subject: string): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('subject', '=', subject).execute();
}
