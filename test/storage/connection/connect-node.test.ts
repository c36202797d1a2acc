import { readFileSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type Connection,
  connectPglite,
  connectPostgres,
} from '../../../src/storage/connection/connect-node.ts';
import {
  listPendingMigrations,
  MigrationError,
  migrateToLatest,
} from '../../../src/storage/connection/migrate.ts';
import type { Database } from '../../../src/storage/schema/database.ts';
import { createPostgresDatabase } from '../../support/postgres-database.ts';

const connect: Readonly<Record<string, () => Promise<Connection>>> = {
  pglite: () => connectPglite(undefined, new Blob([readFileSync(inject('pgliteDump'))])),
  postgres: async () => {
    const { url, drop } = await createPostgresDatabase();
    const connection = await connectPostgres(url, { connections: 3, onIdleError: () => undefined });
    return { ...connection, close: () => connection.close().then(drop) };
  },
};

describe.each(Object.keys(connect))('a connection to %s', (kind) => {
  let connection: Connection;
  let db: Kysely<Database>;
  beforeAll(async () => {
    connection = (await connect[kind]?.()) ?? expect.fail('no such kind');
    db = connection.db;
  });
  afterAll(() => connection.close());

  async function select(value: ReturnType<typeof sql>): Promise<unknown> {
    const { rows } = await sql<{ value: unknown }>`select ${value} as value`.execute(db);
    return rows[0]?.value;
  }

  it('gives and takes values alike on both databases', async () => {
    expect(await select(sql`${'9223372036854775807'}::bigint`)).toBe('9223372036854775807');
    expect(await select(sql`${12n}::bigint`)).toBe('12');
    expect(await select(sql`${7}::int`)).toBe(7);
    expect(await select(sql`${0.1}::float8`)).toBe(0.1);
    expect(await select(sql`${true}::boolean`)).toBe(true);
    expect(await select(sql`${null}::text`)).toBeNull();
    expect(await select(sql`${new Date('2026-03-01T12:00:00.123Z')}::timestamptz`)).toEqual(
      new Date('2026-03-01T12:00:00.123Z'),
    );
    expect(await select(sql`${'2026-03-01'}::date`)).toBe('2026-03-01');
    expect(await select(sql`${{ a: [1, { b: 'ü"\\' }] }}::jsonb`)).toEqual({ a: [1, { b: 'ü"\\' }] });
    expect(await select(sql`${['a,b', '"', '\\', 'NULL', '', '{}', null]}::text[]`)).toEqual([
      ...['a,b', '"', '\\', 'NULL', '', '{}'],
      null,
    ]);
    expect(await select(sql`${[1, 2, 3]}::int[]`)).toEqual([1, 2, 3]);
    const bytes = await select(sql`${new Uint8Array([0, 1, 255])}::bytea`);
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(bytes as Uint8Array).toString('hex')).toBe('0001ff');
  });

  it('counts the rows that a statement changed', async () => {
    await sql`create table counted (n int)`.execute(db);
    const inserted = await sql`insert into counted values (1), (2), (3)`.execute(db);
    expect(inserted.numAffectedRows).toBe(3n);
    const updated = await sql`update counted set n = n where n > 1`.execute(db);
    expect(updated.numAffectedRows).toBe(2n);
    await sql`drop table counted`.execute(db);
  });

  it('keeps a transaction to itself when others ask at the same time', async () => {
    await sql`create table alone (n int)`.execute(db);
    const failing = db.transaction().execute(async (trx) => {
      await sql`insert into alone values (1)`.execute(trx);
      await sql`select 1`.execute(trx);
      throw new Error('rolled back on purpose');
    });
    const beside = Promise.all(
      Array.from({ length: 20 }, (_, n) => sql`insert into alone values (${n + 2})`.execute(db)),
    );
    await expect(failing).rejects.toThrow('rolled back on purpose');
    await beside;
    const { rows } = await sql<{ n: number }>`select n from alone order by n`.execute(db);
    expect(rows.map((row) => row.n)).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
    await sql`drop table alone`.execute(db);
  });

  it('reports an SQL error by its SQLSTATE and stays usable', async () => {
    await expect(sql`select ${'no number'}::int`.execute(db)).rejects.toMatchObject({ code: '22P02' });
    await expect(select(sql`1`)).resolves.toBe(1);
  });

  it('has nothing left to migrate', async () => {
    expect(await listPendingMigrations(db)).toEqual([]);
    expect(await migrateToLatest(db)).toEqual([]);
  });

  it('refuses a database that a newer version migrated', async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('9999-future', '')`.execute(db);
    try {
      await expect(migrateToLatest(db)).rejects.toThrow(MigrationError);
      await expect(migrateToLatest(db)).rejects.toThrow(/newer version of leave-a-reply/);
    } finally {
      await sql`delete from kysely_migration where name = '9999-future'`.execute(db);
    }
  });
});
