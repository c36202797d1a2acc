/**
 * PostgreSQL from a Worker, through Hyperdrive. A Worker's socket belongs to the request that opened it, so there is
 * one small pool a request; Hyperdrive keeps the real connections.
 */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from '../schema/database.ts';

/** A Worker may have 6 sockets open a request; a transaction and a read beside it need 2. */
const CONNECTIONS = 3;

/** Hyperdrive's binding, the part that is needed. */
export interface Hyperdrive {
  readonly connectionString: string;
}

/** The database for one request. Nothing connects before the first query; the caller ends it with `db.destroy()`. */
export function connectWorker(hyperdrive: Hyperdrive): Kysely<Database> {
  const pool = new pg.Pool({
    connectionString: hyperdrive.connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: 1_500,
  });
  // A broken idle connection is replaced by the next query; without a listener it would end the isolate.
  pool.on('error', () => undefined);
  // And so would one that breaks between two queries of a transaction: the next query fails and says so.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
