import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A fresh migrated PostgreSQL database, for tests that start processes of their own. */
export async function createPostgresDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const prefix = inject('postgresPrefix');
  const name = `${prefix}_${randomBytes(5).toString('hex')}`;
  await asSuperuser(`create database ${name} template ${prefix}_template`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asSuperuser(`drop database if exists ${name} with (force)`) };
}

async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
