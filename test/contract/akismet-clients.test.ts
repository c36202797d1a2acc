/** The three npm clients, unchanged, against the running service. */
import dns from 'node:dns';
import { Author, Blog, Client as CedxClient, CheckResult, Comment } from '@cedx/akismet';
import akismet from 'akismet';
import akismetApi from 'akismet-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AkismetSite, createAkismetSite } from '../support/akismet-site.ts';
import { createWorkshop, type ServiceProcess } from '../support/service-process.ts';

const BLOG = 'https://news.example';
const WRONG_KEY = 'aaaaaaaaaaaa';
const HAM = 'The bridge in our town should be repaired before winter, I think.';
const SPAM = 'Buy cheap pills now, best price, click here http://pills.example';
const BLATANT = 'This text has the forbiddenword of the site in it.';

const workshop = createWorkshop();
let site: AkismetSite;
let service: ServiceProcess;

/** akismet-api and akismet put the key before the host: every name ends at this machine. */
const lookup = dns.lookup;
beforeAll(async () => {
  Object.defineProperty(dns, 'lookup', {
    configurable: true,
    value: (_name: string, options: { all?: boolean }, done: (...answer: unknown[]) => void) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
  });
  service = await workshop.serve({ DATA_DIR: `${workshop.folder()}/data` });
  site = await createAkismetSite(service, {
    slug: 'news',
    url: BLOG,
    settings: { audit_share: 0, banned_words: ['forbiddenword'] },
  });
});
afterAll(async () => {
  Object.defineProperty(dns, 'lookup', { configurable: true, value: lookup });
  await workshop.clean();
});

/** What a client is given. A field that is `''` is missing: the clients' types let none be left out. */
interface Call {
  readonly key: string;
  readonly content: string;
  readonly blog: string;
  readonly ip: string;
}
type Action = 'verify' | 'check' | 'spam' | 'ham';

/** One client behind one face: the answer is what it tells its caller; a failed call rejects. */
type ClientUnderTest = (action: Action, call: Call) => Promise<unknown>;

const readerFields = ({ content, ip }: Call) => ({
  user_ip: ip,
  user_agent: 'Mozilla/5.0',
  permalink: `${BLOG}/bridge`,
  comment_type: 'comment',
  comment_author: 'Ada',
  comment_author_email: 'ada@example.org',
  comment_content: content,
});

const akismetApiClient: ClientUnderTest = (action, call) => {
  const { key, blog } = call;
  const client = new akismetApi.AkismetClient({
    key,
    blog,
    host: `akismet.test:${site.port}`,
    protocol: 'http',
  });
  return {
    verify: () => client.verifyKey(),
    check: () => client.checkSpam(readerFields(call)),
    spam: () => client.submitSpam(readerFields(call)),
    ham: () => client.submitHam(readerFields(call)),
  }[action]();
};

const akismetClient: ClientUnderTest = (action, call) => {
  const { key: apiKey, blog } = call;
  const client = akismet.client({ apiKey, blog, host: 'akismet.test', port: site.port });
  return new Promise((resolve, reject) => {
    const done = (error: Error | string | null, value?: boolean) => (error ? reject(error) : resolve(value));
    const options = { ...readerFields(call), blog };
    if (action === 'verify') client.verifyKey(done);
    else if (action === 'check') client.checkComment(options, done);
    else if (action === 'spam') client.submitSpam(options, done);
    else client.submitHam(options, done);
  });
};

const cedxClient: ClientUnderTest = (action, { key, content, blog, ip }) => {
  const of = new Blog({ ...(blog !== '' && { url: blog }), languages: ['en'] });
  const client = new CedxClient(key, of, { baseUrl: site.url });
  const comment = new Comment({
    author: new Author({ ipAddress: ip, name: 'Ada', email: 'ada@example.org', userAgent: 'Mozilla/5.0' }),
    content,
    context: ['bridges', 'winter'],
    permalink: `${BLOG}/bridge`,
    type: 'comment',
  });
  return {
    verify: () => client.verifyKey(),
    check: async () => (await client.checkComment(comment)) !== CheckResult.ham,
    spam: () => client.submitSpam(comment),
    ham: () => client.submitHam(comment),
  }[action]();
};

