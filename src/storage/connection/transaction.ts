import { setTimeout as wait } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../schema/database.ts';

/** Serialisation failure and deadlock: the database asks to try again. */
const RETRY = new Set(['40001', '40P01']);
const MOST_TRIES = 4;
/** The longest wait before the second try; it doubles with each. At random, so that the same two do not meet again. */
const FIRST_WAIT_MS = 30;

/** Runs `work` in a transaction, again when the database asks for it; `work` must have no other effects. */
export async function inTransaction<T>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (tries === MOST_TRIES || !RETRY.has(sqlState(error))) throw error;
      await wait(Math.random() * FIRST_WAIT_MS * 2 ** (tries - 1));
    }
  }
}

/** The SQLSTATE of a database error, or ''. */
export function sqlState(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** Whether the server takes no writes: a standby, or one that was set to read only. */
export async function isReadOnly(db: Kysely<Database>): Promise<boolean> {
  const { rows } = await sql<{ transaction_read_only: string }>`show transaction_read_only`.execute(db);
  return rows[0]?.transaction_read_only === 'on';
}
