import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission } from '../../support/site.ts';

const ORIGIN = 'https://news.example';

describe.each(DATABASES)('a key in a page on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  let key: string;
  beforeAll(async () => {
    service = await createTestService(kind);
    await createTestSite(service, 'paper');
    admin = await createAdminClient(service);
    const made = await admin.post<{ key: string }>('/v1/keys', {
      site: 'paper',
      scopes: ['submit', 'read'],
      allowed_origins: [ORIGIN],
    });
    key = made.body.key;
  });
  afterAll(() => service.close());

  const preflight = async (origin: string) =>
    await createClient(service).call('OPTIONS', '/v1/comments', { headers: { origin } });

  test('a preflight passes for the exact origin of a key, and for no other', async () => {
    const good = await preflight(ORIGIN);
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([204, ORIGIN]);
    expect(good.headers.get('access-control-allow-headers')).toContain('authorization');
    for (const origin of ['https://news.example.evil.example', 'http://news.example', 'null', '']) {
      const bad = await preflight(origin);
      expect([origin, bad.status, bad.headers.get('access-control-allow-origin')]).toEqual([
        origin,
        403,
        null,
      ]);
    }
  });

  test('answers and errors are readable on the origin of the key alone', async () => {
    const client = createClient(service, key);
    const headers = { origin: ORIGIN };
    const good = await client.post('/v1/comments', submission(), { headers });
    const bad = await client.post('/v1/comments', { post: '1' }, { headers });
    for (const answer of [good, bad]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(answer.headers.get('vary')).toContain('origin');
    }
    expect([good.status, bad.status]).toEqual([201, 422]);
    const secret = await admin.get('/v1/comments?post=1&site=paper', { headers });
    expect([secret.status, secret.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });

  test('it is told id and status alone, sends one comment at a time, and nothing about where it sits', async () => {
    const client = createClient(service, key);
    const headers = { origin: ORIGIN, 'idempotency-key': 'once' };
    const comment = submission({ author_ip: '192.0.2.77', honeypot: 'filled' });
    for (const _ of [1, 2]) {
      const { body } = await client.post<{ id: string }>('/v1/comments', comment, { headers });
      expect(body).toEqual({ id: body.id, status: 'hold' });
      const row = await service.db
        .selectFrom('comment')
        .select('author_ip')
        .where('id', '=', body.id)
        .executeTakeFirstOrThrow();
      expect(row.author_ip).toBeNull();
    }
    const batch = await client.post('/v1/comments/batch', { comments: [submission()] }, { headers });
    expect(batch.status).toBe(403);
  });

  test('what it says of where an article is counts on its own origins alone', async () => {
    const client = createClient(service, key);
    const headers = { origin: ORIGIN };
    const addressOf = async (post: string) =>
      (await service.db.selectFrom('post').select('url').where('id', '=', post).executeTakeFirstOrThrow())
        .url;
    const send = async (post: string, post_url: string) =>
      (await client.post('/v1/comments', submission({ post, post_url }), { headers })).status;
    expect(await send('lured', 'https://evil.example/article')).toBe(201);
    expect(await addressOf('lured')).toBeNull();
    expect(await send('known', `${ORIGIN}/article-1`)).toBe(201);
    expect(await send('known', 'https://news.example.evil.example/article-1')).toBe(201);
    expect(await addressOf('known')).toBe(`${ORIGIN}/article-1`);
  });

  test('it fills in the title and address of an article, replaces neither, and gives no comment another date', async () => {
    const client = createClient(service, key);
    const send = async (post_title: string, post_url: string) =>
      await client.post(
        '/v1/comments',
        submission({ post: 'titled', post_title, post_url, date_gmt: '2050-01-01T00:00:00Z' }),
        { headers: { origin: ORIGIN } },
      );
    await send('Trains are late', `${ORIGIN}/trains`);
    expect((await send('The editor is a crook', `${ORIGIN}/account/delete`)).status).toBe(201);
    const known = await admin.get('/v1/posts/titled?site=paper');
    expect(known.body).toMatchObject({ title: 'Trains are late', url: `${ORIGIN}/trains` });
    await admin.post(
      '/v1/comments?site=paper',
      submission({ post: 'titled', post_title: 'Trains are on time' }),
    );
    expect((await admin.get('/v1/posts/titled?site=paper')).body).toMatchObject({
      title: 'Trains are on time',
    });
    const dates = await service.db
      .selectFrom('comment')
      .select('date_gmt')
      .where('post_id', '=', 'titled')
      .execute();
    for (const { date_gmt } of dates) expect(date_gmt.getTime()).toBeLessThanOrEqual(service.now().getTime());
  });

  test('through no route does it get a probability, a verdict, a reason, or what another wrote and nobody approved', async () => {
    const desk = await createTestSite(service, 'quiet', {
      premoderate: true,
      banned_words: ['forbiddenfruit'],
    });
    const { body: made } = await admin.post<{ key: string }>('/v1/keys', {
      site: 'quiet',
      scopes: ['submit', 'read'],
      allowed_origins: [ORIGIN],
    });
    const { body: held } = await desk.client.post<{ id: string }>(
      '/v1/comments',
      submission({ content: 'A held secret of somebody else.', author_name: 'Zenobia' }),
    );
    const { body: open } = await desk.client.post<{ id: string }>('/v1/comments', submission());
    await desk.client.post(`/v1/comments/${open.id}/decisions`, { decision: 'approve' });
    const reader = createClient(service, made.key);
    const document = await reader.get<{
      paths: Record<string, Record<string, { security: unknown[] }>>;
    }>('/openapi.json');
    const answers: string[] = [];
    let read = 0;
    for (const [path, methods] of Object.entries(document.body.paths)) {
      // A visitor may ask 120 times a minute: a refusal for that would hide what the route answers.
      service.clock.advance(61);
      for (const [method, { security }] of Object.entries(methods)) {
        // What anybody may ask, such as the metrics, is no matter of keys.
        if (security.length === 0) continue;
        for (const id of [held.id, open.id]) {
          const { status, text } = await reader.call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, id), {
            headers: { origin: ORIGIN },
            ...(method === 'get' ? {} : { body: {} }),
          });
          if (status === 200) read += 1;
          expect(status).not.toBe(429);
          answers.push(text);
        }
      }
    }
    const listed = await reader.get('/v1/comments?post=article-1', { headers: { origin: ORIGIN } });
    answers.push(listed.text);
    expect(listed.text).toContain(open.id);
    expect(read).toBeGreaterThan(0);
    expect(answers.join('\n')).not.toMatch(
      /held secret|Zenobia|forbiddenfruit|"(spam_probability|verdict|reasons|label|model_version)"/,
    );
  });

  test('it cannot be given more than submit and read', async () => {
    const { status, body } = await admin.post<{ code: string }>('/v1/keys', {
      site: 'paper',
      scopes: ['read', 'moderate'],
      allowed_origins: [ORIGIN],
    });
    expect([status, body.code]).toEqual([422, 'invalid_value']);
  });

  test('a form without script takes a public key from its origin, and never a secret one', async () => {
    const client = createClient(service);
    const fields = {
      key,
      post: '1',
      content: 'The plain form works as well as it did thirty years ago.',
      author_name: 'Ada',
      author_email: 'ada@example.org',
      post_url: `${ORIGIN}/article?a=1&b=2`,
    };
    const send = async (change: Record<string, string>, origin = ORIGIN) =>
      await client.post('/embed/comments', new URLSearchParams({ ...fields, ...change }), {
        headers: { origin },
      });
    const good = await send({});
    expect(good.status).toBe(201);
    expect(good.text).toMatch(/<a href="https:[^"]*\/article\?a=1&amp;b=2(#comment-[0-9a-f-]{36})?">/);
    expect((await send({}, 'https://evil.example')).status).toBe(403);
    expect((await send({ key: 'nonsense' })).status).toBe(401);
    const wrong = await send({ author_email: 'ada@', post_url: 'https://evil.example/' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('aria-describedby="author_email-error"');
    expect(wrong.text).not.toContain('evil.example');
    const twice = await send({});
    expect(twice.status).toBe(409);
    const secret = await createTestSite(service, `secret-${kind}`);
    expect((await send({ key: await secret.keyFor(['submit']) })).status).toBe(403);
  });
});