const CLIENTS: Readonly<Record<string, ClientUnderTest>> = {
  'akismet-api 6': akismetApiClient,
  'akismet 2': akismetClient,
  '@cedx/akismet': cedxClient,
};

async function countWaiting(content: string): Promise<unknown> {
  const words = new URLSearchParams({ site: 'news', q: content });
  const { items } = await site.admin('GET', `/v1/queue?${words}`);
  return Array.isArray(items) ? items.length : null;
}

async function countByStatus(): Promise<{ approved: number; hold: number; spam: number }> {
  const { comments } = await site.admin('GET', '/v1/stats?site=news');
  const { approved = 0, hold = 0, spam = 0 } = comments as Record<string, number>;
  return { approved, hold, spam };
}

/** Words that the texts of one client and one test have in common with no other's. */
function markOf(...words: readonly string[]): string {
  return words.join('').replaceAll(/[^a-z]/g, '');
}

const good = (content: string): Call => ({ key: site.key, content, blog: BLOG, ip: '192.0.2.10' });

describe.each(Object.keys(CLIENTS))('%s', (name) => {
  const client = CLIENTS[name] ?? expect.fail('no such client');
  const mark = markOf(name);

  test('verify: the key is valid', async () => {
    expect(await client('verify', good(''))).toBe(true);
  });

  test('check: ham passes, spam is caught and waits in the queue', async () => {
    expect(await client('check', good(`${HAM} ${mark}ham`))).toBe(false);
    expect(await client('check', good(`${SPAM} ${mark}spam`))).toBe(true);
    expect(await countWaiting(`${mark}spam`)).toBe(1);
    expect(await countWaiting(`${mark}ham`)).toBe(0);
  });

  test('report and correction: each decides on the comment it is about', async () => {
    const content = `${SPAM} ${mark}report`;
    expect(await client('check', good(content))).toBe(true);
    const before = await countByStatus();
    await client('ham', good(content));
    expect(await countByStatus()).toEqual({
      ...before,
      hold: before.hold - 1,
      approved: before.approved + 1,
    });
    await client('spam', good(content));
    expect(await countByStatus()).toEqual({ ...before, hold: before.hold - 1, spam: before.spam + 1 });
  });
});

