/** The rows of Akismet's wire contract, one test each; test/contract/coverage.md lists them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, type TestSite } from '../../support/site.ts';

const HAM = 'The bridge in our town should be repaired before winter, I think.';
const SPAM = 'Buy cheap pills now, best price, click here http://pills.example';
const THANKS = 'Thanks for making the web a better place.';
const GUID = /^[0-9a-f]{32}$/;

let count = 0;

/** The fields of a comment that no other equals. */
function fields(change: Readonly<Record<string, string>> = {}): Record<string, string> {
  count += 1;
  return {
    blog: 'https://news.example/',
    user_ip: '192.0.2.7',
    user_agent: 'Mozilla/5.0',
    permalink: 'https://news.example/bridge',
    comment_type: 'comment',
    comment_author: `Reader ${count}`,
    comment_author_email: `reader${count}@example.org`,
    comment_content: `${HAM} (${count})`,
    ...change,
  };
}

describe.each(DATABASES)('the Akismet door on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  let key: string;
  beforeAll(async () => {
    service = await createTestService(kind);
    site = await createTestSite(service, 'news', { banned_words: ['forbiddenword'] });
    key = await site.keyFor(['akismet']);
  });
  afterAll(() => service.close());

  /** Posts a form to an endpoint, the key in the body. */
  async function call(name: string, sent: Record<string, string>, own: string | null = key): Promise<Answer> {
    // Ids of one millisecond are in no order: which of two decisions stands would be chance.
    service.clock.advance(1);
    const body = new URLSearchParams(own === null ? sent : { api_key: own, ...sent });
    const answer = await site.client.post(`/1.1/${name}`, body, { key: null });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(answer.text)));
    return answer;
  }

  const check = (sent: Record<string, string>, own?: string | null) => call('comment-check', sent, own);

  async function waiting(): Promise<{ comment: { content: string; id: string } }[]> {
    const { body } = await site.client.get<{ items: { comment: { content: string; id: string } }[] }>(
      '/v1/queue?limit=100&order=oldest',
    );
    return body.items;
  }

  async function rowOf(content: string) {
    return await service.db
      .selectFrom('comment')
      .selectAll()
      .where('site_id', '=', site.site.id)
      .where('content', '=', content)
      .executeTakeFirst();
  }

  test('what was checked is never listed to the public, be it a letter from a contact form or a published comment', async () => {
    const letter = fields({
      comment_type: 'contact-form',
      comment_content: 'Please keep my telephone number to yourself.',
    });
    const comment = fields({ comment_post_ID: '7' });
    for (const sent of [letter, comment]) expect((await check(sent)).text).toBe('false');
    const reader = createClient(service, await site.keyFor(['read']));
    for (const { comment_content = '' } of [letter, comment]) {
      const row = (await rowOf(comment_content)) ?? expect.fail('not stored');
      expect(row.status).toBe('approved');
      const listed = await reader.get<{ items: unknown[] }>(
        `/v1/comments?post=${encodeURIComponent(row.post_id)}`,
      );
      expect(listed.body.items).toEqual([]);
      expect((await reader.get(`/v1/comments/${row.id}`)).status).toBe(404);
      expect((await reader.get(`/wp-json/wp/v2/comments/${row.number}`)).status).toBe(403);
      expect((await site.client.get(`/v1/comments/${row.id}`)).status).toBe(200);
    }
    expect((await reader.get('/wp-json/wp/v2/comments')).body).toEqual([]);
  });

  describe('keys', () => {
    test('have twelve characters that WordPress lets through, and the scope akismet alone', async () => {
      expect(key).toMatch(/^[a-f0-9]{12}$/);
      const admin = await createAdminClient(service);
      const made = await admin.post<{ id: string; key: string }>('/v1/keys', {
        site: 'news',
        scopes: ['akismet'],
      });
      expect(made.body.key).toMatch(/^[a-f0-9]{12}$/);
      for (const other of [
        { site: 'news', scopes: ['akismet', 'submit'] },
        { scopes: ['admin', 'akismet'] },
      ]) {
        const mixed = await admin.post('/v1/keys', other);
        expect([mixed.status, mixed.body]).toMatchObject([
          422,
          { code: 'invalid_value', detail: expect.stringContaining('make another key') },
        ]);
      }
    });

    test('are good for nothing else, and other keys not for this', async () => {
      expect((await site.client.get('/v1/comments?post=x', { key })).status).toBe(401);
      const other = await site.keyFor(['submit']);
      expect((await check(fields(), other)).text).toBe('invalid');
    });

    test('are not in the database', async () => {
      const rows = await service.db.selectFrom('api_key').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(key);
    });

    test('are found as sub-domain, in the path, as api_key, as key and in the query', async () => {
      const form = (extra: Record<string, string> = {}) => new URLSearchParams({ ...fields(), ...extra });
      const ways: [string, URLSearchParams][] = [
        [`http://${key}.akismet.example/1.1/comment-check`, form()],
        [`http://${key.toUpperCase()}.akismet.example/1.1/comment-check`, form()],
        [`/k/${key}/1.1/comment-check`, form()],
        ['/1.1/comment-check', form({ api_key: key })],
        ['/1.1/comment-check', form({ key })],
        [`/1.1/comment-check?api_key=${key}`, form()],
        // A host that only looks like a key.
        ['http://commentnewss.example/1.1/comment-check', form({ api_key: key })],
      ];
      for (const [path, body] of ways) {
        const answer = await site.client.post(path, body, { key: null });
        expect([path, answer.text]).toEqual([path, 'false']);
      }
    });

    test('revoked: invalid with an alert that WordPress shows its administrator', async () => {
      const admin = await createAdminClient(service);
      const made = await admin.post<{ id: string; key: string }>('/v1/keys', {
        site: 'news',
        scopes: ['akismet'],
      });
      expect((await check(fields(), made.body.key)).text).toBe('false');
      await admin.call('DELETE', `/v1/keys/${made.body.id}`);
      const answer = await check(fields(), made.body.key);
      expect(answer.text).toBe('invalid');
      expect(answer.headers.get('x-akismet-error')).toBe('verdict not available');
      expect(answer.headers.get('x-akismet-alert-msg')).toMatch(/revoked/);
    });

    describe('that are wrong', () => {
      let guessed: TestService;
      let own: TestSite;
      beforeAll(async () => {
        guessed = await createTestService(kind);
        own = await createTestSite(guessed, 'guessed');
      });
      afterAll(() => guessed.close());
      const verify = (presented: string, host = 'akismet.example') =>
        own.client.post(
          `http://${host}/1.1/verify-key`,
          new URLSearchParams({ ...(presented && { key: presented }), blog: 'https://news.example' }),
          { key: null },
        );
      const guess = (number: number) => verify(number.toString(16).padStart(12, '0'));

      test('a good key is answered beside a client that repeats one wrong key, or none', async () => {
        for (let count = 0; count < 150; count++) {
          expect((await verify('aaaaaaaaaaaa')).text).toBe('invalid');
          expect((await verify('too short')).text).toBe('invalid');
          expect((await verify('')).text).toBe('invalid');
        }
        expect((await verify(await own.keyFor(['akismet']))).text).toBe('valid');
        expect((await verify('bbbbbbbbbbbb')).text).toBe('invalid');
      });

      test('cannot be guessed unnoticed: after 100 different ones an address is told to wait, and good ones are not', async () => {
        guessed.clock.advance(901);
        for (let number = 0; number < 100; number++) expect((await guess(number)).text).toBe('invalid');
        for (const number of [0, 100, 101]) {
          const refused = await guess(number);
          expect(refused.text).toBe('verdict not available');
          expect(refused.headers.get('x-akismet-error')).toBe('verdict not available');
          expect(refused.headers.get('retry-after')).toBe('900');
        }
        expect(guessed.logged.map(({ event }) => event)).toContain('akismet-keys-guessed');
        expect((await verify(await own.keyFor(['akismet']))).text).toBe('valid');
        guessed.clock.advance(901);
        expect((await guess(200)).text).toBe('invalid');
      });

      test('are not in the database', async () => {
        const rows = await guessed.db.selectFrom('sign_in_failure').selectAll().execute();
        expect(rows.length).toBeGreaterThan(0);
        expect(JSON.stringify(rows)).not.toContain('0000000000');
      });
    });

    test('with a limit of their own: what is too much is held, and told when to come again', async () => {
      const admin = await createAdminClient(service);
      const made = await admin.post<{ key: string }>('/v1/keys', {
        site: 'news',
        scopes: ['akismet'],
        rate_limit: 2,
      });
      const first = await check(fields(), made.body.key);
      expect([first.text, first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual([
        'false',
        '"key";q=2;w=60',
        '"key";r=1;t=30',
      ]);
      await check(fields(), made.body.key);
      const content = `${HAM} beyond the limit`;
      const refused = await check(fields({ comment_content: content }), made.body.key);
      expect(refused.text).toBe('verdict not available');
      expect(refused.headers.get('x-akismet-error')).toBe('verdict not available');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await rowOf(content)).toBeUndefined();
      expect((await call('submit-spam', fields(), made.body.key)).text).toBe('verdict not available');
      expect((await check(fields())).text).toBe('false');
    });

    test('survive a rotation of the pseudonym key', async () => {
      const fresh = { kid: 't2', key: new Uint8Array(32).map((_, at) => at * 5 + 1) };
      const keys = [fresh, ...service.config.pseudonymKeys];
      const rotated = { ...service, config: { ...service.config, pseudonymKeys: keys } };
      const body = new URLSearchParams({ key, blog: 'https://news.example' });
      expect((await createClient(rotated).post('/1.1/verify-key', body)).text).toBe('valid');
      await service.settled();
      const renewed = { ...service, config: { ...service.config, pseudonymKeys: [fresh] } };
      expect((await createClient(renewed).post('/1.1/verify-key', body)).text).toBe('valid');
      expect((await createClient(rotated).post('/1.1/verify-key', body)).text).toBe('valid');
      key = await site.keyFor(['akismet']);
    });
  });

  describe('verify-key', () => {
    test('valid for a key sent as key or as api_key', async () => {
      const blog = 'https://news.example';
      expect((await call('verify-key', { key, blog }, null)).text).toBe('valid');
      expect((await call('verify-key', { api_key: key, blog }, null)).text).toBe('valid');
    });

    test('key is what is verified, whatever the api_key beside it: WordPress sends its old one there', async () => {
      const blog = 'https://news.example';
      expect((await call('verify-key', { key: 'bbbbbbbbbbbb', blog })).text).toBe('invalid');
      expect((await call('verify-key', { key: 'short', blog })).text).toBe('invalid');
      expect((await call('verify-key', { key, blog }, 'bbbbbbbbbbbb')).text).toBe('valid');
    });

    test('invalid with debug help for a wrong key, an empty blog and one that cannot be read', async () => {
      const wrong = await call('verify-key', { key: 'bbbbbbbbbbbb', blog: 'https://news.example' }, null);
      expect([wrong.text, wrong.headers.has('x-akismet-debug-help')]).toEqual(['invalid', true]);
      const empty = await call('verify-key', {});
      expect([empty.text, empty.headers.get('x-akismet-debug-help')]).toEqual([
        'invalid',
        'Empty "blog" value',
      ]);
      const unreadable = await call('verify-key', { blog: 'http://[' });
      expect(unreadable.headers.get('x-akismet-debug-help')).toBe('We were unable to parse your blog URI');
    });
  });

  describe('comment-check', () => {
    test('false and a guid for ham, without debug help or alerts', async () => {
      const answer = await check(fields());
      expect(answer.text).toBe('false');
      expect(answer.headers.get('x-akismet-guid')).toMatch(GUID);
      expect(answer.headers.get('x-akismet-server')).toBe('leave-a-reply');
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
      expect([...answer.headers.keys()].join(' ')).not.toMatch(/debug-help|alert|pro-tip|akismet-error/);
    });

    test('true for spam, and the comment waits in the queue', async () => {
      const sent = fields({ comment_content: `${SPAM} one` });
      expect((await check(sent)).text).toBe('true');
      expect((await waiting()).map(({ comment }) => comment.content)).toContain(`${SPAM} one`);
    });

    test('a guid with every answer, and another each time: verdicts, missing fields, wrong keys and none', async () => {
      const admin = await createAdminClient(service);
      const made = await admin.post<{ id: string; key: string }>('/v1/keys', {
        site: 'news',
        scopes: ['akismet'],
        rate_limit: 1,
      });
      await check(fields(), made.body.key);
      const answers = {
        false: await check(fields()),
        true: await check(fields({ comment_content: SPAM })),
        'Missing required field: user_ip.': await check(fields({ user_ip: '' })),
        invalid: await check(fields({ blog: '' })),
        'verdict not available': await check(fields(), made.body.key),
        'invalid ': await check(fields(), 'aaaaaaaaaaaa'),
      };
      const guids = Object.entries(answers).map(([text, answer]) => {
        expect(answer.text).toBe(text.trim());
        return answer.headers.get('x-akismet-guid');
      });
      for (const guid of guids) expect(guid).toMatch(GUID);
      expect(new Set(guids).size).toBe(guids.length);
      expect((await call('verify-key', fields())).headers.has('x-akismet-guid')).toBe(false);
    });

    test('akismet_pre_check: an announced pingback is answered, and only the comment that follows is kept', async () => {
      const own = await createTestSite(service, 'pinged', {
        premoderate: true,
        banned_words: ['forbiddenword'],
      });
      const ownKey = await own.keyFor(['akismet']);
      const announced = {
        blog: 'https://news.example',
        user_ip: '192.0.2.30',
        user_agent: 'The Incutio XML-RPC PHP Library',
        comment_author: '',
        comment_author_email: '',
        comment_author_url: 'https://other.example/post',
        comment_content: '',
        comment_type: 'pingback',
        comment_post_ID: '7',
        akismet_pre_check: '1',
        comment_pingback_target: 'https://news.example/bridge',
        pingbacks_closed: '0',
        is_multicall: '',
        multicall_count: '0',
      };
      const usage = async () => (await call('usage-limit', {}, ownKey)).text;
      const queued = async () => (await own.client.get<{ total: number }>('/v1/queue')).body.total;
      const before = await usage();
      const first = await check(announced, ownKey);
      expect([first.text, first.headers.has('link')]).toEqual(['false', false]);
      const bad = { ...announced, comment_author_url: 'https://forbiddenword.example/forbiddenword' };
      expect((await check(bad, ownKey)).text).toBe('true');
      expect([await usage(), await queued()]).toEqual([before, 0]);
      const { akismet_pre_check: _, ...real } = announced;
      const content = '[…] as the other paper says […]';
      expect((await check({ ...real, comment_content: content }, ownKey)).text).toBe('true');
      expect(await queued()).toBe(1);
    });

    test('another method is told so by 200, and an address that there is not by 404', async () => {
      for (const name of ['verify-key', 'comment-check', 'submit-spam', 'submit-ham', 'get-stats']) {
        for (const [method, path] of [
          ['GET', `/1.1/${name}?api_key=${key}`],
          ['PUT', `/k/${key}/1.1/${name}`],
        ] as const) {
          const answer = await site.client.call(method, path, { key: null });
          expect([path, answer.status, answer.text]).toEqual([path, 200, 'invalid']);
          expect(answer.headers.get('x-akismet-debug-help')).toBe('This takes POST.');
        }
      }
      expect((await site.client.post('/1.1/nothing', new URLSearchParams(), { key: null })).status).toBe(404);
    });

    test('pro-tip discard for what the site has banned', async () => {
      const answer = await check(fields({ comment_content: 'A forbiddenword in a comment.' }));
      expect(answer.text).toBe('true');
      expect(answer.headers.get('x-akismet-pro-tip')).toBe('discard');
    });

    test('missing fields: blog and user_ip are named, and an empty user_ip is missing, too', async () => {
      const { blog: _blog, ...withoutBlog } = fields();
      const noBlog = await check(withoutBlog);
      expect([noBlog.text, noBlog.headers.get('x-akismet-debug-help')]).toEqual([
        'invalid',
        'Empty "blog" value',
      ]);
      const { user_ip: _ip, ...withoutIp } = fields();
      for (const sent of [withoutIp, fields({ user_ip: '' })]) {
        const answer = await check(sent);
        expect(answer.text).toBe('Missing required field: user_ip.');
        expect(answer.headers.get('x-akismet-debug-help')).toBe('Empty "user_ip" value');
      }
    });

    test('an empty user_ip is taken where the site allows it', async () => {
      const lenient = await createTestSite(service, 'no-ip', { akismet_allow_empty_ip: true });
      const answer = await check(fields({ user_ip: '' }), await lenient.keyFor(['akismet']));
      expect(answer.text).toBe('false');
    });

    test('every content type: a form with charset, a malformed one, none, JSON', async () => {
      const types = [
        'application/x-www-form-urlencoded; charset=UTF-8',
        'charset=utf-8',
        'text/plain',
        'multipart/nonsense',
      ];
      for (const type of types) {
        const body = new URLSearchParams({ api_key: key, ...fields() }).toString();
        const answer = await site.client.post('/1.1/comment-check', body, {
          key: null,
          headers: { 'content-type': type },
        });
        expect([type, answer.text]).toEqual([type, 'false']);
      }
      const json = await site.client.post('/1.1/comment-check', { api_key: key, ...fields() }, { key: null });
      expect(json.text).toBe('false');
      const broken = await site.client.post('/1.1/comment-check', '{', {
        key: null,
        headers: { 'content-type': 'application/json' },
      });
      expect(broken.text).toBe('invalid');
    });

    test('blog_charset: a form in another charset is read as it says', async () => {
      const sent = fields({ blog_charset: 'ISO-8859-1', comment_content: 'PLACE' });
      const body = new URLSearchParams({ api_key: key, ...sent })
        .toString()
        .replace('PLACE', 'caf%E9+in+the+old+town');
      await site.client.post('/1.1/comment-check', body, { key: null });
      expect(await rowOf('café in the old town')).toBeDefined();
    });

    test('POST_*, HTTP_* and every other extra is dropped before anything is stored', async () => {
      const content = `${HAM} with extras`;
      await check(
        fields({
          comment_content: content,
          POST_email: 'someone@canary.example',
          HTTP_COOKIE: 'session=canary-cookie',
          REMOTE_ADDR: '203.0.113.99',
          'comment_context[0]': 'bridges',
          'comment_context[]': 'winter',
          reporter: 'canary-reporter',
        }),
      );
      const row = await rowOf(content);
      expect(row).toMatchObject({ author_name: expect.stringContaining('Reader') });
      const checks = await service.db.selectFrom('akismet_check').selectAll().execute();
      expect(JSON.stringify([row, checks, service.logged])).not.toMatch(/canary|203\.0\.113/);
    });

    test('comment_post_ID and permalink name the post; dates come as ISO or MySQL', async () => {
      const one = `${HAM} dated`;
      await check(
        fields({ comment_content: one, comment_post_ID: '42', comment_date_gmt: '2026-02-03 04:05:06' }),
      );
      expect(await rowOf(one)).toMatchObject({
        post_id: '42',
        date_gmt: new Date('2026-02-03T04:05:06Z'),
      });
      const two = `${HAM} dated otherwise`;
      await check(fields({ comment_content: two, comment_date_gmt: '2026-02-03T04:05:06+01:00' }));
      expect(await rowOf(two)).toMatchObject({
        post_id: 'https://news.example/bridge',
        date_gmt: new Date('2026-02-03T03:05:06Z'),
      });
    });

    test('honeypot_field_name: the field it names, when filled, holds the comment', async () => {
      const sent = fields({ honeypot_field_name: 'hp', hp: 'filled', comment_content: `${HAM} honey` });
      expect((await check(sent)).text).toBe('true');
      expect((await waiting()).map(({ comment }) => comment.content)).toContain(`${HAM} honey`);
    });

    test("POST_ak_hp_textarea: WordPress's copy of the form's honeypot holds, too, and is not kept", async () => {
      const honey = (content: string, filled: string) =>
        fields({
          honeypot_field_name: 'ak_hp_textarea',
          POST_ak_hp_textarea: filled,
          comment_content: content,
        });
      expect((await check(honey(`${HAM} hive`, 'canary-honey'))).text).toBe('true');
      expect((await check(honey(`${HAM} empty hive`, ' '))).text).toBe('false');
      const row = await rowOf(`${HAM} hive`);
      expect(row?.status).toBe('hold');
      expect(JSON.stringify([row, service.logged])).not.toContain('canary');
    });

    test('the same comment twice, or at once, gets an answer each time', async () => {
      const sent = fields();
      expect((await check(sent)).text).toBe('false');
      expect((await check(sent)).text).toBe('false');
      const both = await Promise.all([check(sent), check(sent)]);
      expect(both.map(({ text }) => text)).toEqual(['false', 'false']);
    });

    test('empty content, a signup, is answered', async () => {
      const answer = await check(fields({ comment_content: '', comment_type: 'signup' }));
      expect(['true', 'false']).toContain(answer.text);
    });

    test('content of any length is answered; too large a body makes the client hold', async () => {
      const long = await check(fields({ comment_content: `${HAM} `.repeat(3000) }));
      expect(['true', 'false']).toContain(long.text);
      const huge = await check(fields({ comment_content: 'a'.repeat(1_100_000) }));
      expect(huge.text).toBe('verdict not available');
      expect(huge.headers.get('x-akismet-error')).toBe('verdict not available');
    });

    test('recheck_reason: another text under a known guid is judged like a new one', async () => {
      const sent = fields();
      const guid = (await check(sent)).headers.get('x-akismet-guid') ?? '';
      const edited = { ...sent, guid, recheck_reason: 'edit', comment_content: `${SPAM} edited` };
      const answer = await check(edited);
      expect(answer.text).toBe('true');
      expect(answer.headers.get('x-akismet-guid')).not.toBe(guid);
      expect(await rowOf(`${SPAM} edited`)).toBeDefined();
      expect((await check({ ...sent, guid, recheck_reason: 'recheck_queue' })).text).toBe('false');
    });

    test('recheck_reason: an edited text that a moderator decided on is answered by the decision, under its first guid, too', async () => {
      const sent = fields();
      const guid = (await check(sent)).headers.get('x-akismet-guid') ?? '';
      const content = `${SPAM} edited and approved`;
      const edited = { ...sent, guid, recheck_reason: 'edit', comment_content: content };
      expect((await check(edited)).text).toBe('true');
      const { id } = (await rowOf(content)) ?? expect.fail('not stored');
      await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
      const again = await check(edited);
      expect([again.text, again.headers.get('link')]).toEqual([
        'false',
        `</v1/comments/${id}>; rel="describedby"`,
      ]);
    });

    test('recheck_reason: a comment that a moderator decided on is answered by the decision', async () => {
      const sent = fields({ comment_content: `${SPAM} recheck`, comment_date_gmt: '2026-02-03 04:05:06' });
      expect((await check(sent)).text).toBe('true');
      const { id } = (await rowOf(`${SPAM} recheck`)) ?? expect.fail('not stored');
      await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
      const again = await check({ ...sent, recheck_reason: 'recheck_queue' });
      expect([again.text, again.headers.get('x-akismet-guid')]).toEqual([
        'false',
        expect.stringMatching(GUID),
      ]);
      const rows = await service.db
        .selectFrom('comment')
        .select('id')
        .where('content', '=', `${SPAM} recheck`)
        .execute();
      expect(rows).toHaveLength(1);
    });

    test('the database is away: neither true nor false, so that clients hold', async () => {
      const away = await createTestService(kind);
      const { client, keyFor } = await createTestSite(away, 'away');
      const own = await keyFor(['akismet']);
      await away.close();
      const answer = await client.post(
        '/1.1/comment-check',
        new URLSearchParams({ api_key: own, ...fields() }),
        { key: null },
      );
      expect(answer.status).toBe(200);
      expect(answer.text).toBe('verdict not available');
      expect(answer.headers.get('x-akismet-error')).toBe('verdict not available');
    });
  });

  describe('held comments', () => {
    test.each([
      ['spam', 'true', null],
      ['ham', 'false', null],
      ['recheck', 'false', '600'],
    ])('are told as %s by the setting of the site', async (unsure, text, recheckAfter) => {
      const own = await createTestSite(service, `unsure-${unsure}`, {
        premoderate: true,
        akismet_unsure: unsure,
        akismet_recheck_seconds: 600,
      });
      const answer = await check(fields(), await own.keyFor(['akismet']));
      expect(answer.text).toBe(text);
      expect(answer.headers.get('x-akismet-recheck-after')).toBe(recheckAfter);
      const { body } = await own.client.get<{ total: number }>('/v1/queue');
      expect(body.total).toBe(1);
    });
  });

  describe('test inputs', () => {
    test('viagra-test-123 and akismet-guaranteed-spam are spam, an administrator is ham', async () => {
      expect((await check(fields({ comment_author: 'viagra-test-123' }))).text).toBe('true');
      expect(
        (await check(fields({ comment_author_email: 'akismet-guaranteed-spam@example.com' }))).text,
      ).toBe('true');
      expect((await check(fields({ user_role: 'administrator', comment_content: SPAM }))).text).toBe('false');
    });

    test('is_test is answered, and neither kept nor learned', async () => {
      const before = (await site.client.get<{ comments: unknown; samples: unknown }>('/v1/stats')).body;
      const sent = fields({ is_test: '1', comment_content: `${SPAM} is a test` });
      expect((await check(sent)).text).toBe('true');
      expect((await call('submit-spam', sent)).text).toBe(THANKS);
      expect((await call('submit-ham', fields({ comment_author: 'viagra-test-123' }))).text).toBe(THANKS);
      const after = (await site.client.get<{ comments: unknown; samples: unknown }>('/v1/stats')).body;
      expect([after.comments, after.samples]).toEqual([before.comments, before.samples]);
    });
  });

  describe('submit-spam and submit-ham', () => {
    const statusOf = async (content: string) => {
      const row = await rowOf(content);
      return { status: row?.status, label: row?.label };
    };

    test('by guid: the comment that was checked is decided on', async () => {
      const content = `${HAM} by guid`;
      const { headers } = await check(fields({ comment_content: content }));
      const guid = headers.get('x-akismet-guid') ?? '';
      const said = await call('submit-spam', { guid, comment_content: 'other text', user_ip: '192.0.2.7' });
      expect(said.text).toBe(THANKS);
      expect(await statusOf(content)).toEqual({ status: 'spam', label: 'spam' });
    });

    test('by content, author and date: the other author who said the same is left alone', async () => {
      const content = `${SPAM} said by two`;
      const first = fields({ comment_content: content });
      await check(first);
      await check(fields({ comment_content: content }));
      expect((await call('submit-ham', first)).text).toBe(THANKS);
      const rows = await service.db
        .selectFrom('comment')
        .select(['author_name', 'status'])
        .where('content', '=', content)
        .execute();
      const approved = rows.filter(({ status }) => status === 'approved');
      expect(rows).toHaveLength(2);
      expect(approved.map((row) => row.author_name)).toEqual([first.comment_author]);
    });

    test('by the first 32,000 characters, where Discourse cuts', async () => {
      const content = `${HAM} `.repeat(600).trim();
      expect(content.length).toBeGreaterThan(32_000);
      const sent = fields({ comment_content: content });
      await check(sent);
      await call('submit-spam', { ...sent, comment_content: content.slice(0, 32_000) });
      expect(await statusOf(content)).toEqual({ status: 'spam', label: 'spam' });
    });

    test('a correction replaces the report, and saying it twice changes nothing', async () => {
      const content = `${HAM} corrected`;
      const sent = fields({ comment_content: content });
      await check(sent);
      await call('submit-spam', sent);
      await call('submit-ham', sent);
      await call('submit-ham', sent);
      expect(await statusOf(content)).toEqual({ status: 'approved', label: 'ham' });
      const row = await rowOf(content);
      const decisions = await service.db
        .selectFrom('decision')
        .select('decision')
        .where('comment_id', '=', row?.id ?? '')
        .execute();
      expect(decisions).toHaveLength(2);
    });

    test('about what was never checked: a sample, replaced by the opposite report', async () => {
      const content = `${HAM} never checked`;
      const sent = fields({ comment_content: content });
      await call('submit-spam', sent);
      await call('submit-ham', sent);
      const samples = await service.db
        .selectFrom('sample')
        .select(['label', 'source'])
        .where('content', '=', content)
        .execute();
      expect(samples).toEqual([{ label: 'ham', source: 'akismet' }]);
    });

    test('without a blog, as JSON, with an empty text: thanked, and nothing learned of nothing', async () => {
      const { blog: _blog, ...sent } = fields({ comment_content: '' });
      const answer = await site.client.post(`/k/${key}/1.1/submit-spam`, sent, { key: null });
      expect(answer.text).toBe(THANKS);
    });

    test('under a wrong key: invalid, and nothing is learned', async () => {
      const content = `${HAM} under a wrong key`;
      const answer = await call('submit-spam', fields({ comment_content: content }), 'cccccccccccc');
      expect(answer.text).toBe('invalid');
      const samples = await service.db
        .selectFrom('sample')
        .select('id')
        .where('content', '=', content)
        .execute();
      expect(samples).toEqual([]);
    });
  });

  describe('usage', () => {
    let own: TestSite;
    let ownKey: string;
    const ask = async (name: string, query: Record<string, string> = {}) =>
      await site.client.get<Record<string, unknown>>(
        `/1.2/${name}?${new URLSearchParams({ api_key: ownKey, ...query })}`,
        { key: null },
      );
    beforeAll(async () => {
      own = await createTestSite(service, 'counted');
      ownKey = await own.keyFor(['akismet']);
      const ham = fields();
      const spam = fields({ comment_content: `${SPAM} counted`, blog: 'https://b.example' });
      await check(ham, ownKey);
      await check(fields(), ownKey);
      await check(spam, ownKey);
      await call('submit-spam', ham, ownKey);
      await call('submit-ham', spam, ownKey);
    });

    test('key-sites: the sites of a month as JSON', async () => {
      const { body } = await ask('key-sites', { month: '2026-03' });
      expect(body).toEqual({
        '2026-03': [
          {
            site: 'news.example',
            api_calls: '2',
            spam: '0',
            ham: '2',
            missed_spam: '1',
            false_positives: '0',
            is_revoked: false,
          },
          {
            site: 'b.example',
            api_calls: '1',
            spam: '1',
            ham: '0',
            missed_spam: '0',
            false_positives: '1',
            is_revoked: false,
          },
        ],
        limit: 500,
        offset: 0,
        total: 2,
      });
      const ordered = await ask('key-sites', { order: 'spam', limit: '1', filter: 'example' });
      expect(ordered.body).toMatchObject({ '2026-03': [{ site: 'b.example' }], limit: 1, total: 2 });
    });

    test('key-sites: the same as CSV, and text for a bad key', async () => {
      const { text } = await ask('key-sites', { month: '2026-03', format: 'csv' });
      expect(text.split('\n')).toEqual([
        `Active sites for ${ownKey} during 2026-03 (limit:500, offset: 0, total: 2)`,
        'Site,Total API Calls,Spam,Ham,Missed Spam,False Positives,Is Revoked',
        'news.example,2,0,2,1,0,false',
        'b.example,1,1,0,0,1,false',
      ]);
      const bad = await site.client.get('/1.2/key-sites?api_key=dddddddddddd', { key: null });
      expect(bad.text).toBe('invalid');
    });

    test('usage-limit: none, and what was used this month', async () => {
      expect((await ask('usage-limit')).body).toEqual({
        limit: 'none',
        usage: 3,
        percentage: '0.00',
        throttled: false,
      });
    });

    test('get-stats: totals and a breakdown by day or month', async () => {
      const { text } = await call('get-stats', { from: '60-days', blog: 'https://news.example' }, ownKey);
      expect(JSON.parse(text)).toEqual({
        spam: 1,
        ham: 2,
        missed_spam: 1,
        false_positives: 1,
        accuracy: 33.33,
        time_saved: 60,
        breakdown: {
          '2026-03-01': { spam: 1, ham: 2, missed_spam: 1, false_positives: 1, blogs: 1, da: '2026-03-01' },
        },
      });
      const months = JSON.parse((await call('get-stats', { from: '6-months' }, ownKey)).text);
      expect(Object.keys(months.breakdown)).toEqual(['2026-03']);
    });

    test('get-subscription: active, without an end', async () => {
      const { text } = await call('get-subscription', { blog: 'https://news.example' }, ownKey);
      expect(JSON.parse(text)).toMatchObject({
        status: 'active',
        account_name: 'leave-a-reply (counted)',
        next_billing_date: false,
        limit_reached: false,
      });
    });
  });

  test('deactivate, token, test and verify-wpcom-key', async () => {
    expect((await call('deactivate', { blog: 'https://news.example' })).text).toBe('deactivated');
    const token = (await call('token', {})).text;
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect((await call('token', {})).text).toBe(token);
    for (const path of ['', `/k/${key}`]) {
      expect((await site.client.get(`${path}/1.1/test`, { key: null })).text).toBe('connected');
      const signedIn = await site.client.post(`${path}/1.1/verify-wpcom-key`, undefined, { key: null });
      expect([signedIn.status, signedIn.text]).toEqual([200, 'invalid']);
    }
  });
});
