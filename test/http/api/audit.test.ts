import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendAudit } from '../../../src/storage/audit.ts';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite } from '../../support/site.ts';

interface Chain {
  entries: number;
  head: string;
  broken: { seq: string; why: string } | null;
}

describe.each(DATABASES)('the audit log on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  beforeAll(async () => {
    service = await createTestService(kind);
    admin = await createAdminClient(service);
    await createTestSite(service);
    for (let at = 0; at < 3; at++) {
      await service.db.transaction().execute((trx) =>
        appendAudit(trx, {
          siteId: null,
          actor: 'system:test',
          action: 'test.entry',
          subject: null,
          detail: { z: at, a: [{ y: 1, x: 'ü' }] },
          at: service.now(),
        }),
      );
    }
  });
  afterAll(() => service.close());

  const verify = async () => (await admin.get<Chain>('/v1/audit/verification')).body;

  /** What somebody does who may change the database itself. */
  async function tamper(statement: ReturnType<typeof sql>): Promise<void> {
    await sql`alter table audit disable trigger audit_append_only`.execute(service.db);
    await statement.execute(service.db);
    await sql`alter table audit enable trigger audit_append_only`.execute(service.db);
  }

  test('is a whole chain, whose last hash grows with it', async () => {
    const before = await verify();
    expect(before).toMatchObject({ broken: null, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(before.entries).toBeGreaterThan(3);
    await createTestSite(service, 'weekly');
    const after = await verify();
    expect(after.broken).toBeNull();
    expect(after.entries).toBeGreaterThan(before.entries);
    expect(after.head).not.toBe(before.head);
  });

  test('is read from either end, a page after the other', async () => {
    type Page = { items: { seq: string }[] };
    const read = async (query: string) => {
      const { items } = (await admin.get<Page>(`/v1/audit?limit=2${query}`)).body;
      return items.map(({ seq }) => Number(seq));
    };
    const [last = 0, before] = await read('&order=newest');
    expect(before).toBe(last - 1);
    expect(await read(`&order=newest&after=${before}`)).toEqual([last - 2, last - 3]);
    expect(await read('')).toEqual([1, 2]);
    expect(await read('&after=2')).toEqual([3, 4]);
  });

  test('refuses to be changed, shortened or emptied', async () => {
    for (const statement of [
      sql`update audit set actor = 'someone' where seq = 2`,
      sql`delete from audit where seq = 2`,
      sql`truncate audit`,
    ]) {
      await expect(statement.execute(service.db)).rejects.toThrow(/append-only/);
    }
    expect((await verify()).broken).toBeNull();
  });

  test('keeps one chain when fifty changes come at once', async () => {
    const before = await verify();
    // A busy database answers 503, and its client asks again.
    const create = async (at: number): Promise<number> => {
      const { status } = await admin.post('/v1/sites', { slug: `at-once-${at}`, name: `Site ${at}` });
      return status === 503 ? await create(at) : status;
    };
    const made = await Promise.all(Array.from({ length: 50 }, (_, at) => create(at)));
    expect(new Set(made)).toEqual(new Set([201]));
    const after = await verify();
    expect(after).toMatchObject({ broken: null, entries: before.entries + 50 });
    const rows = await service.db.selectFrom('audit').select(['seq', 'previous_hash']).execute();
    expect(new Set(rows.map(({ previous_hash }) => previous_hash)).size).toBe(rows.length);
    expect(new Set(rows.map(({ seq }) => seq)).size).toBe(rows.length);
  });

  test('shows which entry was changed or taken out by somebody with the database in hand', async () => {
    const seq = (await verify()).entries - 1;
    const { actor } = await service.db
      .selectFrom('audit')
      .select('actor')
      .where('seq', '=', String(seq))
      .executeTakeFirstOrThrow();
    await tamper(sql`update audit set actor = 'someone' where seq = ${seq}`);
    expect((await verify()).broken).toEqual({ seq: String(seq), why: 'it was changed' });
    await tamper(sql`update audit set actor = ${actor} where seq = ${seq}`);
    expect((await verify()).broken).toBeNull();
    await tamper(sql`delete from audit where seq = 2`);
    expect((await verify()).broken).toEqual({ seq: '3', why: 'entry 2 is missing before it' });
  });

  test('is verified for the keys of admins alone', async () => {
    const { client } = await createTestSite(service, 'monthly');
    expect((await client.get('/v1/audit/verification')).status).toBe(403);
  });
});
