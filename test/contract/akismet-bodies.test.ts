/** What programs with Akismet built in send, body by body, as their sources make it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestService, type TestService } from '../support/databases.ts';
import { createTestSite, type TestSite } from '../support/site.ts';

const HAM = 'The bridge in our town should be repaired before winter, I think.';
const SPAM = 'Buy cheap pills now, best price, click here http://pills.example';
const THANKS = 'Thanks for making the web a better place.';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let service: TestService;
let site: TestSite;
let key: string;
beforeAll(async () => {
  service = await createTestService('pglite');
  site = await createTestSite(service, 'forum', { akismet_allow_empty_ip: true });
  key = await site.keyFor(['akismet']);
});
afterAll(() => service.close());

/** Sends a body to `KEY.akismet.example`, or to the bare host. */
async function send(name: string, body: string, headers: Record<string, string>, subdomain = true) {
  const host = subdomain ? `${key}.akismet.example` : 'akismet.example';
  const answer = await site.client.call('POST', `http://${host}/1.1/${name}`, { key: null, headers, body });
  expect(answer.status).toBe(200);
  return answer;
}

async function rowOf(content: string) {
  const row = await service.db
    .selectFrom('comment')
    .selectAll()
    .where('content', '=', content)
    .executeTakeFirst();
  return row ?? expect.fail(`nothing is stored of: ${content.slice(0, 60)}`);
}

test('Discourse: content_type, no comment_type, and feedback cut to 32,000 characters', async () => {
  const body = (content: string) =>
    new URLSearchParams({
      blog: 'https://forum.example',
      comment_author: 'ada',
      comment_author_email: 'ada@example.org',
      comment_content: content,
      content_type: 'forum-post',
      permalink: 'https://forum.example/t/bridge/12/3',
      referrer: 'https://forum.example/t/bridge/12',
      user_agent: 'Mozilla/5.0',
      user_ip: '192.0.2.20',
    }).toString();
  const headers = { ...FORM, 'user-agent': 'Discourse/3.5.0 | discourse-akismet/0.1.0' };
  expect((await send('comment-check', body(HAM), headers)).text).toBe('false');
  expect((await send('comment-check', body(SPAM), headers)).text).toBe('true');
  const long = `${HAM}\n`.repeat(600).trim();
  await send('comment-check', body(long), headers);
  const cut = long.slice(0, 32_000).trim();
  expect((await send('submit-spam', body(cut), headers)).text).toBe(THANKS);
  expect(await rowOf(long)).toMatchObject({ status: 'spam', label: 'spam' });
});

test('Discourse: a bad answer names its reason in the debug help that it raises', async () => {
  const answer = await send('comment-check', 'comment_content=x&blog=', FORM);
  expect(answer.text).toBe('invalid');
  expect(answer.headers.get('X-akismet-debug-help')).toBe('Empty "blog" value');
});

test('NodeBB: api_key in verify-key, the bare host, and undefined fields as the word', async () => {
  const verify = new URLSearchParams({ api_key: key, blog: 'https://nodebb.example' }).toString();
  expect((await send('verify-key', verify, FORM, false)).text).toBe('valid');
  const content = `${HAM} NodeBB`;
  const body = new URLSearchParams({
    referrer: 'https://nodebb.example/topic/1',
    user_ip: 'undefined',
    user_agent: 'undefined',
    permalink: 'https://nodebb.example',
    comment_content: content,
    comment_author: 'ada',
    comment_author_email: 'undefined',
    comment_type: 'comment',
    api_key: key,
    blog: 'https://nodebb.example',
  }).toString();
  expect((await send('comment-check', body, FORM, false)).text).toBe('false');
  expect(await rowOf(content)).toMatchObject({ author_ip: null, author_email: null });
});

