import type { Kysely, Selectable } from 'kysely';
import type { IdempotencyTable } from './schema/comments.ts';
import type { Database } from './schema/database.ts';

export type IdempotencyRow = Selectable<IdempotencyTable>;

/** Reserves a key; false when it is there already. */
export async function reserveKey(
  db: Kysely<Database>,
  keyId: string,
  idempotencyKey: string,
  fingerprint: string,
  now: Date,
): Promise<boolean> {
  const result = await db
    .insertInto('idempotency')
    .values({
      key_id: keyId,
      idempotency_key: idempotencyKey,
      fingerprint,
      status: null,
      location: null,
      body: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function findReservation(
  db: Kysely<Database>,
  keyId: string,
  idempotencyKey: string,
): Promise<IdempotencyRow | null> {
  const row = await db
    .selectFrom('idempotency')
    .selectAll()
    .where('key_id', '=', keyId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  return row ?? null;
}

/** Gives a key back after a failure, so that the client may try again with it. */
export async function releaseKey(db: Kysely<Database>, keyId: string, idempotencyKey: string): Promise<void> {
  await db
    .deleteFrom('idempotency')
    .where('key_id', '=', keyId)
    .where('idempotency_key', '=', idempotencyKey)
    .where('status', 'is', null)
    .execute();
}

/** Drops a reservation that was made when `createdAt` says; one made since stays. */
export async function deleteReservation(
  db: Kysely<Database>,
  keyId: string,
  idempotencyKey: string,
  createdAt: Date,
): Promise<void> {
  await db
    .deleteFrom('idempotency')
    .where('key_id', '=', keyId)
    .where('idempotency_key', '=', idempotencyKey)
    .where('created_at', '<=', createdAt)
    .execute();
}
