import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Failures of each subject since the time given. */
export async function countFailures(
  db: Kysely<Database>,
  subjects: readonly string[],
  since: Date,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('sign_in_failure')
    .select(['subject', 'failures'])
    .where('subject', 'in', subjects)
    .where('since', '>', since)
    .execute();
  return new Map(rows.map(({ subject, failures }) => [subject, failures]));
}

/** Counts one more failure of each subject; a window that is over begins anew, and old ones are dropped. */
export async function addFailures(
  db: Kysely<Database>,
  subjects: readonly string[],
  now: Date,
  since: Date,
): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('since', '<=', since).execute();
  await db
    .insertInto('sign_in_failure')
    .values(subjects.map((subject) => ({ subject, failures: 1, since: now })))
    .onConflict((conflict) =>
      conflict.column('subject').doUpdateSet({ failures: sql`sign_in_failure.failures + 1` }),
    )
    .execute();
}

export async function clearFailures(db: Kysely<Database>, subject: string): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('subject', '=', subject).execute();
}
