import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../src/storage/connection/transaction.ts';
import type { Answer } from '../support/client.ts';
import { createServiceAt, type TestService } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createTestSite, submission, type TestSite } from '../support/site.ts';
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

interface Problem {
  readonly id?: string;
  readonly code?: string;
  readonly status?: unknown;
}

describe('a PostgreSQL in trouble', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let proxy: TcpProxy;
  let service: TestService;
  let site: TestSite;
  /** Past the proxy: what is really stored, and who is in the way. */
  let beside: pg.Client;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await createTcpProxy(database.url);
    service = await createServiceAt(proxy.url, { config: { databaseConnections: 2 } });
    site = await createTestSite(service, 'daily', { premoderate: true });
    beside = new pg.Client({ connectionString: database.url });
    await beside.connect();
  });
  afterEach(() => proxy.mend());
  afterAll(async () => {
    await beside.end();
    await service.close();
    await proxy.cut();
    await database.drop();
  });

  const post = (body: unknown, key?: string) =>
    site.client.post<Problem>(
      '/v1/comments',
      body,
      key === undefined ? {} : { headers: { 'idempotency-key': key } },
    );
  const ready = async () => (await site.client.get('/readyz')).status;

  async function countComments(post: unknown): Promise<number> {
    const { rows } = await beside.query('select id from comment where post_id = $1', [post]);
    return rows.length;
  }

  function expectUnavailable({ status, body, headers }: Answer<Problem>): void {
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '2']);
  }

  test.each([
    ['gone', () => proxy.cut()],
    ['silent', async () => proxy.freeze()],
  ])(
    'that is %s: 503 and not ready, but alive; and all is well again without a restart',
    async (how, fail) => {
      const comment = submission({ post: `while-${how}` });
      const { id } = (await post(submission({ post: 'before' }))).body;
      await fail();
      expectUnavailable(await post(comment, `away-${how}`));
      expectUnavailable(await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' }));
      expectUnavailable(await site.client.get('/v1/queue'));
      expect(await ready()).toBe(503);
      expect((await site.client.get('/livez')).status).toBe(200);

      await proxy.mend();
      await expect.poll(ready, { timeout: 10_000 }).toBe(200);
      // What had been sent to a silent server may still reach it: a key that it took so comes free after a minute.
      service.clock.advance(61);
      const first = await post(comment, `away-${how}`);
      const second = await post(comment, `away-${how}`);
      expect([first.status, second.body.id]).toEqual([201, first.body.id]);
      expect(await countComments(`while-${how}`)).toBe(1);
      const decided = await site.client.post<Problem>(`/v1/comments/${id}/decisions`, {
        decision: 'approve',
      });
      expect([decided.status, decided.body.status]).toEqual([200, 'approved']);
    },
  );

  test('that ends all connections, as a restart does: every call is answered or 503, none is lost', async () => {
    const end = () =>
      beside.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const answer = await post(submission({ post: 'restarts' }));
        if (at % 10 === 0) await end();
        return answer.status;
      }),
    );
    expect(answers.filter((status) => status !== 201 && status !== 503)).toEqual([]);
    const accepted = answers.filter((status) => status === 201).length;
    expect(await countComments('restarts')).toBeGreaterThanOrEqual(accepted);
    await expect.poll(ready).toBe(200);
    expect((await post(submission({ post: 'restarts' }))).status).toBe(201);
  });

  test('whose connections are all in use: callers are turned away, and it is alive and not ready', async () => {
    const busy = [1, 2].map(() => sql`select pg_sleep(60)`.execute(service.db).catch(() => undefined));
    const asleep =
      "from pg_stat_activity where datname = current_database() and query like 'select pg_sleep(60)%'";
    await expect.poll(async () => (await beside.query(`select 1 ${asleep}`)).rows.length).toBe(2);
    const waiting = Array.from({ length: 50 }, () => post(submission({ post: 'crowd' })));
    const turnedAway = await Promise.race(waiting);
    expectUnavailable(turnedAway);
    expect(await ready()).toBe(503);
    expect((await site.client.get('/livez')).status).toBe(200);
    await beside.query(`select pg_cancel_backend(pid) ${asleep}`);
    await Promise.all(busy);
    const answers = await Promise.all(waiting);
    const accepted = answers.filter(({ status }) => status === 201).length;
    for (const answer of answers) if (answer.status !== 201) expectUnavailable(answer);
    expect(await countComments('crowd')).toBe(accepted);
    await expect.poll(ready).toBe(200);
  });

  test('of which one table is locked: who needs it is 503 in time, the rest goes on', async () => {
    const { id } = (await post(submission({ post: 'locked' }))).body;
    await beside.query('begin');
    await beside.query('lock table note in access exclusive mode');
    const blocked = site.client.post<Problem>(`/v1/comments/${id}/notes`, { text: 'waits' });
    expect((await post(submission({ post: 'locked' }))).status).toBe(201);
    expectUnavailable(await blocked);
    expect(await ready()).toBe(200);
    await beside.query('rollback');
    expect((await site.client.post(`/v1/comments/${id}/notes`, { text: 'goes' })).status).toBeLessThan(300);
  });

  test('that has no room for a write is not ready, until it has had room for a while', async () => {
    await beside.query(`create function no_room() returns trigger language plpgsql as $$
      begin raise exception using errcode = '53100', message = 'could not extend file: No space left'; end $$`);
    await beside.query('create trigger no_room before insert on comment execute function no_room()');
    expectUnavailable(await post(submission({ post: 'full' })));
    const { status, body } = await site.client.get<{ database: string }>('/readyz');
    expect([status, body.database]).toEqual([503, 'full']);
    await beside.query('drop trigger no_room on comment');
    expect((await post(submission({ post: 'full' }))).status).toBe(201);
    service.clock.advance(11);
    expect(await ready()).toBe(200);
  });

  test('that is merely slow is waited for', async () => {
    const { rows } = await sql<{ done: boolean }>`select true as done from pg_sleep(2.5)`.execute(service.db);
    expect(rows).toEqual([{ done: true }]);
  });

  test('that only reads: writing is 503, reading goes on, and it is not ready', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const renew = () =>
      beside.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leave-a-reply' and datname = current_database()",
      );
    await beside.query(`alter database ${name} set default_transaction_read_only = on`);
    await renew();
    const state = async () => (await site.client.get<{ database?: string }>('/readyz')).body.database;
    await expect.poll(state).toBe('read_only');
    expect(await ready()).toBe(503);
    expectUnavailable(await post(submission({ post: 'read-only' })));
    expect((await site.client.get('/v1/comments?post=before')).status).toBe(200);
    await beside.query('set default_transaction_read_only = off');
    await beside.query(`alter database ${name} reset default_transaction_read_only`);
    // The connections that answered so were given up: nobody has to end them.
    await expect.poll(async () => (await post(submission({ post: 'read-only' }))).status).toBe(201);
    expect(await ready()).toBe(200);
  });

  test('that ends one of two transactions in each other’s way: it is tried again, and both are done', async () => {
    const posts = ['left', 'right'].map((name) => ({ id: name, comment: submission({ post: name }) }));
    const ids = await Promise.all(posts.map(async ({ comment }) => (await post(comment)).body.id ?? ''));
    let arrived = 0;
    let tries = 0;
    let bothHold = () => {};
    const meeting = new Promise<void>((resolve) => {
      bothHold = resolve;
    });
    const touchBoth = (first: string, second: string) =>
      inTransaction(service.db, async (trx) => {
        tries += 1;
        const touch = (id: string) =>
          trx
            .updateTable('comment')
            .set({ version: sql<number>`version + 1` })
            .where('id', '=', id)
            .execute();
        await touch(first);
        arrived += 1;
        if (arrived === 2) bothHold();
        await meeting;
        await touch(second);
      });
    const [a = '', b = ''] = ids;
    await Promise.all([touchBoth(a, b), touchBoth(b, a)]);
    const { rows } = await beside.query('select version from comment where id = any($1::uuid[])', [ids]);
    expect(rows.map(({ version }) => version)).toEqual([3, 3]);
    expect(tries).toBeGreaterThan(2);
  });
});
