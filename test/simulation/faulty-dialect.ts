/** The embedded database with a gate before every statement: there a test makes statements fail or the process die. */
import type { PGlite } from '@electric-sql/pglite';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { createPgliteDialect } from '../../src/storage/connection/pglite-dialect.ts';

/**
 * `fail`: the statement is not run, its connection ends. `conflict`: the database asks to try again. `crash`: this statement
 * is not run and none after it. `crash-after`: it is run, nobody hears of it, and none after it is run.
 */
export type Fault = 'fail' | 'conflict' | 'crash' | 'crash-after';

export class CrashError extends Error {
  override readonly name = 'CrashError';
  /** As when the server ends a connection: nothing is known of what was under way. */
  readonly code = '57P01';
}

export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly code = '40001';
}

export interface Gate {
  /** Of the next statements that one (1: the very next) has the fault; the others are as ever. */
  readonly arm: (fault: Fault, statement: number) => void;
  /** Forgets a fault that did not come to pass. Returns whether it did. */
  readonly disarm: () => boolean;
  /** Whether the process is dead: every statement fails until {@link Gate.revive}. */
  readonly isDead: () => boolean;
  readonly revive: () => void;
  readonly count: () => number;
}

export function createFaultyDialect(pglite: PGlite): { readonly dialect: Dialect; readonly gate: Gate } {
  let armed: { fault: Fault; left: number } | null = null;
  let struck = false;
  let dead = false;
  let statements = 0;
  const before = (): Fault | null => {
    statements += 1;
    if (dead) throw new CrashError('the process is dead');
    if (armed === null || --armed.left > 0) return null;
    const { fault } = armed;
    armed = null;
    struck = true;
    if (fault === 'fail') throw new CrashError('the connection ended');
    if (fault === 'conflict') throw new ConflictError('could not serialize access');
    dead = true;
    if (fault === 'crash') throw new CrashError('the process died before the statement');
    return fault;
  };
  const gated = (connection: DatabaseConnection): DatabaseConnection => ({
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      // A rollback is what the server does by itself when a connection ends.
      if (query.sql === 'rollback') return await connection.executeQuery<R>(query);
      const fault = before();
      const result = await connection.executeQuery<R>(query);
      if (fault === 'crash-after') throw new CrashError('the process died after the statement');
      return result;
    },
    streamQuery: (query, chunk) => connection.streamQuery(query, chunk),
  });
  const plain = createPgliteDialect(pglite);
  return {
    dialect: { ...plain, createDriver: () => gateDriver(plain.createDriver(), gated) },
    gate: {
      arm: (fault, statement) => {
        armed = { fault, left: statement };
        struck = false;
      },
      disarm: () => {
        armed = null;
        return struck;
      },
      isDead: () => dead,
      revive: () => {
        dead = false;
      },
      count: () => statements,
    },
  };
}

function gateDriver(driver: Driver, gated: (connection: DatabaseConnection) => DatabaseConnection): Driver {
  return {
    init: () => driver.init(),
    acquireConnection: async () => gated(await driver.acquireConnection()),
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    releaseConnection: (connection) => driver.releaseConnection(connection),
    destroy: () => driver.destroy(),
  };
}
