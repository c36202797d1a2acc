/** The rows of WordPress's REST API, one test each; test/contract/coverage.md lists them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toWordPressError } from '../../../src/http/wordpress/error.ts';
import { createKey } from '../../../src/moderation/access/keys.ts';
import type { Actor } from '../../../src/moderation/actor.ts';
import { changeStatus } from '../../../src/moderation/clients/wordpress.ts';
import { findNumberedComment } from '../../../src/storage/clients/wordpress.ts';
import type { CallOptions, Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, type TestSite } from '../../support/site.ts';

const PATH = '/wp-json/wp/v2/comments';
const ORIGIN = 'https://news.example';
const SPAM = 'Buy cheap pills now, best price, click here http://pills.example';
const system: Actor = { kind: 'system', id: 'test', name: 'test', siteId: null, scopes: ['admin'] };

interface Shown {
  id: number;
  post: number | string;
  parent: number;
  author: number;
  status: string;
  date_gmt: string;
  link: string;
  content: { rendered: string; raw?: string };
}
interface Failure {
  code: string;
  message: string;
  data: { status: number; params?: Record<string, string> };
}

let count = 0;
function comment(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  count += 1;
  return {
    post: 12,
    author_name: `Reader ${count}`,
    author_email: `reader${count}@example.org`,
    content: `I agree with the mayor on point ${count}: the bridge should be repaired before winter.`,
    ...change,
  };
}

function formData(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

describe.each(DATABASES)("WordPress's comments on %s", (kind) => {
  let service: TestService;
  let site: TestSite;
  let desk: Client;
  let sender: Client;
  let publicKey: string;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  beforeEach(async () => {
    count += 1;
    site = await createTestSite(service, `wp-${count}`);
    desk = site.client;
    sender = desk.as(await site.keyFor(['submit', 'read']));
    publicKey = await site.publicKeyFor(ORIGIN);
  });
  afterAll(() => service.close());

  const create = async (change: Readonly<Record<string, unknown>> = {}, client = sender) =>
    await client.post<Shown>(PATH, comment(change));
  const fail = async (change: Readonly<Record<string, unknown>>, client = sender) => {
    const { status, body } = await client.post<Failure>(PATH, comment(change));
    expect(body.data.status).toBe(status);
    return [body.code, status];
  };

  describe('REST: create', () => {
    test('201, Location and the comment in the context view', async () => {
      const answer = await create({ content: 'One <b>line</b>\nanother\n\nA paragraph.' });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('location')).toMatch(/\/wp-json\/wp\/v2\/comments\/\d+$/);
      expect(answer.body).toMatchObject({
        id: expect.any(Number),
        post: 12,
        parent: 0,
        author: 0,
        author_url: '',
        status: 'approved',
        type: 'comment',
        meta: [],
        content: {
          rendered: '<p>One &lt;b&gt;line&lt;/b&gt;<br />\nanother</p>\n<p>A paragraph.</p>\n',
        },
        author_avatar_urls: { 24: expect.any(String), 48: expect.any(String), 96: expect.any(String) },
      });
      expect(Object.keys(answer.body).join()).not.toMatch(/email|ip|agent/);
    });

    test('a post that is no number keeps its id, and a form is taken, too', async () => {
      expect((await create({ post: 'article-x' })).body.post).toBe('article-x');
      const form = new URLSearchParams(comment({ post: '13' }) as Record<string, string>);
      expect(await sender.post(PATH, form)).toMatchObject({ status: 201, body: { post: 13 } });
    });

    test('a multipart form, and parameters in the query: of a name that stands there twice the last', async () => {
      const fields = comment({ post: '13' }) as Record<string, string>;
      expect(await sender.post(PATH, formData(fields))).toMatchObject({ status: 201, body: { post: 13 } });
      const query = new URLSearchParams(comment({ post: '14' }) as Record<string, string>);
      expect(await sender.post(`${PATH}?post=1&${query}`)).toMatchObject({ status: 201, body: { post: 14 } });
      const under = comment({ post: 15 });
      expect(await sender.post(`${PATH}?post=1`, under)).toMatchObject({ status: 201, body: { post: 15 } });
    });

    test.each<[string, number, string, string | Uint8Array]>([
      ['rest_unsupported_media_type', 415, 'text/plain', 'x'],
      ['rest_bad_form', 400, 'multipart/form-data', 'x'],
      ['rest_bad_form', 400, 'multipart/form-data; boundary=b', 'x'],
      ['rest_bad_utf8', 400, 'multipart/form-data; boundary=b', new Uint8Array([0xff])],
      ['comment_content_column_length', 400, 'multipart/form-data; boundary=b', 'x'.repeat(82_000)],
    ])('%s %i for a body of %s that cannot be read', async (code, status, type, body) => {
      const headers = { 'content-type': type };
      const answer = await sender.post<Failure>(PATH, body, { headers });
      expect([answer.body.code, answer.status]).toEqual([code, status]);
    });

    test('a date as MySQL writes it; what is none is named as it was sent', async () => {
      expect((await create({ date: '2026-01-01 00:00:00' })).body.date_gmt).toBe('2026-01-01T00:00:00');
      for (const name of ['date', 'date_gmt']) {
        const { status, body } = await sender.post<Failure>(PATH, comment({ [name]: 'noon' }));
        expect([status, body.data.params]).toEqual([400, { [name]: 'Invalid date.' }]);
      }
    });

    test('content as {raw}, a parent by its number, date_gmt as WordPress writes it', async () => {
      const { body: first } = await create();
      const { body: reply } = await create({
        content: { raw: 'As raw: the bridge is old.' },
        parent: first.id,
        date_gmt: '2026-02-03T04:05:06',
      });
      expect(reply).toMatchObject({ parent: first.id, date_gmt: '2026-02-03T04:05:06' });
    });

    test('a comment that is held answers hold', async () => {
      expect((await create({ content: SPAM })).body.status).toBe('hold');
    });

    test('rest_comment_invalid_post_id without a post', async () => {
      expect(await fail({ post: 0 })).toEqual(['rest_comment_invalid_post_id', 403]);
      expect(await fail({ post: undefined })).toEqual(['rest_comment_invalid_post_id', 403]);
    });

    test('rest_comment_content_invalid for an empty text', async () => {
      expect(await fail({ content: ' \n ' })).toEqual(['rest_comment_content_invalid', 400]);
      expect(await fail({ content: { rendered: 'x' } })).toEqual(['rest_comment_content_invalid', 400]);
    });

    test('rest_comment_author_data_required without name or e-mail', async () => {
      expect(await fail({ author_name: '' })).toEqual(['rest_comment_author_data_required', 400]);
      expect(await fail({ author_email: undefined })).toEqual(['rest_comment_author_data_required', 400]);
    });

    test('rest_invalid_param names an e-mail address, a URL and a parent that are none', async () => {
      const { body } = await sender.post<Failure>(PATH, comment({ author_email: 'ada@' }));
      expect([body.code, body.data.params]).toEqual([
        'rest_invalid_param',
        { author_email: expect.any(String) },
      ]);
      expect(await fail({ author_url: 'javascript:alert(1)' })).toEqual(['rest_invalid_param', 400]);
      expect(await fail({ parent: 999_999 })).toEqual(['rest_invalid_param', 400]);
      expect(await fail({ author_ip: 'nowhere' })).toEqual(['rest_invalid_param', 400]);
    });

    test.each([
      ['comment_author_column_length', { author_name: 'n'.repeat(246) }],
      ['comment_author_email_column_length', { author_email: `${'e'.repeat(95)}@x.org` }],
      ['comment_author_url_column_length', { author_url: `https://x.org/${'u'.repeat(200)}` }],
      ['comment_content_column_length', { content: 'c'.repeat(65_526) }],
    ])('%s', async (code, change) => {
      expect(await fail(change)).toEqual([code, 400]);
    });

    test.each([
      ['rest_comment_invalid_post_id', 403, { post: 'a\u0000' }],
      ['rest_comment_invalid_post_id', 403, { post: 'a\ud800' }],
      ['rest_comment_invalid_post_id', 403, { post: '  ' }],
      ['rest_invalid_param', 400, { author_user_agent: 'x\u0000' }],
      ['rest_invalid_param', 400, { author_user_agent: 'x\ud800' }],
      ['rest_comment_content_invalid', 400, { author_name: 'x\u0000' }],
      ['rest_comment_content_invalid', 400, { content: 'x\ud800' }],
      ['rest_comment_content_invalid', 400, { content: '\u200b' }],
      ['rest_comment_author_data_required', 400, { author_name: '\u200b' }],
    ])('%s %i for what cannot be kept or seen: %j', async (code, status, change) => {
      expect(await fail(change)).toEqual([code, status]);
    });

    test('a long user agent is cut, and not within a character', async () => {
      const author_user_agent = `${'a'.repeat(999)}\u{1f600}`;
      const { body } = await create({ author_user_agent });
      const shown = await desk.get(`${PATH}/${body.id}?context=edit`);
      expect(shown.body).toMatchObject({ author_user_agent: 'a'.repeat(999) });
    });

    test('the longest that WordPress takes is taken', async () => {
      const answer = await create({
        author_name: 'n'.repeat(245),
        author_email: `${'e'.repeat(60)}@${'d'.repeat(35)}.org`,
        content: 'c '.repeat(32_762),
      });
      expect(answer.status).toBe(201);
    });

    test('comment_duplicate 409 and comment_flood 400 with Retry-After', async () => {
      const same = comment();
      await sender.post(PATH, same);
      expect(await sender.post(PATH, same)).toMatchObject({
        status: 409,
        body: { code: 'comment_duplicate' },
      });
      const limited = await createTestSite(service, `flood-${count}`, { flood_seconds: 15 });
      const email = { author_email: 'quick@example.org' };
      const quick = desk.as(await limited.keyFor(['submit']));
      await create(email, quick);
      const { status, body, headers } = await quick.post<Failure>(PATH, comment(email));
      expect([body.code, status, headers.get('retry-after')]).toEqual(['comment_flood', 400, '15']);
      // As in WordPress: who moderates is no flood.
      expect((await create(email, limited.client)).status).toBe(201);
    });

    test('rest_comment_closed for a closed post', async () => {
      await desk.call('PATCH', '/v1/posts/99', { body: { closed: true } });
      expect(await fail({ post: 99 })).toEqual(['rest_comment_closed', 403]);
    });

    test('rest_comment_exists, rest_invalid_comment_type, rest_comment_invalid_author, …_status', async () => {
      expect(await fail({ id: 1 })).toEqual(['rest_comment_exists', 400]);
      expect(await fail({ type: 'pingback' })).toEqual(['rest_invalid_comment_type', 400]);
      expect(await fail({ author: 7 })).toEqual(['rest_comment_invalid_author', 403]);
      expect(await fail({ status: 'approved' })).toEqual(['rest_comment_invalid_status', 403]);
    });

    test('rest_comment_author_invalid for a moderator who names an author: nobody has an account here', async () => {
      expect(await fail({ author: 7 }, desk)).toEqual(['rest_comment_author_invalid', 400]);
      expect((await create({ author: 0 }, desk)).status).toBe(201);
    });

    test('an author_url without a scheme gets http://, as WordPress does it', async () => {
      expect((await create({ author_url: ' news.example/ada ' })).body).toMatchObject({
        author_url: 'http://news.example/ada',
      });
      expect(await fail({ author_url: '/ada' })).toEqual(['rest_invalid_param', 400]);
    });

    test('a name is counted as a form counts it: 245 letters of any script', async () => {
      expect((await create({ author_name: 'ж'.repeat(245) })).status).toBe(201);
      expect(await fail({ author_name: 'ж'.repeat(246) })).toEqual(['comment_author_column_length', 400]);
    });

    test('a moderator may say where a comment stands', async () => {
      const { body } = await create({ content: SPAM, status: 'approve' }, desk);
      expect(body).toMatchObject({ status: 'approved', content: { raw: SPAM } });
    });

    test('401 without a key, 403 without the scope, invalid JSON 400', async () => {
      const none = await desk.as(null).post<Failure>(PATH, comment());
      expect([none.status, none.body.code]).toEqual([401, 'rest_not_logged_in']);
      const reader = desk.as(await site.keyFor(['read']));
      expect(await fail({}, reader)).toEqual(['rest_forbidden', 403]);
      const broken = await sender.call<Failure>('POST', PATH, {
        body: '{',
        headers: { 'content-type': 'application/json' },
      });
      expect([broken.status, broken.body.code]).toEqual([400, 'rest_invalid_json']);
    });

    test('the key as application password of Basic', async () => {
      const key = await site.keyFor(['submit']);
      const basic = Buffer.from(`editor:${key}`).toString('base64');
      const answer = await desk
        .as(null)
        .post(PATH, comment(), { headers: { authorization: `Basic ${basic}` } });
      expect(answer.status).toBe(201);
    });

    test('a public key from its origin: no author_ip, and spam looks like waiting', async () => {
      const page = desk.as(publicKey);
      const headers = { origin: ORIGIN };
      const other = await page.post<Failure>(PATH, comment(), { headers: { origin: 'https://x.example' } });
      expect(other.status).toBe(403);
      const ip = await page.post<Failure>(PATH, comment({ author_ip: '192.0.2.1' }), { headers });
      expect([ip.status, ip.body.code]).toEqual([403, 'rest_comment_invalid_author_ip']);
      const banned = await createTestSite(service, `banned-${count}`, { banned_words: ['forbiddenword'] });
      const { key } = await createKey(service, system, {
        siteId: banned.site.id,
        name: 'page',
        scopes: ['submit'],
        allowedOrigins: [ORIGIN],
      });
      const told = await desk
        .as(key)
        .post<Shown>(PATH, comment({ content: 'A forbiddenword.' }), { headers });
      expect(told.body.status).toBe('hold');
      expect(told.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    });
  });

  describe('REST: read', () => {
    const list = async (query: string, client = sender) => await client.get<Shown[]>(`${PATH}?${query}`);
    const ids = async (query: string, client = sender) =>
      (await list(query, client)).body.map(({ id }) => id);

    /** Three approved comments a minute apart, the last a reply to the first, and one that waits. */
    async function fill() {
      const made: number[] = [];
      for (const change of [{}, { post: 13 }, {}]) {
        service.clock.advance(60);
        const parent = made.length === 2 ? { parent: made[0] } : {};
        made.push((await create({ ...change, ...parent })).body.id);
      }
      const { body: held } = await create({ content: SPAM });
      return { made, held: held.id };
    }

    test('approved ones, newest first, with X-WP-Total, X-WP-TotalPages and Link', async () => {
      const { made } = await fill();
      const first = await list('per_page=2');
      expect(first.body.map(({ id }) => id)).toEqual([made[2], made[1]]);
      expect(first.headers.get('x-wp-total')).toBe('3');
      expect(first.headers.get('x-wp-totalpages')).toBe('2');
      expect(first.headers.get('link')).toMatch(/per_page=2&page=2>; rel="next"$/);
      const second = await list('per_page=2&page=2');
      expect(second.body.map(({ id }) => id)).toEqual([made[0]]);
      expect(second.headers.get('link')).toMatch(/page=1>; rel="prev"$/);
      expect((await list('page=9')).body).toEqual([]);
    });

    test('a slash at the end of the path means nothing', async () => {
      const { made } = await fill();
      expect((await sender.get<Shown[]>(`${PATH}/`)).body.map(({ id }) => id)).toEqual([...made].reverse());
      expect((await sender.get<Shown>(`${PATH}/${made[0]}/`)).body.id).toBe(made[0]);
    });

    test.each([
      ['GET', '/wp-json'],
      ['GET', '/wp-json/wp/v2/posts'],
      ['GET', `${PATH}/1/2`],
      ['PUT', PATH],
      ['DELETE', PATH],
    ])('rest_no_route 404 for %s %s', async (method, path) => {
      const { status, body, headers } = await sender.call<Failure>(method, path);
      expect([body.code, body.data.status, status]).toEqual(['rest_no_route', 404, 404]);
      expect(headers.get('content-type')).toContain('application/json');
    });

    test('post, parent, include, exclude, offset, order and orderby', async () => {
      const { made } = await fill();
      const [a, b, c] = made;
      expect(await ids('post=13')).toEqual([b]);
      expect(await ids('post[]=12&post[]=13')).toEqual([c, b, a]);
      expect(await ids(`parent=${a}`)).toEqual([c]);
      expect(await ids('parent=0&order=asc')).toEqual([a, b]);
      expect(await ids(`parent_exclude=${a}`)).toEqual([b, a]);
      expect(await ids(`include=${a},${c}`)).toEqual([c, a]);
      expect(await ids(`include=${b},${a},${c}&orderby=include`)).toEqual([b, a, c]);
      expect(await ids('orderby=include&order=asc')).toEqual([a, b, c]);
      expect(await ids(`exclude=${a},${c}`)).toEqual([b]);
      expect(await ids('offset=1')).toEqual([b, a]);
      expect(await ids('orderby=id&order=asc')).toEqual([a, b, c]);
      expect(await ids('orderby=post&order=desc')).toEqual([b, c, a]);
    });

    test('after, before, search within a post, author and type', async () => {
      const { made } = await fill();
      const [a, b, c] = made;
      const dates = (await list('order=asc')).body.map(({ date_gmt }) => date_gmt);
      expect(await ids(`after=${dates[1]}`)).toEqual([c]);
      expect(await ids(`before=${dates[1]}Z`)).toEqual([a]);
      expect(await ids('search=THE%20MAYOR&post=12')).toEqual([c, a]);
      expect(await ids('search=100%25&post=12')).toEqual([]);
      expect(await ids('author=0', desk)).toEqual([c, b, a]);
      expect(await ids('author=5', desk)).toEqual([]);
      expect(await ids('author_exclude=5,7', desk)).toEqual([c, b, a]);
      expect(await ids('author_exclude=5,0', desk)).toEqual([]);
      expect(await ids('type=pingback', desk)).toEqual([]);
    });

    test('status and author_email are for moderators', async () => {
      const { made, held } = await fill();
      expect(await ids('status=hold', desk)).toEqual([held]);
      expect(await ids('status=all', desk)).toHaveLength(4);
      const { body } = await create({ author_email: 'Known.Person@example.org' });
      expect(await ids('author_email=known.person%40example.org', desk)).toEqual([body.id]);
      expect(await ids('author_email=nobody', desk)).toEqual([]);
      expect(made).toHaveLength(3);
    });

    test('rest_forbidden_param, rest_forbidden_context and rest_invalid_param', async () => {
      const code = async (query: string) => {
        const { status, body } = await sender.get<Failure>(`${PATH}?${query}`);
        return [body.code, status];
      };
      const forbidden = [
        'status=hold',
        'author_email=a%40b.c',
        'author=1',
        'author_exclude=1',
        'type=x',
        'search=x',
      ];
      for (const query of forbidden) {
        expect([query, ...(await code(query))]).toEqual([query, 'rest_forbidden_param', 403]);
      }
      expect(await code('context=edit')).toEqual(['rest_forbidden_context', 403]);
      const invalid = [
        ...['per_page=0', 'per_page=101', 'page=x', 'order=up', 'after=noon', 'page=9999'],
        ...['post=%00', 'search=%00&post=1', 'after=0000-01-01T00:00:00', 'site=%00', 'context=%00'],
        'before=9999-12-31T23:59:59-23:59',
      ];
      for (const query of invalid) {
        expect([query, ...(await code(query))]).toEqual([query, 'rest_invalid_param', 400]);
      }
    });

    test('one comment in its contexts: view, embed, edit', async () => {
      const { body } = await create({ author_user_agent: 'Mozilla/5.0' });
      const view = await sender.get<Shown>(`${PATH}/${body.id}`);
      expect(view.body).toMatchObject({ id: body.id, status: 'approved' });
      const embed = await sender.get<Record<string, unknown>>(`${PATH}/${body.id}?context=embed`);
      expect(Object.keys(embed.body)).not.toContain('post');
      const edit = await desk.get<Record<string, unknown>>(`${PATH}/${body.id}?context=edit`);
      expect(edit.body).toMatchObject({
        author_email: '',
        author_ip: '',
        author_user_agent: 'Mozilla/5.0',
        content: { raw: expect.stringContaining('bridge') },
      });
    });

    test('rest_comment_invalid_id, rest_cannot_read, rest_forbidden_context', async () => {
      const { body: held } = await create({ content: SPAM });
      const code = async (path: string) => {
        const { status, body } = await sender.get<Failure>(`${PATH}/${path}`);
        return [body.code, status];
      };
      expect(await code('999999')).toEqual(['rest_comment_invalid_id', 404]);
      expect(await code('x')).toEqual(['rest_comment_invalid_id', 404]);
      expect(await code(String(held.id))).toEqual(['rest_cannot_read', 403]);
      expect(await code(`${held.id}?context=edit`)).toEqual(['rest_forbidden_context', 403]);
      const unknown = await desk.as(null).get<Failure>(`${PATH}/${held.id}`);
      expect([unknown.status, unknown.body.code]).toEqual([401, 'rest_not_logged_in']);
    });

    test("another site's numbers are not found", async () => {
      const { body } = await create();
      const other = await createTestSite(service, `other-${count}`);
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await other.client.call(method, `${PATH}/${body.id}`, {
          body: method === 'POST' ? {} : undefined,
        });
        expect([method, answer.status]).toEqual([method, 404]);
      }
    });

    test('no e-mail address, IP address or hash of one is in any answer', async () => {
      const { body } = await create({ author_email: 'canary@example.org', author_ip: '203.0.113.7' });
      const row = await service.db
        .selectFrom('comment')
        .select(['author_email', 'author_ip', 'author_email_loose'])
        .where('number', '=', String(body.id))
        .executeTakeFirstOrThrow();
      const texts = await Promise.all(
        ['', '?context=edit', `/${body.id}`, `/${body.id}?context=embed`, `/${body.id}?context=edit`].map(
          async (path) => (await desk.get(`${PATH}${path}`)).text,
        ),
      );
      for (const secret of ['canary', '203.0.113', ...Object.values(row)]) {
        expect(texts.join()).not.toContain(secret);
      }
      expect(row.author_email).toMatch(/^t1:/);
    });

    test('a preflight passes from the origin of a key', async () => {
      const preflight = (origin: string) =>
        desk.as(null).call('OPTIONS', PATH, { headers: { origin, 'access-control-request-method': 'GET' } });
      expect((await preflight(ORIGIN)).status).toBe(204);
      expect((await preflight('https://x.example')).status).toBe(403);
    });
  });

  describe('REST: change and delete', () => {
    const change = async (id: number, body: unknown, client = desk) => {
      // Decisions of one millisecond stand in no order.
      service.clock.advance(1);
      return await client.post<Shown & Failure>(`${PATH}/${id}`, body);
    };
    const stored = async (number: number) =>
      await service.db
        .selectFrom('comment')
        .select(['id', 'label'])
        .where('number', '=', String(number))
        .executeTakeFirstOrThrow();

    test('every status on the way in', async () => {
      const { body } = await create({ content: SPAM });
      const seen: string[] = [];
      for (const status of ['approved', 'hold', '1', '0', 'approve', 'spam', 'unspam', 'trash', 'untrash']) {
        seen.push((await change(body.id, { status })).body.status);
      }
      expect(seen).toEqual([
        'approved',
        'hold',
        'approved',
        'hold',
        'approved',
        'spam',
        'approved',
        'trash',
        'approved',
      ]);
    });

    test('content is edited and scored anew; what an answer held may be sent back', async () => {
      const { body } = await create({}, desk);
      const shown = (await desk.get<Shown>(`${PATH}/${body.id}?context=edit`)).body;
      const edited = await change(body.id, { ...shown, content: SPAM });
      expect(edited.body).toMatchObject({ status: 'hold', content: { raw: SPAM } });
      const refused = await change(body.id, { author_name: 'Other' });
      expect([refused.status, refused.body.data.params]).toEqual([400, { author_name: expect.any(String) }]);
      expect((await change(body.id, { content: ' ' })).body.code).toBe('rest_comment_content_invalid');
      expect((await change(body.id, { status: 'odd' })).body.code).toBe('rest_invalid_param');
    });

    test('hold on what the filter published, or marked: before a human, out of sight, without a label', async () => {
      const { body } = await create();
      const held = await change(body.id, { status: 'hold' });
      expect([held.status, held.body.status]).toEqual([200, 'hold']);
      expect((await sender.get(`${PATH}/${body.id}`)).status).toBe(403);
      const row = await stored(body.id);
      const queue = await desk.get<{ items: { id: string; escalated: boolean }[] }>('/v1/queue');
      expect(queue.body.items).toMatchObject([{ id: row.id, escalated: true }]);
      expect(row.label).toBeNull();
      expect((await change(body.id, { status: 'approve' })).body.status).toBe('approved');
      expect((await stored(body.id)).label).toBe('ham');
      expect((await change(body.id, { status: 'hold' })).body.status).toBe('hold');
      expect((await stored(body.id)).label).toBeNull();
    });

    test('hold on what a human approved after the filter had published it', async () => {
      const { body } = await create();
      const { id } = await stored(body.id);
      await desk.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
      expect((await change(body.id, { status: '0' })).body.status).toBe('hold');
      expect((await stored(body.id)).label).toBeNull();
    });

    test('untrash on what the filter discarded: before a human', async () => {
      const strict = await createTestSite(service, `strict-${count}`, { banned_words: ['forbiddenword'] });
      const { body: discarded } = await create({ content: 'A forbiddenword.' }, strict.client);
      expect(discarded.status).toBe('trash');
      const back = await change(discarded.id, { status: 'untrash' }, strict.client);
      expect([back.status, back.body.status]).toEqual([200, 'hold']);
    });

    test('a decision that came between: rest_comment_failed_edit 409, not 500', async () => {
      const { body } = await create({ content: SPAM });
      const looked = await findNumberedComment(service.db, site.site.id, body.id);
      await change(body.id, { status: 'approve' });
      const actor = { ...system, siteId: site.site.id };
      const failure = looked
        ? await changeStatus(service, site.site.id, actor, looked, 'spam').catch((error: unknown) => error)
        : null;
      expect(toWordPressError(failure)).toMatchObject({ code: 'rest_comment_failed_edit', status: 409 });
      expect((await desk.get<Shown>(`${PATH}/${body.id}`)).body.status).toBe('approved');
    });

    test('delete goes to the trash, then rest_already_trashed, then for good by force', async () => {
      const { body } = await create();
      const path = `${PATH}/${body.id}`;
      expect((await desk.call<Shown>('DELETE', path)).body.status).toBe('trash');
      expect(await desk.call('DELETE', path)).toMatchObject({
        status: 410,
        body: { code: 'rest_already_trashed' },
      });
      expect(await desk.call('DELETE', `${path}?force=true`)).toMatchObject({
        status: 200,
        body: { deleted: true, previous: { id: body.id } },
      });
      expect((await desk.get(path)).status).toBe(404);
    });

    test.each<[string, string, string, CallOptions]>([
      ['force in a JSON body', 'DELETE', '', { body: { force: true } }],
      ['force=1', 'DELETE', '?force=1', {}],
      ['_method', 'POST', '?_method=delete&force=true', {}],
      [
        'X-HTTP-Method-Override, as @wordpress/api-fetch sends it',
        'POST',
        '?_locale=user',
        { body: { force: true }, headers: { 'x-http-method-override': 'DELETE' } },
      ],
    ])('deleted for good by %s', async (_how, method, query, options) => {
      const path = `${PATH}/${(await create()).body.id}`;
      const answer = await desk.call(method, `${path}${query}`, options);
      expect(answer).toMatchObject({ status: 200, body: { deleted: true } });
      expect((await desk.get(path)).status).toBe(404);
    });

    test('no other method than POST is overridden, and by none that is unknown', async () => {
      const path = `${PATH}/${(await create()).body.id}`;
      const headers = { 'x-http-method-override': 'DELETE' };
      expect((await desk.get<Shown>(`${path}?_method=DELETE`, { headers })).body.status).toBe('approved');
      const unknown = await desk.post<Shown>(`${path}?_method=GET&status=hold`);
      expect([unknown.status, unknown.body.status]).toEqual([200, 'hold']);
    });

    test.each(['yes', '2', ''])('force=%s is no boolean: nothing goes', async (force) => {
      const path = `${PATH}/${(await create()).body.id}`;
      for (const answer of [
        await desk.call<Failure>('DELETE', `${path}?force=${force}`),
        await desk.call<Failure>('DELETE', path, { body: { force } }),
      ]) {
        expect([answer.status, answer.body.code]).toEqual([400, 'rest_invalid_param']);
        expect(answer.body.data.params).toHaveProperty('force');
      }
      expect((await desk.get<Shown>(path)).body.status).toBe('approved');
      expect((await desk.call<Shown>('DELETE', `${path}?force=false`)).body.status).toBe('trash');
    });

    test('a change by parameters in the query, or by a form; what no comment has is passed over', async () => {
      const { body } = await create();
      const path = `${PATH}/${body.id}`;
      expect((await desk.post<Shown>(`${path}?status=hold&_locale=user`)).body.status).toBe('hold');
      const form = new URLSearchParams({ id: String(body.id), post: '12', status: 'approve', extra: '1' });
      expect((await desk.post<Shown>(path, form)).body.status).toBe('approved');
      const other = await desk.post<Failure>(`${path}?post=13`);
      expect([other.status, Object.keys(other.body.data.params ?? {})]).toEqual([400, ['post']]);
    });

    test("a browser's session is not lent to another site by a form, a query or an overridden method", async () => {
      const path = `${PATH}/${(await create()).body.id}`;
      const nobody = desk.as(null);
      const cookie = 'leave-a-reply=session';
      const foreign = { cookie, origin: 'https://evil.example' };
      const own = { cookie, origin: 'http://localhost' };
      const form = new URLSearchParams({ status: 'spam' });
      for (const answer of [
        await nobody.post(`${path}?status=spam`, undefined, { headers: foreign }),
        await nobody.post(`${path}?_method=DELETE&force=1`, undefined, { headers: foreign }),
        await nobody.post(`${path}?_method=DELETE&force=1`, undefined, { headers: { cookie } }),
        await nobody.post(path, form, { headers: foreign }),
        await nobody.post(path, form, { headers: own }),
        await nobody.post(path, formData({ status: 'spam' }), { headers: own }),
      ]) {
        expect([answer.status, answer.body]).toMatchObject([403, { code: 'rest_cross_site' }]);
      }
      expect((await desk.get<Shown>(path)).body.status).toBe('approved');
    });

    test('both need the scope moderate', async () => {
      const { body } = await create();
      expect((await change(body.id, { status: 'spam' }, sender)).body.code).toBe('rest_forbidden');
      expect((await sender.call('DELETE', `${PATH}/${body.id}`)).status).toBe(403);
    });
  });
});
