/** What Akismet's clients are to be told: an outbox, so that none is lost with a process. */
import type { Insertable, Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { AkismetCallbackKeyTable, AkismetCallbackTable } from '../schema/clients.ts';
import type { Database } from '../schema/database.ts';

/** Keeps a key for callbacks, unless it is kept already under the same pseudonym key. */
export async function insertCallbackKey(
  db: Kysely<Database>,
  key: Insertable<AkismetCallbackKeyTable>,
): Promise<void> {
  await db
    .insertInto('akismet_callback_key')
    .values(key)
    .onConflict((conflict) =>
      conflict
        .column('key_id')
        .doUpdateSet({ kid: key.kid, sealed: key.sealed })
        .where('akismet_callback_key.kid', '!=', key.kid),
    )
    .execute();
}

/** Forgets a key that was revoked. */
export async function deleteCallbackKey(trx: Transaction<Database>, keyId: string): Promise<void> {
  await trx.deleteFrom('akismet_callback_key').where('key_id', '=', keyId).execute();
}

/** The newest check of each comment whose client wants to hear of decisions, but for those of one key. */
export async function listChecksToTell(
  db: Kysely<Database>,
  commentIds: readonly string[],
  butOfKey: string,
): Promise<{ id: string; site_id: string; comment_id: string | null; spam: boolean }[]> {
  return await db
    .selectFrom('akismet_check')
    .select(['id', 'site_id', 'comment_id', 'spam'])
    .distinctOn('comment_id')
    .where('comment_id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .where('callback', 'is not', null)
    .where('key_id', '!=', butOfKey)
    .orderBy('comment_id')
    .orderBy('id', 'desc')
    .execute();
}

/** Queues callbacks; what the same checks were still to be told before is overtaken and goes. */
export async function insertCallbacks(
  trx: Transaction<Database>,
  callbacks: readonly Insertable<AkismetCallbackTable>[],
): Promise<void> {
  if (callbacks.length === 0) return;
  const checks = callbacks.map((callback) => callback.check_id);
  await trx
    .deleteFrom('akismet_callback')
    .where('check_id', '=', sql<string>`any(${checks}::uuid[])`)
    .where('next_attempt_at', 'is not', null)
    .execute();
  await trx
    .insertInto('akismet_callback')
    .values([...callbacks])
    .execute();
}

/** A callback that is due, with all that its sending needs. */
export interface DueCallback {
  readonly id: string;
  readonly check_id: string;
  readonly spam: boolean;
  readonly attempts: number;
  readonly callback: string | null;
  /** null: the comment is gone. */
  readonly post_id: string | null;
  /** null, like the next two: the key was revoked. */
  readonly key_id: string | null;
  readonly kid: string | null;
  readonly sealed: Uint8Array | null;
}

/**
 * Takes one that is due, so that no other process takes it before `until`: a lost process's callback is due again then.
 * Those of a revoked key, or of a comment that is gone, are none.
 */
export async function takeCallback(
  db: Kysely<Database>,
  now: Date,
  until: Date,
): Promise<DueCallback | null> {
  const taken = await sql<DueCallback>`
    with due as (
      select id from akismet_callback where next_attempt_at <= ${now}
      order by next_attempt_at limit 1 for update skip locked
    ), taken as (
      update akismet_callback set attempts = attempts + 1, next_attempt_at = ${until}
      from due where akismet_callback.id = due.id
      returning akismet_callback.id, akismet_callback.check_id, akismet_callback.spam, akismet_callback.attempts
    )
    select taken.*, akismet_check.callback, comment.post_id, kept.key_id, kept.kid, kept.sealed
    from taken join akismet_check on akismet_check.id = taken.check_id
      left join comment on comment.id = akismet_check.comment_id
      left join api_key on api_key.id = akismet_check.key_id and api_key.revoked_at is null
      left join akismet_callback_key kept on kept.key_id = api_key.id`.execute(db);
  return taken.rows[0] ?? null;
}

/** How an attempt ended: delivered, due again at a time, or given up. */
export interface CallbackEnd {
  readonly deliveredAt: Date | null;
  readonly nextAttemptAt: Date | null;
  /** A few words, never content. */
  readonly lastError: string | null;
}

export async function endCallbackAttempt(db: Kysely<Database>, id: string, end: CallbackEnd): Promise<void> {
  await db
    .updateTable('akismet_callback')
    .set({
      delivered_at: end.deliveredAt,
      next_attempt_at: end.nextAttemptAt,
      last_error: end.lastError,
    })
    .where('id', '=', id)
    .execute();
}
