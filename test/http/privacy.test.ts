import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createAdminClient, createTestSite, submission } from '../support/site.ts';

const EMAIL = 'canary.bird+tag@mail.example.org';
const IP = '203.0.113.77';
const IPV6 = '2001:db8:77::1234';

/** Every table of the database as text. */
async function dump(service: TestService): Promise<string> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'`.execute(
    service.db,
  );
  const parts = await Promise.all(
    tables.rows.map(async ({ name }) =>
      JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(service.db)).rows),
    ),
  );
  return parts.join('\n');
}

describe.each(DATABASES)('privacy on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  test('no address stands in the database, a log line, an answer or an error', async () => {
    const { client, keyFor } = await createTestSite(service, 'canary', { premoderate: true });
    const texts: string[] = [];
    const say = async (method: string, path: string, body?: unknown) => {
      const answer = await client.call<{ id: string }>(method, path, { body });
      texts.push(answer.text, JSON.stringify([...answer.headers]));
      return answer.body;
    };
    const canary = { author_email: EMAIL, author_ip: IP };
    const admin = await createAdminClient(service);
    /** Every route that reads, for whoever may do everything, and what takes an address in other ways. */
    const sayAll = async (commentId: string) => {
      const { body } = await admin.get<{ paths: Record<string, Record<string, unknown>> }>('/openapi.json');
      const reading = Object.entries(body.paths).filter(
        ([path, methods]) => 'get' in methods && path !== '/v1/events',
      );
      const paths = reading.map(([path]) => `${path.replaceAll(/\{\w+\}/g, commentId)}?site=canary`);
      for (const path of [...paths, '/', '/demo', '/docs', '/metrics', `/nothing/${commentId}`]) {
        const answer = await admin.get(path);
        texts.push(answer.text, JSON.stringify([...answer.headers]));
      }
      for (const [path, sent] of [
        ['/v1/privacy/exports', { email: EMAIL }],
        ['/v1/privacy/exports', { email: `${EMAIL}@` }],
        ['/v1/users', { email: EMAIL, name: 'Bird' }],
        ['/v1/users', { email: EMAIL, name: 'Bird again' }],
      ] as const) {
        texts.push((await admin.post(`${path}?site=canary`, sent)).text);
      }
      const form = new URLSearchParams({ ...submission(canary), key: 'none' } as Record<string, string>);
      texts.push((await admin.post('/embed/comments', form)).text);
      expect(texts.length).toBeGreaterThan(60);
    };
    const { id } = await say('POST', '/v1/comments', submission(canary));
    await say('POST', '/v1/comments', submission({ ...canary, author_ip: IPV6 }));
    await say(
      'POST',
      '/v1/comments',
      submission({ ...canary, author_url: 'javascript:x', status: 'approved' }),
    );
    await say('POST', '/v1/comments', submission({ ...canary, author_email: `${EMAIL}@` }));
    await say(
      'POST',
      '/v1/comments',
      submission({ ...canary, parent: '00000000-0000-7000-8000-000000000000' }),
    );
    for (const path of [
      '/v1/queue',
      `/v1/comments/${id}`,
      `/v1/comments/${id}/explanation`,
      '/v1/stats',
      '/metrics',
      '/readyz',
    ]) {
      await say('GET', path);
    }
    await say('POST', `/v1/comments/${id}/decisions`, { decision: 'approve' });
    const akismet = {
      api_key: await keyFor(['akismet']),
      blog: 'https://news.example',
      user_ip: IP,
      comment_author_email: EMAIL,
      comment_content: 'The same person by another door.',
      POST_email: EMAIL,
      REMOTE_ADDR: IP,
    };
    for (const name of ['comment-check', 'submit-spam', 'verify-key', 'key-sites', 'get-stats']) {
      await say('POST', `/1.1/${name}`, new URLSearchParams(akismet));
      await say('POST', `/1.1/${name}`, { ...akismet, comment_content: 'Never checked.', user_ip: IPV6 });
    }
    await say('GET', '/v1/comments?post=article-1');
    await say('POST', '/v1/comments/batch', {
      comments: [submission(canary), submission({ ...canary, author_ip: 'x' })],
    });
    await sayAll(id);
    await service.settled();
    const everything = [await dump(service), JSON.stringify(service.logged), ...texts]
      .join('\n')
      .toLowerCase();
    for (const part of ['canary.bird', 'canarybird', 'mail.example.org', '203.0.113', '2001:db8:77']) {
      expect(everything).not.toContain(part);
    }
    expect(texts.join('\n')).not.toMatch(/t1:[A-Za-z0-9_-]{43}/);
    expect(await dump(service)).toMatch(/t1:[A-Za-z0-9_-]{43}/);
  });

  test('the same person has another pseudonym on another site', async () => {
    const a = await createTestSite(service, 'site-a');
    const b = await createTestSite(service, 'site-b');
    await a.client.post('/v1/comments', submission({ author_email: EMAIL }));
    await b.client.post('/v1/comments', submission({ author_email: EMAIL }));
    const rows = await service.db
      .selectFrom('comment')
      .select('author_email')
      .where('site_id', 'in', [a.site.id, b.site.id])
      .execute();
    expect(new Set(rows.map((row) => row.author_email)).size).toBe(2);
  });

  test('a rotated key still knows an author, and renews the pseudonym on next sight', async () => {
    const site = await createTestSite(service, 'rotated', { flood_seconds: 15 });
    await site.client.post('/v1/comments', submission({ author_email: EMAIL }));
    const [old] = service.config.pseudonymKeys;
    const fresh = { kid: 't2', key: new Uint8Array(32).map((_, at) => at * 7) };
    const rotated = {
      ...service,
      config: { ...service.config, pseudonymKeys: old ? [fresh, old] : [fresh] },
    };
    const client = createClient(rotated, await site.keyFor(['submit']));
    const flood = await client.post<{ code: string }>('/v1/comments', submission({ author_email: EMAIL }));
    expect(flood.body.code).toBe('flood');
    service.clock.advance(20);
    expect((await client.post('/v1/comments', submission({ author_email: EMAIL }))).status).toBe(201);
    const rows = await service.db
      .selectFrom('comment')
      .select(['author_email', 'author_email_loose'])
      .where('site_id', '=', site.site.id)
      .execute();
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row.author_email).toMatch(/^t2:/);
      expect(row.author_email_loose).toMatch(/^t2:/);
    }
  });
});
