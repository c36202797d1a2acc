import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createBrowserClient } from '../../support/browser-client.ts';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createWorkshop } from '../../support/service-process.ts';
import { createAdminClient, createTestSite, submission } from '../../support/site.ts';

const EMAIL = 'canary.bird+tag@mail.example.org';
const IP = '203.0.113.77';
const IPV6 = '2001:db8:77::1234';

/** Of whoever asks to be forgotten. */
const GONE_EMAIL = 'canary.bird.gone@mail.example.org';

const PARTS = ['canary.bird', 'canarybird', 'mail.example.org', '203.0.113', '2001:db8:77'];
const FORMS = [EMAIL, 'canary.bird@mail.example.org', GONE_EMAIL, IP, IPV6, '2001:db8:77:0::/64'];

/** Fails when the text holds an address or the plain hash of one, which tells it to whoever tries addresses. */
function expectNoAddress(text: string): void {
  const lower = text.toLowerCase();
  for (const part of PARTS) expect(lower).not.toContain(part);
  for (const form of FORMS) {
    for (const algorithm of ['md5', 'sha1', 'sha256']) {
      const hash = createHash(algorithm).update(form).digest();
      expect(lower).not.toContain(hash.toString('hex'));
      expect(text).not.toContain(hash.toString('base64').slice(0, -1));
      expect(text).not.toContain(hash.toString('base64url'));
    }
  }
}

/** Every table of the database as text, bytes as they are. */
async function dumpTables(service: TestService): Promise<ReadonlyMap<string, string[]>> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'`.execute(
    service.db,
  );
  const texts = new Map<string, string[]>();
  for (const { name } of tables.rows) {
    const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(service.db);
    const toText = (value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value);
    texts.set(
      name,
      rows.map((row) => Object.values(row).map(toText).join(' ')),
    );
  }
  return texts;
}

async function dump(service: TestService): Promise<string> {
  return [...(await dumpTables(service)).values()].flat().join('\n');
}

function readerOfWxr(number: number, approved: string): string {
  return `<wp:comment><wp:comment_id>${number}</wp:comment_id><wp:comment_author>Bird</wp:comment_author>
    <wp:comment_author_email>${EMAIL}</wp:comment_author_email><wp:comment_author_IP>${IP}</wp:comment_author_IP>
    <wp:comment_date_gmt>2024-05-01 10:00:0${number}</wp:comment_date_gmt>
    <wp:comment_content>Imported comment number ${number} of this reader.</wp:comment_content>
    <wp:comment_approved>${approved}</wp:comment_approved><wp:comment_type>comment</wp:comment_type>
    <wp:comment_parent>0</wp:comment_parent></wp:comment>`;
}

