import { randomBytes } from 'node:crypto';
import type { Migration } from 'kysely';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { listPendingMigrations, migrateToLatest } from '../../src/storage/connection/migrate.ts';
import { createServiceAt, type TestService } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop, startCommand } from '../support/service-process.ts';
import { createTestSite, submission, type TestSite } from '../support/site.ts';

/** What a later version might bring: it locks the tables in the order that requests do not. */
const later: Readonly<Record<string, Migration>> = {
  ...migrations,
  '0002-later': {
    up: async (db) => {
      await sql`alter table queue_item add column later integer`.execute(db);
      await sql`select pg_sleep(0.05)`.execute(db);
      await sql`alter table comment add column later integer`.execute(db);
    },
  },
};

describe('a migration', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let old: TestService;
  let site: TestSite;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    old = await createServiceAt(database.url, { config: { databaseConnections: 8 } });
    site = await createTestSite(old, 'daily', { premoderate: true });
  });
  afterAll(async () => {
    await old.close();
    await database.drop();
  });

  test('runs beside the old version under load: no deadlock ends it, and nothing acknowledged is lost', async () => {
    let goOn = true;
    const acknowledged: string[] = [];
    const answers = new Map<number, number>();
    const write = async () => {
      while (goOn) {
        const { status, body } = await site.client.post<{ id: string }>('/v1/comments', submission());
        answers.set(status, (answers.get(status) ?? 0) + 1);
        if (status !== 201) continue;
        acknowledged.push(body.id);
        const decided = await site.client.post(`/v1/comments/${body.id}/decisions`, { decision: 'approve' });
        answers.set(decided.status, (answers.get(decided.status) ?? 0) + 1);
      }
    };
    const writers = Array.from({ length: 6 }, write);
    await expect.poll(() => acknowledged.length).toBeGreaterThan(20);
    const fresh = await createServiceAt(database.url);
    try {
      expect(await migrateToLatest(fresh.db, later)).toEqual(['0002-later']);
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 10);
    } finally {
      goOn = false;
      await Promise.all(writers);
      await fresh.close();
    }
    const { rows } = await sql<{ id: string }>`select id from comment`.execute(old.db);
    const stored = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect([...answers.keys()].filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
  });

  test('that waits for a lock gives it up again, so that requests go on meanwhile', async () => {
    const third = {
      ...later,
      '0003-later': {
        up: async (db: Parameters<Migration['up']>[0]) =>
          void (await sql`alter table comment drop column later`.execute(db)),
      },
    };
    const fresh = await createServiceAt(database.url);
    const holder = await createServiceAt(database.url);
    try {
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      let locked = () => {};
      const isLocked = new Promise<void>((resolve) => {
        locked = resolve;
      });
      // Reads are not in each other's way; a migration that waits behind one would be in the way of all.
      const reader = holder.db.transaction().execute(async (trx) => {
        await sql`select count(*) from comment`.execute(trx);
        locked();
        await held;
      });
      await isLocked;
      const migrated = migrateToLatest(fresh.db, third);
      const waits = async () => {
        const { rows } = await sql<{
          n: number;
        }>`select count(*)::int as n from pg_locks where not granted and mode = 'AccessExclusiveLock'`.execute(
          holder.db,
        );
        return rows[0]?.n;
      };
      await expect.poll(waits, { interval: 5 }).toBeGreaterThan(0);
      const tries = await Promise.all(
        Array.from({ length: 4 }, () => site.client.post('/v1/comments', submission())),
      );
      expect(tries.map(({ status }) => status).filter((status) => status !== 201 && status !== 503)).toEqual(
        [],
      );
      await expect.poll(async () => (await site.client.post('/v1/comments', submission())).status).toBe(201);
      release();
      await reader;
      expect(await migrated).toEqual(['0003-later']);
    } finally {
      await holder.close();
      await fresh.close();
    }
  });
});

describe('a start whose migrations are killed half-way', () => {
  const workshop = createWorkshop();
  afterAll(() => workshop.clean());

  test('leaves all or nothing: the next start completes', async () => {
    const database = await createPostgresDatabase();
    const env = { DATABASE_URL: database.url, PSEUDONYM_KEYS: `m1:${randomBytes(32).toString('base64')}` };
    const beside = await createServiceAt(database.url);
    try {
      await sql`drop schema public cascade`.execute(beside.db);
      await sql`create schema public`.execute(beside.db);
      // The schema's last table is waited for, and killed while the whole is not committed.
      await beside.db
        .transaction()
        .execute(async (trx) => {
          await sql`create table tombstone (n integer)`.execute(trx);
          const first = startCommand(['migrate'], env);
          const blocked = async () => {
            const { rows } = await sql<{
              n: number;
            }>`select count(*)::int as n from pg_locks where not granted`.execute(trx);
            return rows[0]?.n;
          };
          await expect.poll(blocked, { interval: 20 }).toBeGreaterThan(0);
          first.child.kill('SIGKILL');
          await first.ended;
        })
        .then(() => sql`drop table tombstone`.execute(beside.db));
      const { rows } = await sql<{
        n: number;
      }>`select count(*)::int as n from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`.execute(
        beside.db,
      );
      expect(rows[0]?.n).toBe(0);
      const second = await startCommand(['migrate'], env).ended;
      expect([second.code, second.stdout]).toEqual([0, expect.stringContaining('migrated 0001-initial')]);
      expect(await listPendingMigrations(beside.db)).toEqual([]);
    } finally {
      await beside.close();
      await database.drop();
    }
  });
});
