/** Brings a database to the newest schema. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Kysely, type Migration, type MigrationResultSet, Migrator, sql } from 'kysely';
import { migrations } from '../../../migrations/index.ts';
import type { Database } from '../schema/database.ts';
import { sqlState } from './transaction.ts';

/** A migration failed or does not fit; the message says which and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** A lock that another process did not give back in time, and a deadlock with it. */
const IN_THE_WAY = new Set(['55P03', '40P01']);
/**
 * A migration that waits for a table's lock stops every request on that table, and a process of the old version takes
 * its locks in another order: 3 of 4 starts beside one with 6 writers ended in a deadlock. So a migration waits briefly,
 * gives everything back, and begins again when the requests in its way have been answered.
 */
const LOCK_TIMEOUT = '1s';
const MOST_TRIES = 30;
const LONGEST_WAIT_MS = 1_000;

/**
 * Runs the migrations that are missing, in order, each database change in one transaction, one process at a time
 * (the others wait on PostgreSQL's advisory lock).
 *
 * @param all the migrations, in the order of their names.
 * @returns the names of those that ran, in order; empty when the schema was up to date.
 * @throws {MigrationError} when one fails (nothing of it stays), or when a newer version migrated this database.
 */
export async function migrateToLatest(
  db: Kysely<Database>,
  all: Readonly<Record<string, Migration>> = migrations,
): Promise<string[]> {
  const { error, results = [] } = await migratePatiently(createMigrator(db, all));
  const failed = results.find((result) => result.status === 'Error');
  if (failed !== undefined) {
    throw new MigrationError(`migration ${failed.migrationName} failed, nothing was changed: ${say(error)}`, {
      cause: error,
    });
  }
  if (error !== undefined) {
    throw new MigrationError(
      /corrupted migrations/.test(say(error))
        ? `this database was migrated by another, probably newer version of leave-a-reply: start that one (${say(error)})`
        : `the migrations could not start: ${say(error)}`,
      { cause: error },
    );
  }
  // Until then the planner knows nothing of the tables, and PGlite never looks by itself.
  if (results.length > 0) await analyze(db);
  return results.map((result) => result.migrationName);
}

/** Has the planner look at the tables again. */
export async function analyze(db: Kysely<Database>): Promise<void> {
  await sql`analyze`.execute(db);
}

/** The migrations that this version has and the database has not, in order. */
export async function listPendingMigrations(db: Kysely<Database>): Promise<string[]> {
  const all = await createMigrator(db).getMigrations();
  return all.filter((migration) => migration.executedAt === undefined).map((migration) => migration.name);
}

async function migratePatiently(migrator: Migrator): Promise<MigrationResultSet> {
  for (let tries = 1; ; tries++) {
    const result = await migrator.migrateToLatest();
    if (tries === MOST_TRIES || !IN_THE_WAY.has(sqlState(result.error))) return result;
    await wait(Math.random() * Math.min(LONGEST_WAIT_MS, 50 * 2 ** tries));
  }
}

function createMigrator(
  db: Kysely<Database>,
  all: Readonly<Record<string, Migration>> = migrations,
): Migrator {
  const patient = Object.entries(all).map(([name, migration]) => [name, withLockTimeout(migration)] as const);
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(Object.fromEntries(patient)) },
  });
}

function withLockTimeout({ up }: Migration): Migration {
  return {
    up: async (db) => {
      await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT)}`.execute(db);
      await up(db);
    },
  };
}

function say(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
