import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

interface Problem {
  code: string;
  errors?: { pointer: string; code: string; detail: string }[];
}
interface Checked {
  id: string;
  status: string;
  verdict: string;
  disposition: string;
  spam_probability: number;
  reasons: string[];
  model_version: string;
}

describe.each(DATABASES)('submission on %s', (kind) => {
  let service: TestService;
  let daily: TestSite;
  beforeAll(async () => {
    service = await createTestService(kind);
    daily = await createTestSite(service);
  });
  afterAll(() => service.close());

  async function countComments(post: string): Promise<number> {
    const { count } = await service.db
      .selectFrom('comment')
      .select((of) => of.fn.countAll<string | number>().as('count'))
      .where('post_id', '=', post)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  test('a comment is answered with its verdict and where to find it', async () => {
    const answer = await daily.client.post<Checked>('/v1/comments', submission());
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/v1/comments/${answer.body.id}`);
    expect(answer.body.spam_probability).toBeGreaterThanOrEqual(0);
    expect(answer.body.spam_probability).toBeLessThanOrEqual(1);
    expect(answer.body.model_version).toBe(service.starter.version);
  });

  test('a form-encoded comment is taken, its empty optional fields as absent', async () => {
    const form = new URLSearchParams({ ...submission(), author_url: '', elapsed_ms: '9000' } as Record<
      string,
      string
    >);
    expect((await daily.client.post('/v1/comments', form)).status).toBe(201);
  });

  test('every missing field is named by a pointer of its own', async () => {
    const answer = await daily.client.post<Problem>('/v1/comments', {});
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body.errors?.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual([
      '/author_email required',
      '/author_name required',
      '/content required',
      '/post required',
    ]);
  });

  test.each([
    ['content', 'x'.repeat(65_526), 'too_long'],
    ['content', 'a\u0000b', 'nul_char'],
    ['content', '\ud800', 'lone_surrogate'],
    ['content', '\u200b\u2060 \u3164', 'required'],
    ['author_name', 'n'.repeat(246), 'too_long'],
    ['author_email', `${'a'.repeat(95)}@b.example`, 'too_long'],
    ['author_email', 'a@b', 'invalid_email'],
    ['author_email', 'a@@b.example', 'invalid_email'],
    ['author_email', 'a@[127.0.0.1]', 'invalid_email'],
    ['author_email', 'a@b.example\r\nBcc: c@d.example', 'invalid_email'],
    ['author_url', `https://a.example/${'p'.repeat(200)}`, 'too_long'],
    ['author_url', 'javascript:alert(1)', 'invalid_url'],
    ['author_url', 'JaVaScRiPt:alert(1)', 'invalid_url'],
    ['author_url', 'java\tscript:alert(1)', 'invalid_url'],
    ['author_url', '\u0001javascript:alert(1)', 'invalid_url'],
    ['author_url', 'data:text/html,<script>', 'invalid_url'],
    ['author_url', 'https://user:pass@a.example', 'invalid_url'],
    ['author_url', 'http://a.example:99999', 'invalid_url'],
    ['author_ip', '999.1.1.1', 'invalid_ip'],
    ['date_gmt', '2026-02-30T10:00:00Z', 'invalid_date'],
    ['date_gmt', '2026-02-20T10:00:00', 'invalid_date'],
    ['parent', 'nobody', 'invalid_id'],
    ['elapsed_ms', '9000', 'wrong_type'],
    ['status', 'approved', 'unknown_field'],
    ['site_id', 'x', 'unknown_field'],
    ['constructor', 'x', 'unknown_field'],
  ])('%s number $# that is not valid is refused with the code of its fault', async (field, value, code) => {
    const answer = await daily.client.post<Problem>('/v1/comments', submission({ [field]: value }));
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: `/${field}`, code })]);
  });

  test('the longest values that WordPress takes are taken', async () => {
    const answer = await daily.client.post(
      '/v1/comments',
      submission({
        content: `${'ä'.repeat(32_762)}x`,
        author_name: 'n'.repeat(245),
        author_email: `${'a'.repeat(60)}@${'b'.repeat(31)}.example`,
        author_url: `https://a.example/${'p'.repeat(182)}`,
      }),
    );
    expect(answer.status).toBe(201);
  });

  test('a batch of more than 1,000 comments is refused as a whole', async () => {
    const comments = Array.from({ length: 1001 }, () => submission({ post: 'too-many' }));
    const { status, body } = await daily.client.post<Problem>('/v1/comments/batch', { comments });
    expect([status, body.code]).toEqual([422, 'invalid']);
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual(['/comments']);
    expect(await countComments('too-many')).toBe(0);
  });

  test('an own __proto__ member is refused by name and pollutes nothing', async () => {
    const body = JSON.stringify(submission()).replace('{', '{"__proto__":{"admin":true},');
    const answer = await daily.client.post<Problem>('/v1/comments', body, {
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.[0]?.pointer).toBe('/__proto__');
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  test.each<[string, string | Uint8Array, number, string]>([
    ['nothing', '', 400, 'bad_json'],
    ['an open brace', '{', 400, 'bad_json'],
    ['single quotes', "{'a':1}", 400, 'bad_json'],
    ['null', 'null', 422, 'invalid'],
    ['an array', '[]', 422, 'invalid'],
    ['a string', '"x"', 422, 'invalid'],
    ['100,000 open brackets', '['.repeat(100_000), 413, 'body_too_large'],
    ['40,000 nested arrays', '['.repeat(40_000) + ']'.repeat(40_000), 422, 'invalid'],
    ['a broken UTF-8 sequence', new Uint8Array([0x7b, 0xc3, 0x28, 0x7d]), 400, 'bad_utf8'],
    ['an overlong UTF-8 sequence', new Uint8Array([0xc0, 0x80]), 400, 'bad_utf8'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), 400, 'bad_utf8'],
  ])('a body of %s is refused with its own code', async (_what, body, status, code) => {
    const answer = await daily.client.post<Problem>('/v1/comments', body, {
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('a body without a media type, in another or compressed is refused', async () => {
    const text = JSON.stringify(submission());
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ]) {
      expect((await daily.client.post<Problem>('/v1/comments', text, { headers })).status).toBe(415);
    }
  });

  test('a form with invalid percent-encoding or a repeated field is refused', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await daily.client.post<Problem>('/v1/comments', 'content=%C3%28', { headers })).body.code).toBe(
      'bad_utf8',
    );
    expect((await daily.client.post<Problem>('/v1/comments', 'post=1&post=2', { headers })).body.code).toBe(
      'bad_form',
    );
  });

  test('a repeated Idempotency-Key answers as the first time and stores once', async () => {
    const body = submission();
    const headers = { 'idempotency-key': `key-${kind}` };
    const answers = [];
    for (let at = 0; at < 3; at++)
      answers.push(await daily.client.post<Checked>('/v1/comments', body, { headers }));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[1]?.headers.get('idempotency-replayed')).toBe('true');
    const other = await daily.client.post<Problem>('/v1/comments', submission(), { headers });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('fifty calls at once with one Idempotency-Key store one comment', async () => {
    const body = submission({ post: 'idempotent' });
    const headers = { 'idempotency-key': `parallel-${kind}` };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => daily.client.post<Checked>('/v1/comments', body, { headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers: of }) => of.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await countComments('idempotent')).toBe(1);
  });

  test('a repeat is answered though its post was closed since, and a day frees the key', async () => {
    const headers = { 'idempotency-key': `free-${kind}` };
    const body = submission({ post: `closes-${kind}` });
    const send = (what: unknown) => daily.client.post<Checked & Problem>('/v1/comments', what, { headers });
    const { id } = (await send(body)).body;
    await daily.client.call('PATCH', `/v1/posts/closes-${kind}`, { body: { closed: true } });
    const repeated = await send(body);
    expect([repeated.status, repeated.body.id, repeated.headers.get('idempotency-replayed')]).toEqual([
      201,
      id,
      'true',
    ]);
    service.clock.advance(25 * 3600);
    const another = await send(submission());
    expect([another.status, another.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect((await send(submission())).body.code).toBe('idempotency_key_reused');
  });

  test('what a repeated request is known by is keyed, and outlives a change of the key', async () => {
    const headers = { 'idempotency-key': `keyed-${kind}` };
    const key = await daily.keyFor(['submit']);
    const body = submission();
    const first = await daily.client.as(key).post<Checked>('/v1/comments', body, { headers });
    const { fingerprint } = await service.db
      .selectFrom('idempotency')
      .select('fingerprint')
      .where('idempotency_key', '=', headers['idempotency-key'])
      .executeTakeFirstOrThrow();
    const [kid, hash] = fingerprint.split(':');
    expect(kid).toBe('t1');
    const plain = createHash('sha256').update(`application/json\n${JSON.stringify(body)}`);
    expect(Buffer.from(hash ?? '', 'base64url')).toHaveLength(32);
    expect(Buffer.from(hash ?? '', 'base64url')).not.toEqual(plain.digest());
    const fresh = { kid: 't2', key: new Uint8Array(32).map((_, at) => at * 7) };
    const pseudonymKeys = [fresh, ...service.config.pseudonymKeys];
    const rotated = createClient({ ...service, config: { ...service.config, pseudonymKeys } }, key);
    const again = await rotated.post<Checked>('/v1/comments', body, { headers });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.body.id).toBe(first.body.id);
    const other = await rotated.post<Problem>('/v1/comments', submission(), { headers });
    expect(other.body.code).toBe('idempotency_key_reused');
  });

  test('a refused call gives its Idempotency-Key back', async () => {
    const headers = { 'idempotency-key': `refused-${kind}` };
    const reply = submission({ parent: '00000000-0000-7000-8000-000000000000' });
    expect((await daily.client.post<Problem>('/v1/comments', reply, { headers })).body.code).toBe(
      'parent_not_found',
    );
    expect((await daily.client.post('/v1/comments', submission(), { headers })).status).toBe(201);
  });

  test('the same author saying the same on the same post is a duplicate, on another post it is not', async () => {
    const body = submission({ post: 'dup' });
    expect((await daily.client.post('/v1/comments', body)).status).toBe(201);
    const again = await daily.client.post<Problem>('/v1/comments', {
      ...body,
      content: `  ${body.content} `,
    });
    expect([again.status, again.body.code]).toEqual([409, 'duplicate']);
    expect((await daily.client.post('/v1/comments', { ...body, post: 'dup-2' })).status).toBe(201);
  });

  test('two duplicates at once: one is stored', async () => {
    const body = submission({ post: 'race' });
    const answers = await Promise.all([1, 2, 3, 4].map(() => daily.client.post('/v1/comments', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  test('an author who comments too quickly is told when to come back, whatever the tag in the address', async () => {
    const { client } = await createTestSite(service, 'slow', { flood_seconds: 15 });
    expect(
      (await client.post('/v1/comments', submission({ author_email: 'quick@example.org' }))).status,
    ).toBe(201);
    service.clock.advance(5);
    const second = await client.post<Problem>(
      '/v1/comments',
      submission({ author_email: 'quick+tag@example.org' }),
    );
    expect([second.status, second.body.code, second.headers.get('retry-after')]).toEqual([
      429,
      'flood',
      '10',
    ]);
    service.clock.advance(10);
    expect(
      (await client.post('/v1/comments', submission({ author_email: 'quick@example.org' }))).status,
    ).toBe(201);
  });

  test.each([
    ['author', { author_email: 'everywhere@example.org' }],
    ['address', { author_ip: '203.0.113.9' }],
  ])('one %s that comments on ten posts at once is heard once', async (what, sender) => {
    const { client } = await createTestSite(service, `at-once-${what}`, { flood_seconds: 15 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        client.post('/v1/comments', submission({ ...sender, post: `${what}-${at}` })),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(429)]);
  });

  test('a reply names a parent on the same post', async () => {
    const parent = await daily.client.post<Checked>('/v1/comments', submission({ post: 'thread' }));
    const reply = submission({ post: 'thread', parent: parent.body.id });
    expect((await daily.client.post('/v1/comments', reply)).status).toBe(201);
    const elsewhere = submission({ post: 'other-thread', parent: parent.body.id });
    expect((await daily.client.post<Problem>('/v1/comments', elsewhere)).body.code).toBe('parent_not_found');
  });

  test('a closed post takes no comment until it is opened', async () => {
    await daily.client.call('PATCH', '/v1/posts/closing', { body: { closed: true } });
    const refused = await daily.client.post<Problem>('/v1/comments', submission({ post: 'closing' }));
    expect([refused.status, refused.body.code]).toEqual([403, 'post_closed']);
    await daily.client.call('PATCH', '/v1/posts/closing', { body: { closed: false } });
    expect((await daily.client.post('/v1/comments', submission({ post: 'closing' }))).status).toBe(201);
  });

  test('a batch answers each comment in order', async () => {
    const good = submission();
    const answer = await daily.client.post<{ results: (Checked & Problem)[] }>('/v1/comments/batch', {
      comments: [good, { post: 'x' }, good],
    });
    expect(answer.status).toBe(200);
    const [first, second, third] = answer.body.results;
    expect(first?.id).toBeDefined();
    expect(second?.code).toBe('invalid');
    expect(second?.errors?.map(({ pointer }) => pointer)).toContain('/comments/1/content');
    expect(third?.code).toBe('duplicate');
  });

  test('the rules that fire are named and hold the comment', async () => {
    const { client } = await createTestSite(service, 'strict', {
      suspect_words: ['casino'],
      banned_words: ['cheap pills'],
    });
    const check = async (fields: Record<string, unknown>) =>
      (await client.post<Checked>('/v1/comments', submission(fields))).body;
    expect((await check({ content: 'The casino vote was on Monday.' })).reasons).toContain('suspect_word');
    expect((await check({ content: 'A specialist on casinos spoke.' })).reasons).not.toContain(
      'suspect_word',
    );
    expect(await check({ content: 'Buy CHEAP pi\u200blls!' })).toMatchObject({
      status: 'trash',
      disposition: 'discard',
    });
    expect(
      (await check({ content: 'http://a.example www.example.com/x https://c.example' })).reasons,
    ).toContain('links');
    expect((await check({ honeypot: 'filled' })).reasons).toContain('honeypot');
    expect((await check({ elapsed_ms: 300 })).reasons).toContain('too_fast');
  });

  test('a name and an address can be made optional', async () => {
    const { client } = await createTestSite(service, 'open', { require_name: false, require_email: false });
    const anonymous = { post: '1', content: 'Nobody needs to know who I am to see that this is wrong.' };
    expect((await client.post('/v1/comments', anonymous)).status).toBe(201);
    expect((await client.post('/v1/comments', anonymous)).status).toBe(409);
  });

  test('a database that is away is 503 with Retry-After, and never a false success', async () => {
    const away = await createTestService(kind);
    const site = await createTestSite(away);
    await site.client.get('/v1/queue');
    await away.close();
    const answer = await site.client.post<Problem>('/v1/comments', submission());
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
    expect(answer.headers.get('retry-after')).toBe('2');
  });
});