test('Coral: an empty user_ip, is_test false, and reports as JSON without a blog', async () => {
  const content = `${SPAM} Coral`;
  const comment = {
    user_ip: '',
    user_agent: 'Mozilla/5.0',
    referrer: 'https://news.example/bridge',
    permalink: 'https://news.example/bridge',
    comment_type: 'comment',
    comment_author: 'ada',
    comment_content: content,
    is_test: false,
    comment_date_gmt: '2026-03-01T11:00:00.000Z',
  };
  const form = new URLSearchParams({
    ...comment,
    is_test: 'false',
    blog: 'https://news.example',
  }).toString();
  expect((await send('comment-check', form, FORM)).text).toBe('true');
  const json = { 'content-type': 'application/json' };
  expect((await send('submit-ham', JSON.stringify(comment), json)).text).toBe(THANKS);
  expect(await rowOf(content)).toMatchObject({ status: 'approved', label: 'ham' });
  const edited = JSON.stringify({ ...comment, recheck_reason: 'edit' });
  expect((await send('submit-spam', edited, json)).text).toBe(THANKS);
  expect(await rowOf(content)).toMatchObject({ status: 'spam', label: 'spam' });
});

test('Artalk: the key as sub-domain, and only the fields that are not empty', async () => {
  const body = (content: string) =>
    new URLSearchParams({
      blog: 'https://artalk.example',
      comment_author: 'ada',
      comment_author_email: 'ada@example.org',
      comment_content: content,
      user_agent: 'Mozilla/5.0',
      user_ip: '2001:db8::1',
    }).toString();
  expect((await send('comment-check', body(`${HAM} Artalk`), FORM)).text).toBe('false');
  expect((await send('comment-check', body(`${SPAM} Artalk`), FORM)).text).toBe('true');
});

test('Waline: @cedx/akismet of an older version, the key as sub-domain and no user agent', async () => {
  const verify = new URLSearchParams({ key, blog: 'https://waline.example/' }).toString();
  expect((await send('verify-key', verify, FORM, false)).text).toBe('valid');
  const body = new URLSearchParams({
    blog: 'https://waline.example/',
    user_ip: '192.0.2.21',
    comment_author: 'ada',
    comment_author_email: 'ada@example.org',
    comment_content: `${HAM} Waline`,
    permalink: 'https://waline.example/post/',
  }).toString();
  expect((await send('comment-check', body, FORM)).text).toBe('false');
});

test('PHP with curl and an array, JavaScript with FormData: multipart', async () => {
  const content = `${HAM} as multipart`;
  const boundary = '------------------------d74496d66958873e';
  const parts = {
    api_key: key,
    blog: 'https://php.example',
    user_ip: '192.0.2.22',
    comment_content: content,
  };
  const body = `${Object.entries(parts)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    .join('')}--${boundary}--\r\n`;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  expect((await send('comment-check', body, headers, false)).text).toBe('false');
  expect(await rowOf(content)).toMatchObject({ author_name: '' });
  const broken = await send('comment-check', 'nonsense', headers, false);
  expect(broken.text).toBe('invalid');
});

test('the WordPress plugin 5: http 1.0 headers, slashed dates, and every form field and header beside', async () => {
  const content = `${HAM} The river is high.`;
  const body = new URLSearchParams({
    comment_post_ID: '1',
    comment_author: 'Ada',
    comment_author_email: 'ada@example.org',
    comment_author_url: 'news.example/ada',
    comment_content: content,
    comment_type: 'comment',
    comment_parent: '0',
    user_ID: '0',
    user_ip: '192.0.2.23',
    user_agent: 'Mozilla/5.0',
    referrer: 'http://wordpress.example/?p=1',
    blog: 'http://wordpress.example',
    blog_lang: 'en_US',
    blog_charset: 'UTF-8',
    permalink: 'http://wordpress.example/?p=1',
    akismet_comment_nonce: 'passed',
    POST_comment: content,
    POST_ak_js: '1764072000000',
    POST_ak_hp_textarea: '',
    HTTP_HOST: 'wordpress.example',
    REMOTE_ADDR: '192.0.2.23',
    REQUEST_URI: '/wp-comments-post.php',
    comment_post_modified_gmt: '2026-01-01 00:00:00',
    api_key: key,
  }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    host: 'rest.akismet.com',
    'user-agent': 'WordPress/6.1.9 | Akismet/5.0.2',
  };
  expect((await send('comment-check', body, headers, false)).text).toBe('false');
  expect(await rowOf(content)).toMatchObject({ post_id: '1', author_url: 'http://news.example/ada' });
});
