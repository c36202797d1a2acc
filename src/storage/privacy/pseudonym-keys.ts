/** Which pseudonym keys a database was used with, by check values that tell nothing of a key. */
import type { Insertable, Kysely } from 'kysely';
import type { Database } from '../schema/database.ts';
import type { PseudonymKeyTable } from '../schema/privacy.ts';

/** The check value of each key id, in the order in which they were first used. */
export async function listKeyChecks(db: Kysely<Database>): Promise<{ kid: string; check_value: string }[]> {
  return await db
    .selectFrom('pseudonym_key')
    .select(['kid', 'check_value'])
    .orderBy('first_used_at')
    .orderBy('kid')
    .execute();
}

/** A key id that is there already keeps the check value that it has. */
export async function insertKeyChecks(
  db: Kysely<Database>,
  rows: readonly Insertable<PseudonymKeyTable>[],
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto('pseudonym_key')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