/** What the caller of a client learns: its answer, or that it rejects. */
async function learn(client: ClientUnderTest, action: Action, call: Call): Promise<string> {
  try {
    const told = await client(action, call);
    return typeof told === 'boolean' ? String(told) : 'done';
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : error}`;
  }
}

const ERROR = expect.stringMatching(/^error: /);
const KEY_ERROR = expect.stringMatching(/^error: .*(invalid|not known)/i);
const BLOG_ERROR = expect.stringMatching(/^error: (Invalid API key|Empty "blog" value)/);
const IP_ERROR = expect.stringMatching(/^error: .*user_ip/);
/**
 * What goes wrong, by what is asked, and what the callers of the clients learn. akismet-api and akismet do not look at
 * the answer to a report, akismet takes every answer to a check but `true` for ham, and @cedx/akismet every failed
 * verification for a wrong key: with Akismet's own servers as with this one.
 */
const WRONG: readonly (readonly [Action, string, Partial<Call>, readonly unknown[]])[] = [
  // Each with what akismet-api, akismet and @cedx/akismet tell.
  ['verify', 'a wrong key', { key: WRONG_KEY }, ['false', 'false', 'false']],
  ['check', 'a wrong key', { key: WRONG_KEY }, [KEY_ERROR, 'false', KEY_ERROR]],
  ['spam', 'a wrong key', { key: WRONG_KEY }, ['done', 'done', KEY_ERROR]],
  ['ham', 'a wrong key', { key: WRONG_KEY }, ['done', 'done', KEY_ERROR]],
  ['verify', 'no blog', { blog: '' }, ['false', 'false', 'false']],
  ['check', 'no blog', { blog: '' }, [BLOG_ERROR, 'false', BLOG_ERROR]],
  ['check', 'no user_ip', { ip: '' }, [IP_ERROR, 'false', IP_ERROR]],
];
const rows = WRONG.flatMap(([action, wrong, change, told]) =>
  Object.keys(CLIENTS).map((name, at) => [name, action, wrong, change, told[at]] as const),
);

test.each(rows)(
  '%s: %s with %s is refused and changes nothing',
  async (name, action, wrong, change, told) => {
    const client = CLIENTS[name] ?? expect.fail('no such client');
    const content = `${SPAM} ${markOf(name, action, wrong)}`;
    const isReport = action === 'spam' || action === 'ham';
    if (isReport) await client('check', good(content));
    const before = await site.admin('GET', '/v1/stats?site=news');
    expect(await learn(client, action, { ...good(content), ...change })).toEqual(told);
    const after = await site.admin('GET', '/v1/stats?site=news');
    expect([after.comments, after.samples]).toEqual([before.comments, before.samples]);
    expect(await countWaiting(content)).toBe(isReport ? 1 : 0);
  },
);

test.each(Object.keys(CLIENTS).flatMap((name) => [[name, 'spam'] as const, [name, 'ham'] as const]))(
  '%s: %s without blog and user_ip is taken, for a report needs neither',
  async (name, action) => {
    const client = CLIENTS[name] ?? expect.fail('no such client');
    const content = `${SPAM} ${markOf(name, action, 'lacking')}`;
    await client('check', good(content));
    const before = await countByStatus();
    const told = await learn(client, action, { ...good(content), blog: '', ip: '' });
    expect(told).toBe('done');
    const into = action === 'spam' ? 'spam' : 'approved';
    expect(await countByStatus()).toEqual({ ...before, hold: before.hold - 1, [into]: before[into] + 1 });
  },
);

test('@cedx/akismet is told to discard what the site has banned', async () => {
  const client = new CedxClient(site.key, new Blog({ url: BLOG }), { baseUrl: site.url });
  const comment = new Comment({ author: new Author({ ipAddress: '192.0.2.9' }), content: BLATANT });
  expect(await client.checkComment(comment)).toBe(CheckResult.pervasiveSpam);
});

test('@cedx/akismet in test mode gets its answers and leaves nothing behind', async () => {
  const client = new CedxClient(site.key, new Blog({ url: BLOG }), { baseUrl: site.url, isTest: true });
  const spam = new Comment({
    author: new Author({ ipAddress: '192.0.2.9', name: 'viagra-test-123' }),
    content: HAM,
  });
  const ham = new Comment({
    author: new Author({ ipAddress: '192.0.2.9', role: 'administrator' }),
    content: SPAM,
  });
  const { comments: before, samples: learned } = await site.admin('GET', '/v1/stats?site=news');
  expect(await client.checkComment(spam)).not.toBe(CheckResult.ham);
  expect(await client.checkComment(ham)).toBe(CheckResult.ham);
  await client.submitHam(spam);
  await client.submitSpam(ham);
  const { comments: after, samples } = await site.admin('GET', '/v1/stats?site=news');
  expect(after).toEqual(before);
  expect(samples).toEqual(learned);
});

describe('the server is stopped', () => {
  beforeAll(async () => {
    service.child.kill('SIGKILL');
    await service.ended;
  });

  test.each(Object.keys(CLIENTS))('%s: check, report and correction are errors', async (name) => {
    const client = CLIENTS[name] ?? expect.fail('no such client');
    for (const action of ['check', 'spam', 'ham'] as const) {
      expect([action, await learn(client, action, good(SPAM))]).toEqual([action, ERROR]);
    }
  });

  test('verify is an error, for @cedx/akismet a key that is not valid', async () => {
    const told = [];
    for (const client of Object.values(CLIENTS)) told.push(await learn(client, 'verify', good('')));
    expect(told).toEqual([ERROR, ERROR, 'false']);
  });
});
