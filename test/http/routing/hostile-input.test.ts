import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BODY_LIMIT_BYTES } from '../../../src/http/routing/body.ts';
import { toProblem } from '../../../src/http/routing/problem.ts';
import { toWordPressError } from '../../../src/http/wordpress/error.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';

interface Answer {
  id?: string;
  code?: string;
  status?: string | number;
  verdict?: string;
  spam_probability?: number;
  errors?: { pointer: string; code: string }[];
}

const json = { headers: { 'content-type': 'application/json' } };

describe.each(DATABASES)('what nobody means well, sent to /v1/comments on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  beforeAll(async () => {
    service = await createTestService(kind);
    site = await createTestSite(service);
  });
  afterAll(() => service.close());

  const send = (body: string | Uint8Array, options: { headers?: Record<string, string> } = json) =>
    site.client.post<Answer>('/v1/comments', body, options);
  const withField = (field: string) => JSON.stringify(submission()).replace('{', `{${field},`);

  test.each([
    ['a trailing comma', '{"post":"1",}'],
    ['NaN', '{"elapsed_ms":NaN}'],
    ['a comment', '{/* */}'],
    ['two values', '{}{}'],
  ])('%s is not JSON', async (_what, body) => {
    const { status, body: answer } = await send(body);
    expect([status, answer.code]).toEqual([400, 'bad_json']);
  });

  test('a body of exactly the limit is read, and one byte more is not', async () => {
    const plain = JSON.stringify(submission());
    const full = plain.padEnd(BODY_LIMIT_BYTES, ' ');
    expect((await send(full)).status).toBe(201);
    const { status, body } = await send(`${full} `);
    expect([status, body.code]).toEqual([413, 'body_too_large']);
  });

  test.each([
    ['a form, where a Cyrillic letter takes six bytes', true],
    ['JSON whose letters are escaped, as PHP writes it', false],
  ])(
    'the longest comment fits into %s, and one letter more is refused by its field',
    async (_how, isForm) => {
      const longest = 'д'.repeat(32_762);
      const sendText = (content: string) => {
        const fields = submission({ content });
        if (isForm) {
          return site.client.post<Answer>(
            '/v1/comments',
            new URLSearchParams(fields as Record<string, string>),
          );
        }
        const escaped = JSON.stringify(fields).replaceAll('д', '\\u0434');
        return send(escaped);
      };
      expect((await sendText(longest)).status).toBe(201);
      const { status, body } = await sendText(`${longest}дд`);
      expect([status, body.errors?.map(({ code }) => code)]).toEqual([422, ['too_long']]);
    },
  );

  test('a large body of unknown length is not read to its end', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new Uint8Array(16_384).fill(0x20));
        if (pulled === 640) controller.close();
      },
    });
    const key = await site.keyFor(['submit']);
    const answer = await site.client.app.request('/v1/comments', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
    expect(pulled).toBeLessThan(20);
  });

  test('200,000 fields are too large before they are parsed', async () => {
    const fields = Array.from({ length: 200_000 }, (_, at) => `"k${at}":1`).join(',');
    expect((await send(`{${fields}}`)).status).toBe(413);
  });

  test('a byte order mark before the JSON is passed over', async () => {
    expect((await send(`\ufeff${JSON.stringify(submission())}`)).status).toBe(201);
  });

  test('of a field that stands there twice the last one is checked and taken', async () => {
    const twice = withField('"content":"\\u0000"');
    expect((await send(twice)).status).toBe(201);
    const turned = JSON.stringify(submission()).replace(/}$/, ',"content":"\\u0000"}');
    expect((await send(turned)).body.errors?.map(({ code }) => code)).toEqual(['nul_char']);
  });

  test.each([
    ['"parent":9007199254740993', '/parent'],
    ['"elapsed_ms":1e400', '/elapsed_ms'],
    ['"elapsed_ms":-1', '/elapsed_ms'],
    ['"date_gmt":"+275760-09-13T00:00:01Z"', '/date_gmt'],
    ['"date_gmt":true', '/date_gmt'],
    ['"author_url":{"toString":"x"}', '/author_url'],
    ['"author_ip":"127.1"', '/author_ip'],
    ['"trusted":true', '/trusted'],
    ['"prototype":{}', '/prototype'],
    ['"a/b~c":1', '/a~1b~0c'],
    ['"\\u0000":1', '/\u0000'],
  ])('%s is refused by name', async (field, pointer) => {
    const { status, body } = await send(withField(field));
    expect([status, body.errors?.map((error) => error.pointer)]).toEqual([422, [pointer]]);
  });

  test.each([
    ['tokens that objects inherit', 'constructor __proto__ toString hasOwnProperty valueOf'],
    ['tokens that were never seen', 'qzxv wkjh plmn bvcx zzyx'],
    ['one letter', 'a'.repeat(65_525)],
    ['combining marks', `e${'\u0301'.repeat(10_000)}`],
    ['a ligature that normalising makes 18 times longer', '\ufdfa'.repeat(5_000)],
    ['a letter that lower case makes longer', `\u0130${'\u0130'.repeat(999)} and more of it`],
    ['noncharacters and private letters', 'a \uffff \ue000 \u{10ffff} \u0378 b'],
    ['direction overrides', 'look at \u202egpj.exe\u202c and \u2066this\u2069'],
    ['a thousand links', Array.from({ length: 1000 }, (_, at) => `http://h${at}.example/`).join(' ')],
  ])('%s gets a verdict, and comes back as sent', async (_what, content) => {
    const sent = await send(JSON.stringify(submission({ content })));
    expect(sent.status).toBe(201);
    expect(sent.body.spam_probability).toBeGreaterThanOrEqual(0);
    expect(sent.body.spam_probability).toBeLessThanOrEqual(1);
    const { body } = await site.client.get<{ content: string }>(`/v1/comments/${sent.body.id}`);
    expect(body.content).toBe(content);
  });

  test('a name that turns the direction of text is kept as sent', async () => {
    const author_name = 'nimdA\u202e';
    const { id } = (await send(JSON.stringify(submission({ author_name })))).body;
    expect((await site.client.get(`/v1/comments/${id}`)).body).toMatchObject({ author_name });
  });

  test('no refusal repeats what was sent', async () => {
    const { text } = await send(
      withField('"author_ip":"<script>canary</script>","author_url":"javascript:canary"'),
    );
    expect(text).not.toContain('canary');
  });

  const settings = (settings: object) => ['PATCH', '/v1/sites/SITE', { settings }] as const;
  test.each([
    [settings({ banned_words: ['a\u0000'] }), '/settings/banned_words/0', 'nul_char'],
    [settings({ reject_reasons: ['\ud800'] }), '/settings/reject_reasons/0', 'lone_surrogate'],
    [
      ['POST', '/v1/sites', { slug: 'n', name: 'n', settings: { suspect_words: ['\u0000'] } }],
      '/settings/suspect_words/0',
      'nul_char',
    ],
    [['GET', '/v1/queue?site=%00', undefined], '/query/site', 'nul_char'],
    [['POST', '/v1/models?site=%00', {}], '/query/site', 'nul_char'],
  ] as const)('%j is refused by its field', async ([method, path, body], pointer, code) => {
    const admin = await createAdminClient(service);
    const answer = await admin.call<Answer>(method, path.replace('SITE', site.site.id), { body });
    expect([answer.status, answer.body.errors]).toMatchObject([422, [{ pointer, code }]]);
  });

  test.each([
    ['GET', '/v1/keys/%00'],
    ['DELETE', '/v1/keys/%00'],
    ['GET', '/v1/posts/%00'],
  ])('%s %s is not found', async (method, path) => {
    const admin = await createAdminClient(service);
    expect(await admin.call(method, path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test.each([
    ['22021', 'a NUL'],
    ['22P05', 'an escaped NUL'],
    ['22P02', 'what is no number'],
    ['22003', 'a number out of range'],
    ['22008', 'a date out of range'],
    ['22009', 'a time zone out of range'],
  ])('what the database refuses as %s, %s, is the caller’s fault', (sqlState) => {
    const refused = Object.assign(new Error('refused'), { code: sqlState });
    expect(toProblem(refused)).toMatchObject({ code: 'invalid' });
    expect(toWordPressError(refused)).toMatchObject({ code: 'rest_invalid_param', status: 400 });
  });

  test.each(['//v1/comments', '/v1/%2e%2e/comments', '/v1/comments%00', '/%E0%A4', `/${'x'.repeat(16_000)}`])(
    'the path %# leads nowhere and fails nowhere',
    async (path) => {
      const { status, body } = await site.client.get<Answer>(path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(typeof body.code).toBe('string');
    },
  );
});
