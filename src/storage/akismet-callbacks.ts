/** What Akismet's clients are to be told: an outbox, so that none is lost with a process. */
import type { Insertable, Kysely } from 'kysely';
import type { AkismetCallbackKeyTable, Database } from './database.ts';

/** Keeps a key for callbacks unless it is kept already. */
export async function insertCallbackKey(
  db: Kysely<Database>,
  key: Insertable<AkismetCallbackKeyTable>,
): Promise<void> {
  await db
    .insertInto('akismet_callback_key')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
