/** Which database a Node process uses: PGlite in a folder, or PostgreSQL at a URL. Neither driver is loaded for the other. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect, sql } from 'kysely';
import type { Database } from '../schema/database.ts';
import { createRoomCheck } from './disk-room.ts';
import { CONNECT_TIMEOUT_MS, createPatientPool } from './pool-with-watchdog.ts';
import { preparedNameOf } from './prepared.ts';

/** An open database; `close` ends its connections and may be called twice. */
export interface Connection {
  readonly kind: 'pglite' | 'postgres';
  readonly db: Kysely<Database>;
  readonly close: () => Promise<void>;
}

export interface PostgresOptions {
  /** Most connections at a time, ≥ 1. */
  readonly connections: number;
  /** Told when an idle connection breaks (the server restarted); the pool opens a new one by itself. */
  readonly onIdleError: (error: Error) => void;
  /** false behind a pooler that gives each transaction another connection. */
  readonly prepare?: boolean;
  /** Each query on one core: for work that leaves the others to the requests. */
  readonly oneCoreEach?: boolean;
}

/** No query of ours needs longer; a stuck one must not keep a connection for good. */
const STATEMENT_TIMEOUT_MS = 60_000;
/**
 * A table that somebody else has locked (VACUUM FULL, an ALTER by hand) must not take every connection with it: who needs
 * it is answered 503 within the promised time, and the rest goes on. Long work beside the requests waits.
 */
const LOCK_TIMEOUT_MS = 1_500;
/** A process that stopped in the middle of a transaction must not hold its locks for good. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/**
 * PostgreSQL through a pool. Nothing connects before the first query.
 *
 * `date` columns come as text, as from PGlite; `pg` alone would give a Date at local midnight.
 */
export async function connectPostgres(url: string, options: PostgresOptions): Promise<Connection> {
  const { default: pg } = await import('pg');
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'leave-a-reply',
  };
  const pool = new pg.Pool({
    ...connection,
    max: options.connections,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    ...(options.oneCoreEach ? {} : { lock_timeout: LOCK_TIMEOUT_MS }),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === pg.types.builtins.DATE ? (text: string) => text : pg.types.getTypeParser(oid, format),
    },
  });
  pool.on('error', options.onIdleError);
  const patient = createPatientPool(
    pool,
    options.connections,
    () => new pg.Client(connection),
    options.prepare === false ? () => undefined : preparedNameOf,
  );
  const dialect = new PostgresDialect({
    pool: patient,
    ...(options.oneCoreEach ? { onCreateConnection: keepToOneCore } : {}),
  });
  const db = new Kysely<Database>({ dialect });
  return { kind: 'postgres', db, close: () => db.destroy() };
}

async function keepToOneCore(connection: DatabaseConnection): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw('set max_parallel_workers_per_gather = 0'));
}

/**
 * The embedded PGlite. The caller holds the lock of `dataDir` (see data-dir-lock.ts): PGlite has none, and a second
 * process on the same folder silently loses rows.
 *
 * @param dataDir the folder that gets a `pglite` folder; undefined keeps everything in memory.
 * @param dump a data directory as `dumpDataDir` gives it, to start from (tests: 0.5 s instead of 2.7 s).
 * @throws {DiskFullError} now, and later from every query that writes, while the disk has no room.
 */
export async function connectPglite(dataDir: string | undefined, dump?: Blob): Promise<Connection> {
  const [{ PGlite }, { createPgliteDialect, PGLITE_PARSERS }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('./pglite-dialect.ts'),
  ]);
  let requireRoom = () => {};
  if (dataDir !== undefined) {
    closeToOthers(dataDir);
    requireRoom = createRoomCheck(dataDir);
    requireRoom();
  }
  const pglite = await PGlite.create({
    ...(dataDir === undefined ? {} : { dataDir: join(dataDir, 'pglite') }),
    ...(dump === undefined ? {} : { loadDataDir: dump }),
    parsers: PGLITE_PARSERS,
  });
  const db = new Kysely<Database>({ dialect: createPgliteDialect(pglite, requireRoom) });
  // Kysely opens its driver with the first query; without one, destroy() would leave PGlite open.
  const close = async () => {
    await db.destroy();
    if (!pglite.closed) await pglite.close();
  };
  return { kind: 'pglite', db, close };
}

/**
 * Keeps everybody else on the machine out of the folder. PGlite writes its files with mode 0666 (969 of 1,220 were), so
 * the folders above them have to be closed; a folder that an older version made is closed at the next start.
 */
function closeToOthers(dataDir: string): void {
  const inner = join(dataDir, 'pglite');
  for (const folder of [dataDir, inner]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
}

/** As `server_version_num` says it: major × 10,000 + minor. */
const OLDEST_POSTGRES = 150_000;

/**
 * Why this database cannot be used, as the rest of a sentence that begins with its name; null when it can.
 *
 * @example
 * await findDatabaseProblem(db) // 'is PostgreSQL 13: 15 or newer is needed'
 */
export async function findDatabaseProblem(db: Kysely<Database>): Promise<string | null> {
  try {
    const { rows } = await sql<{ server_version_num: string }>`show server_version_num`.execute(db);
    const version = Number(rows[0]?.server_version_num);
    if (version >= OLDEST_POSTGRES) return null;
    return `is PostgreSQL ${Math.floor(version / 10_000)}: 15 or newer is needed`;
  } catch (error) {
    return `does not answer (${reasonOf(error)}): is it running, and are user, password and name in DATABASE_URL right?`;
  }
}

/** A refused connection to a name with several addresses is an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message === '' ? code : error.message;
}
