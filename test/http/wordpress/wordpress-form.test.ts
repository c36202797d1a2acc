/** The rows of WordPress's comment form, one test each; test/contract/coverage.md lists them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';

const ORIGIN = 'https://news.example';
const SPAM = 'Buy cheap pills now, best price, click here http://pills.example';

let count = 0;

describe.each(DATABASES)("WordPress's form, wp-comments-post.php, on %s", (kind) => {
  let service: TestService;
  let site: TestSite;
  let desk: Client;
  let publicKey: string;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  beforeEach(async () => {
    count += 1;
    site = await createTestSite(service, `wp-${count}`);
    desk = site.client;
    publicKey = await site.publicKeyFor(ORIGIN);
  });
  afterAll(() => service.close());

  const FORM = '/wp-comments-post.php';
  const fields = (change: Readonly<Record<string, string>> = {}) => {
    count += 1;
    return new URLSearchParams({
      key: publicKey,
      author: `Reader ${count}`,
      email: `reader${count}@example.org`,
      url: '',
      comment: `I agree with the mayor on point ${count}: the bridge is old.`,
      comment_post_ID: '12',
      comment_parent: '0',
      submit: 'Post Comment',
      redirect_to: `${ORIGIN}/bridge`,
      ...change,
    });
  };
  const submit = async (
    change: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
    as: string | null = null,
  ) => {
    const body = fields(change);
    if (as !== null) body.delete('key');
    if (change.redirect_to === '') body.delete('redirect_to');
    const answer = await desk
      .as(as)
      .post(FORM, body, { headers: as === null ? { origin: ORIGIN, ...headers } : headers });
    return {
      ...answer,
      code: answer.headers.get('x-wp-error'),
      location: answer.headers.get('location') ?? '',
    };
  };

  test('302 to the comment on the page', async () => {
    const answer = await submit();
    expect(answer.status).toBe(302);
    expect(answer.location).toMatch(/^https:\/\/news\.example\/bridge#comment-\d+$/);
  });

  test('a comment that waits adds unapproved and moderation-hash, unless cookies are consented to', async () => {
    const waiting = await submit({ comment: SPAM });
    expect(waiting.location).toMatch(
      /^https:\/\/news\.example\/bridge\?unapproved=\d+&moderation-hash=[0-9a-f]{32}#comment-\d+$/,
    );
    const consented = await submit({ comment: `${SPAM} again`, 'wp-comment-cookies-consent': 'yes' });
    expect(consented.location).not.toContain('unapproved');
  });

  test('a standard form has no redirect_to, and browsers tell the origin alone: 302 to the post by its number', async () => {
    for (const headers of [{ referer: `${ORIGIN}/` }, {}]) {
      const { status, location } = await submit({ redirect_to: '' }, headers);
      expect(status).toBe(302);
      expect(location).toMatch(/^https:\/\/news\.example\/\?p=12#comment-\d+$/);
    }
    const named = await submit({ redirect_to: '', comment_post_ID: 'the-bridge' });
    expect(named.location).toMatch(/^https:\/\/news\.example\/#comment-\d+$/);
  });

  test('a whole Referer is where the article is, and is known ever after', async () => {
    const referer = `${ORIGIN}/bridge?unapproved=7&moderation-hash=abc&utm_source=x`;
    const first = await submit({ redirect_to: '' }, { referer });
    expect(first.location).toMatch(/^https:\/\/news\.example\/bridge#comment-\d+$/);
    for (const headers of [{ referer: `${ORIGIN}/` }, {}]) {
      const later = await submit({ redirect_to: '' }, headers);
      expect(later.location).toMatch(/^https:\/\/news\.example\/bridge#comment-\d+$/);
    }
    const { body } = await desk.get<{ url: string }>('/v1/posts/12');
    expect(body.url).toBe(`${ORIGIN}/bridge`);
  });

  test('redirect_to is where the article is when nothing else tells, and never replaces what a client said', async () => {
    await submit({ redirect_to: '/bridge#respond' });
    const url = async () => (await desk.get<{ url: string }>('/v1/posts/12')).body.url;
    expect(await url()).toBe(`${ORIGIN}/bridge`);
    await desk.post('/v1/comments', submission({ post: '12', post_url: `${ORIGIN}/the-old-bridge` }));
    const answer = await submit({ redirect_to: `${ORIGIN}/thanks` }, { referer: `${ORIGIN}/other` });
    expect(answer.location).toMatch(/^https:\/\/news\.example\/thanks#comment-\d+$/);
    expect(await url()).toBe(`${ORIGIN}/the-old-bridge`);
  });

  test('never to another origin than the form was on', async () => {
    for (const redirect of ['https://evil.example/', '//evil.example/', 'javascript:alert(1)']) {
      const answer = await submit({ redirect_to: redirect }, { referer: 'https://evil.example/page' });
      expect(answer.status).toBe(302);
      expect(answer.location).toMatch(/^https:\/\/news\.example\/\?p=12#comment-\d+$/);
    }
    await desk.post('/v1/comments', submission({ post: '12', post_url: 'https://evil.example/' }));
    const answer = await submit({ redirect_to: '' });
    expect(answer.location).toMatch(/^https:\/\/news\.example\/\?p=12#comment-\d+$/);
  });

  test('a server that passes a form on: to its site, to the known post, else to the comment itself', async () => {
    const bare = await submit({}, {}, await site.keyFor(['submit']));
    expect(bare.status).toBe(302);
    expect(bare.location).toMatch(/\/wp-json\/wp\/v2\/comments\/\d+$/);
    await desk.post('/v1/comments', submission({ post: '12', post_url: `${ORIGIN}/bridge` }));
    const known = await submit({ redirect_to: '' }, {}, await site.keyFor(['submit']));
    expect(known.location).toMatch(/^https:\/\/news\.example\/bridge#comment-\d+$/);
  });

  test('a website without a scheme gets http://, as WordPress does it', async () => {
    const { location } = await submit({ url: 'example.org/ada' });
    const number = /comment-(\d+)$/.exec(location)?.[1];
    const { body } = await desk.get<{ author_url: string }>(`/wp-json/wp/v2/comments/${number}`);
    expect(body.author_url).toBe('http://example.org/ada');
    const wrong = await submit({ url: 'javascript:alert(1)' });
    expect([wrong.code, wrong.status]).toEqual(['require_valid_url', 422]);
  });

  test('a reply to a published comment, and none to another or to what the public does not see', async () => {
    const parent = /comment-(\d+)$/.exec((await submit()).location)?.[1] ?? '';
    expect((await submit({ comment_parent: parent })).status).toBe(302);
    const letter = new URLSearchParams({
      api_key: await site.keyFor(['akismet']),
      blog: ORIGIN,
      user_ip: '192.0.2.7',
      comment_post_ID: '12',
      comment_content: 'The bridge in our town should be repaired before winter, I think.',
    });
    expect((await desk.post('/1.1/comment-check', letter, { key: null })).text).toBe('false');
    const { body } = await desk.get<{ id: number }[]>('/wp-json/wp/v2/comments?post=12');
    const unlisted = String(Math.max(...body.map(({ id }) => id)));
    for (const comment_parent of ['999999', unlisted]) {
      const wrong = await submit({ comment_parent });
      expect([wrong.code, wrong.status]).toEqual(['comment_reply_to_unapproved_comment', 403]);
    }
  });

  test.each([
    ['require_name_email', 422, { author: '' }],
    ['require_name_email', 422, { email: '' }],
    ['require_valid_email', 422, { email: 'ada@' }],
    ['require_valid_comment', 422, { comment: '  ' }],
    ['comment_author_column_length', 422, { author: 'n'.repeat(246) }],
    ['comment_author_email_column_length', 422, { email: `${'e'.repeat(95)}@x.org` }],
    ['comment_author_url_column_length', 422, { url: `https://x.org/${'u'.repeat(200)}` }],
    ['comment_content_column_length', 413, { comment: 'c'.repeat(65_526) }],
    ['comment_id_not_found', 404, { comment_post_ID: '' }],
    ['comment_id_not_found', 404, { comment_post_ID: '\u0000' }],
    ['require_name_email', 422, { author: '\u200b' }],
    ['require_valid_comment', 422, { comment: 'a\u0000' }],
  ])('%s %i', async (code, status, change) => {
    const answer = await submit(change);
    expect([answer.code, answer.status]).toEqual([code, status]);
    expect(answer.text).toContain('Error: ');
  });

  test('comment_duplicate 409, comment_flood 429, comment_closed 403, not_logged_in 403', async () => {
    const same = { author: 'Ada', email: 'ada@example.org', comment: 'The same words twice.' };
    await submit(same);
    expect(await submit(same)).toMatchObject({ code: 'comment_duplicate', status: 409 });
    await desk.call('PATCH', '/v1/posts/77', { body: { closed: true } });
    expect(await submit({ comment_post_ID: '77' })).toMatchObject({ code: 'comment_closed', status: 403 });
    expect(await submit({ key: 'wrong' })).toMatchObject({ code: 'not_logged_in', status: 403 });
    const limited = await createTestSite(service, `form-${count}`, { flood_seconds: 15 });
    const key = await limited.keyFor(['submit']);
    const quick = () => {
      const body = fields({ email: 'quick@example.org' });
      body.delete('key');
      return desk.as(key).post(FORM, body);
    };
    expect((await quick()).status).toBe(302);
    const second = await quick();
    expect([second.headers.get('x-wp-error'), second.status]).toEqual(['comment_flood', 429]);
    expect(second.headers.get('retry-after')).toBe('15');
  });

  test('as in PHP: of a field that stands there twice the last, and lists that nobody asked for', async () => {
    const body = fields();
    for (const name of ['extra', 'foo[]']) for (const value of ['1', '2']) body.append(name, value);
    body.set('author', 'First');
    body.append('author', 'Last');
    const { status, headers } = await desk.as(null).post(FORM, body, { headers: { origin: ORIGIN } });
    expect(status).toBe(302);
    const number = /comment-(\d+)$/.exec(headers.get('location') ?? '')?.[1];
    const shown = await desk.get(`/wp-json/wp/v2/comments/${number}`);
    expect(shown.body).toMatchObject({ author_name: 'Last' });
  });

  test('a multipart form, as a script sends it; a file in it is passed over', async () => {
    const form = new FormData();
    for (const [name, value] of fields()) form.append(name, value);
    form.append('author', new Blob(['a file']), 'author.txt');
    const { status, headers } = await desk.as(null).post(FORM, form, { headers: { origin: ORIGIN } });
    expect(status).toBe(302);
    expect(headers.get('location')).toMatch(/^https:\/\/news\.example\/bridge#comment-\d+$/);
  });

  test('415 for what is no form', async () => {
    const { status, headers } = await desk.post(FORM, {});
    expect([status, headers.get('x-wp-error')]).toEqual([415, 'rest_unsupported_media_type']);
  });

  test('what the database alone refuses is the caller’s fault, too', async () => {
    const body = fields();
    body.delete('key');
    const admin = await createAdminClient(service);
    const { status, headers } = await admin.post(`${FORM}?site=%00`, body);
    expect([status, headers.get('x-wp-error')]).toEqual([400, 'rest_invalid_param']);
  });

  test('405 and Allow: POST for every other method', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await desk.call(method, FORM);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });
});
