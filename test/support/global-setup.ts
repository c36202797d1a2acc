/**
 * Once a run: a PostgreSQL server (or the one at `TEST_DATABASE_URL`) with a migrated template database, and a
 * migrated PGlite data directory. Each test file copies one of them, which takes a fraction of migrating anew.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import chromium from '@sparticuz/chromium';
import { Kysely } from 'kysely';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { connectPostgres } from '../../src/storage/connection/connect-node.ts';
import { migrateToLatest } from '../../src/storage/connection/migrate.ts';
import { createPgliteDialect, PGLITE_PARSERS } from '../../src/storage/connection/pglite-dialect.ts';
import type { Database } from '../../src/storage/schema/database.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { bundleTrainingThread } from './training-thread.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's URL of the `postgres` database. */
    postgresUrl: string;
    /** What the names of this run's databases start with; `<prefix>_template` is migrated. */
    postgresPrefix: string;
    /** The path of a migrated PGlite data directory, as a tar.gz. */
    pgliteDump: string;
    /** The URL of the bundled thread of a training. */
    trainingThread: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // It is unpacked once: a second worker would take the file while the first is still writing it.
  await chromium.executablePath();
  const external = process.env.TEST_DATABASE_URL;
  const server: PostgresServer | undefined = external ? undefined : await startPostgres();
  const url = external || server?.url || '';
  const prefix = `lar_test_${randomBytes(5).toString('hex')}`;
  try {
    await createTemplate(url, `${prefix}_template`);
    project.provide('pgliteDump', await dumpMigratedPglite());
    project.provide('trainingThread', (await bundleTrainingThread()).href);
  } catch (error) {
    await server?.stop();
    throw error;
  }
  project.provide('postgresUrl', url);
  project.provide('postgresPrefix', prefix);
  return async () => {
    if (server === undefined) await dropDatabases(url, prefix);
    else await server.stop();
  };
}

async function createTemplate(url: string, name: string): Promise<void> {
  await asSuperuser(url, (client) =>
    client.query(`create database ${name} template template0 encoding 'UTF8'`),
  );
  const template = new URL(url);
  template.pathname = `/${name}`;
  const connection = await connectPostgres(template.href, { connections: 1, onIdleError: () => undefined });
  try {
    await migrateToLatest(connection.db);
  } finally {
    await connection.close();
  }
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  await asSuperuser(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where datname like $1',
      [`${prefix.replaceAll('_', '\\_')}%`],
    );
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  });
}

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Kept from run to run under the hash of what made it: making one costs 4 s, most of it PGlite's initdb. */
async function dumpMigratedPglite(): Promise<string> {
  const hash = createHash('sha256');
  hash.update(readFileSync(createRequire(import.meta.url).resolve('@electric-sql/pglite')));
  const names = readdirSync(join(root, 'migrations'), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((path) => path.endsWith('.ts')).sort()) {
    hash.update(readFileSync(join(root, 'migrations', name)));
  }
  const folder = join(root, 'node_modules/.cache/leave-a-reply');
  const path = join(folder, `pglite-${hash.digest('hex').slice(0, 16)}.tar.gz`);
  if (existsSync(path)) return path;
  const pglite = await PGlite.create({ parsers: PGLITE_PARSERS });
  await migrateToLatest(new Kysely<Database>({ dialect: createPgliteDialect(pglite) }));
  const dump = await pglite.dumpDataDir('gzip');
  await pglite.close();
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, new Uint8Array(await dump.arrayBuffer()));
  renameSync(`${path}.${process.pid}`, path);
  return path;
}
