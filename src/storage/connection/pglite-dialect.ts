/**
 * Kysely over the embedded PGlite. Kysely's own dialect for it needs Node 22; this one also waits in line, because
 * PGlite is one session: a second caller between `begin` and `commit` would join the first one's transaction.
 */
import type { PGlite } from '@electric-sql/pglite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { DatabaseBusyError } from './database-busy-error.ts';

/** Nobody gets the one connection within this time: overload, or `db` used inside a transaction instead of `trx`. */
const ACQUIRE_TIMEOUT_MS = 20_000;
const STAYED_BUSY =
  `the embedded database was busy for ${ACQUIRE_TIMEOUT_MS / 1000} s; if it was idle, a query on the database ` +
  'inside a transaction waits for itself: use the transaction';

/**
 * A dialect over one PGlite. Values go in and come out as with `pg`: arrays become PostgreSQL arrays, objects JSON,
 * `bigint` columns decimal strings (see {@link PGLITE_PARSERS}).
 *
 * @param requireRoom called before each query that writes; may refuse it by throwing.
 */
export function createPgliteDialect(pglite: PGlite, requireRoom: () => void = () => {}): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PgliteDriver(pglite, requireRoom),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** `int8` and `date` as text, where PGlite alone would give a number and a Date at UTC midnight. */
export const PGLITE_PARSERS = { 20: (text: string) => text, 1082: (text: string) => text };

class PgliteDriver implements Driver {
  readonly #pglite: PGlite;
  readonly #connection: PgliteConnection;
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  constructor(pglite: PGlite, requireRoom: () => void) {
    this.#pglite = pglite;
    this.#connection = new PgliteConnection(pglite, requireRoom);
  }

  async init(): Promise<void> {
    await this.#pglite.waitReady;
  }

  acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#taken) {
      this.#taken = true;
      return Promise.resolve(this.#connection);
    }
    return new Promise((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        resolve(this.#connection);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(new DatabaseBusyError(STAYED_BUSY));
      }, ACQUIRE_TIMEOUT_MS);
      this.#waiting.push(turn);
    });
  }

  releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
    return Promise.resolve();
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const isolation =
      settings.isolationLevel === undefined ? '' : ` isolation level ${settings.isolationLevel}`;
    const access = settings.accessMode === undefined ? '' : ` ${settings.accessMode}`;
    await connection.executeQuery(CompiledQuery.raw(`start transaction${isolation}${access}`));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    if (!this.#pglite.closed) await this.#pglite.close();
  }
}

const WRITING = new Set(['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode', 'MergeQueryNode']);

/** Written out by hand, a statement's kind is in its text. */
const WRITES = /\b(insert into|delete from|update [\w".]+( \w+)? set)\b/i;

function isWriting({ query, sql }: CompiledQuery): boolean {
  return WRITING.has(query.kind) || (query.kind === 'RawNode' && WRITES.test(sql));
}

class PgliteConnection implements DatabaseConnection {
  readonly #pglite: PGlite;
  readonly #requireRoom: () => void;

  constructor(pglite: PGlite, requireRoom: () => void) {
    this.#pglite = pglite;
    this.#requireRoom = requireRoom;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (isWriting(query)) this.#requireRoom();
    const result = await this.#pglite.query<R>(query.sql, query.parameters.map(toWire));
    const changes = /^(INSERT|UPDATE|DELETE|MERGE)/.test(result.command ?? '');
    return changes
      ? { rows: result.rows, numAffectedRows: BigInt(result.affectedRows ?? 0) }
      : { rows: result.rows };
  }

  // biome-ignore lint/correctness/useYield: a stream would keep the only connection; keyset pages give it back between.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the embedded database cannot stream: read keyset pages instead');
  }
}

/** A parameter as `pg` sends it, so that a query means the same on both databases. Bytes stay bytes. */
function toWire(value: unknown): string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return toArrayLiteral(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toArrayLiteral(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (value === null || value === undefined) return 'NULL';
    if (Array.isArray(value)) return toArrayLiteral(value);
    if (value instanceof Uint8Array) return `"\\\\x${Buffer.from(value).toString('hex')}"`;
    return `"${String(toWire(value)).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return `{${elements.join(',')}}`;
}
