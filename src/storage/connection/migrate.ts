/** Brings a database to the newest schema. */
import { type Kysely, Migrator, sql } from 'kysely';
import { migrations } from '../../../migrations/index.ts';
import type { Database } from '../schema/database.ts';

/** A migration failed or does not fit; the message says which and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Runs the migrations that are missing, in order, each database change in one transaction, one process at a time
 * (the others wait on PostgreSQL's advisory lock).
 *
 * @returns the names of those that ran, in order; empty when the schema was up to date.
 * @throws {MigrationError} when one fails (nothing of it stays), or when a newer version migrated this database.
 */
export async function migrateToLatest(db: Kysely<Database>): Promise<string[]> {
  const { error, results = [] } = await createMigrator(db).migrateToLatest();
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

function createMigrator(db: Kysely<Database>): Migrator {
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
}

function say(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