const WXR = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Daily</title><wp:wxr_version>1.2</wp:wxr_version><item><title>A</title><wp:post_id>7</wp:post_id>
${readerOfWxr(1, '1')}${readerOfWxr(2, EMAIL)}</item></channel></rss>`;

/** Puts rows into the tables that a day without accidents leaves empty; the answers' texts. */
async function fillWhatIsSeldom(service: TestService, client: Client, admin: Client): Promise<string[]> {
  const texts: string[] = [];
  const expectStatus = (status: number, answer: { status: number; text: string; headers: Headers }) => {
    expect([answer.status, answer.text]).toEqual([status, expect.anything()]);
    texts.push(answer.text, JSON.stringify([...answer.headers]));
  };
  const headers = { 'idempotency-key': 'canary' };
  const body = submission({ author_email: EMAIL, author_ip: IP });
  expectStatus(201, await client.post('/v1/comments', body, { headers }));
  expectStatus(201, await client.post('/v1/comments', body, { headers }));
  const upload = async () => {
    const { id } = (await client.post<{ id: string }>('/v1/imports', { format: 'wxr' })).body;
    const octets = { 'content-type': 'application/octet-stream' };
    expectStatus(204, await client.call('PUT', `/v1/imports/${id}/parts/0`, { body: WXR, headers: octets }));
    return id;
  };
  const started = await upload();
  expectStatus(202, await client.post(`/v1/imports/${started}/start`));
  await service.settled();
  await upload();
  expectStatus(200, await client.get(`/v1/imports/${started}`));
  const lines = Array.from({ length: 60 }, (_, at) =>
    JSON.stringify({
      content: `${at % 2 ? 'best offer' : 'our school'} ${at}`,
      label: at % 2 ? 'spam' : 'ham',
    }),
  );
  const ndjson = { 'content-type': 'application/x-ndjson' };
  expectStatus(200, await client.post('/v1/samples', lines.join('\n'), { headers: ndjson }));
  expectStatus(202, await client.post('/v1/models', {}));
  await service.settled();
  const asked = submission({ author_email: GONE_EMAIL, author_ip: IP });
  expectStatus(201, await client.post('/v1/comments', asked));
  expectStatus(200, await admin.post('/v1/privacy/erasures?site=canary', { email: GONE_EMAIL }));
  const from = { 'cf-connecting-ip': IP };
  const browser = createBrowserClient(service);
  for (const email of [EMAIL, `${EMAIL}@`]) {
    const answer = await browser.send('POST', '/v1/session', { email, password: 'not the password' }, from);
    expect(answer.status).toBe(401);
    texts.push(JSON.stringify([answer.body, ...answer.headers]));
  }
  const wrong = new URLSearchParams({ api_key: '0123456789ab', blog: 'https://news.example', user_ip: IP });
  expectStatus(200, await client.post('/1.1/comment-check', wrong, { headers: from }));
  return texts;
}

/** Where an address, or what is made of one, could come to stand. */
const FILLED = [
  ...[
    'comment',
    'queue_item',
    'decision',
    'event',
    'audit',
    'note',
    'idempotency',
    'job',
    'person',
    'invitation',
  ],
  ...['import_run', 'import_part', 'import_refusal', 'sample', 'sign_in_failure', 'erasure', 'tombstone'],
  ...['akismet_check', 'model', 'post', 'api_key'],
];

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
    await say('POST', `/v1/comments/${id}/notes`, { text: 'A note for the next one.' });
    await sayAll(id);
    texts.push(...(await fillWhatIsSeldom(service, client, admin)));
    await service.settled();
    const tables = await dumpTables(service);
    expect(FILLED.filter((name) => (tables.get(name) ?? []).length === 0)).toEqual([]);
    expectNoAddress([await dump(service), JSON.stringify(service.logged), ...texts].join('\n'));
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
    const site = await createTestSite(service, 'rotated', { flood_seconds: 15, premoderate: true });
    const canary = { author_email: EMAIL, author_ip: IP };
    await site.client.post('/v1/comments', submission(canary));
    const [old] = service.config.pseudonymKeys;
    const fresh = { kid: 't2', key: new Uint8Array(32).map((_, at) => at * 7) };
    const rotated = {
      ...service,
      config: { ...service.config, pseudonymKeys: old ? [fresh, old] : [fresh] },
    };
    const client = createClient(rotated, await site.keyFor(['submit']));
    const flood = await client.post<{ code: string }>('/v1/comments', submission(canary));
    expect(flood.body.code).toBe('flood');
    service.clock.advance(20);
    expect((await client.post('/v1/comments', submission(canary))).status).toBe(201);
    const rows = await service.db
      .selectFrom('comment')
      .select(['author_email', 'author_email_loose', 'author_ip'])
      .where('site_id', '=', site.site.id)
      .execute();
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row.author_email).toMatch(/^t2:/);
      expect(row.author_email_loose).toMatch(/^t2:/);
      expect(row.author_ip).toMatch(/^t2:/);
    }
    const { body } = await site.client.get<{ items: { id: string }[] }>('/v1/queue?order=oldest');
    const others = await site.client.get<{ total: number }>(`/v1/queue?author=${body.items[0]?.id}`);
    expect(others.body.total).toBe(2);
  });
});

describe('a process', () => {
  const workshop = createWorkshop();
  afterEach(() => workshop.clean());

  test('prints no address, whatever it is sent and at the lowest level', async () => {
    const key = 'an-admin-key-for-the-tests-alone';
    const { url, child, ended } = await workshop.serve({
      DATA_DIR: join(workshop.folder(), 'data'),
      ADMIN_API_KEY: key,
      LOG_LEVEL: 'debug',
      TRUSTED_PROXIES: '1',
    });
    const send = async (path: string, body: unknown): Promise<number> => {
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-forwarded-for': IP,
        origin: url,
        'user-agent': `Bird ${EMAIL}`,
      };
      const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      await response.text();
      return response.status;
    };
    const canary = { author_email: EMAIL, author_ip: IP };
    expect(await send('/v1/comments', submission(canary))).toBe(201);
    expect(await send('/v1/comments', submission({ ...canary, author_email: `${EMAIL}@` }))).toBe(422);
    expect(await send(`/v1/comments?email=${EMAIL}`, submission(canary))).toBe(429);
    expect(await send(`/nothing/${EMAIL}`, submission(canary))).toBe(404);
    expect(await send('/v1/users?site=default', { email: EMAIL, name: 'Bird' })).toBe(201);
    expect(await send('/v1/session', { email: EMAIL, password: 'not the password' })).toBe(401);
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toContain('"/v1/comments"');
    expectNoAddress(stdout + stderr);
  });
});
