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

/** One client behind one face: `spam` is what it tells its caller; a failed call rejects. */
interface ClientUnderTest {
  readonly verify: (key: string, port: number) => Promise<boolean>;
  readonly check: (key: string, port: number, content: string, ip?: string) => Promise<boolean>;
  readonly report: (key: string, port: number, kind: 'spam' | 'ham', content: string) => Promise<unknown>;
}

const readerFields = (content: string, ip: string) => ({
  user_ip: ip,
  user_agent: 'Mozilla/5.0',
  permalink: `${BLOG}/bridge`,
  comment_type: 'comment',
  comment_author: 'Ada',
  comment_author_email: 'ada@example.org',
  comment_content: content,
});

function akismetApiClient(): ClientUnderTest {
  const open = (key: string, port: number) =>
    new akismetApi.AkismetClient({ key, blog: BLOG, host: `akismet.test:${port}`, protocol: 'http' });
  return {
    verify: (key, port) => open(key, port).verifyKey(),
    check: (key, port, content, ip = '192.0.2.10') =>
      open(key, port).checkSpam({ ...readerFields(content, ip) }),
    report: (key, port, kind, content) =>
      kind === 'spam'
        ? open(key, port).submitSpam({ ...readerFields(content, '192.0.2.10') })
        : open(key, port).submitHam({ ...readerFields(content, '192.0.2.10') }),
  };
}

function akismetClient(): ClientUnderTest {
  const open = (key: string, port: number) =>
    akismet.client({ apiKey: key, blog: BLOG, host: 'akismet.test', port });
  const promised = <T>(start: (done: (error: Error | string | null, value?: T) => void) => void) =>
    new Promise<T | undefined>((resolve, reject) =>
      start((error, value) => (error ? reject(error) : resolve(value))),
    );
  return {
    verify: async (key, port) =>
      (await promised<boolean>((done) => open(key, port).verifyKey(done))) ?? false,
    check: async (key, port, content, ip = '192.0.2.11') =>
      (await promised<boolean>((done) =>
        open(key, port).checkComment({ ...readerFields(content, ip), blog: BLOG }, done),
      )) ?? false,
    report: (key, port, kind, content) =>
      promised((done) => {
        const client = open(key, port);
        const options = { ...readerFields(content, '192.0.2.11'), blog: BLOG };
        if (kind === 'spam') client.submitSpam(options, done);
        else client.submitHam(options, done);
      }),
  };
}

function cedxClient(): ClientUnderTest {
  const open = (key: string, port: number) =>
    new CedxClient(key, new Blog({ url: BLOG, languages: ['en'] }), { baseUrl: `http://127.0.0.1:${port}` });
  const comment = (content: string, ip: string) =>
    new Comment({
      author: new Author({ ipAddress: ip, name: 'Ada', email: 'ada@example.org', userAgent: 'Mozilla/5.0' }),
      content,
      context: ['bridges', 'winter'],
      permalink: `${BLOG}/bridge`,
      type: 'comment',
    });
  return {
    verify: (key, port) => open(key, port).verifyKey(),
    check: async (key, port, content, ip = '192.0.2.12') =>
      (await open(key, port).checkComment(comment(content, ip))) !== CheckResult.ham,
    report: (key, port, kind, content) =>
      kind === 'spam'
        ? open(key, port).submitSpam(comment(content, '192.0.2.12'))
        : open(key, port).submitHam(comment(content, '192.0.2.12')),
  };
}

const CLIENTS: Readonly<Record<string, ClientUnderTest>> = {
  'akismet-api 6': akismetApiClient(),
  'akismet 2': akismetClient(),
  '@cedx/akismet': cedxClient(),
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

describe.each(Object.keys(CLIENTS))('%s', (name) => {
  const client = CLIENTS[name] ?? expect.fail('no such client');
  /** Words that the texts of this client have in common with no other's. */
  const mark = name.replaceAll(/[^a-z]/g, '');

  test('verify: the key is valid, a wrong one is not', async () => {
    expect(await client.verify(site.key, site.port)).toBe(true);
    expect(await client.verify(WRONG_KEY, site.port)).toBe(false);
  });

  test('check: ham passes, spam is caught and waits in the queue', async () => {
    expect(await client.check(site.key, site.port, `${HAM} ${mark}ham`)).toBe(false);
    expect(await client.check(site.key, site.port, `${SPAM} ${mark}spam`)).toBe(true);
    expect(await countWaiting(`${mark}spam`)).toBe(1);
    expect(await countWaiting(`${mark}ham`)).toBe(0);
  });

  test('report and correction: each decides on the comment it is about', async () => {
    const content = `${SPAM} ${mark}report`;
    expect(await client.check(site.key, site.port, content)).toBe(true);
    const before = await countByStatus();
    await client.report(site.key, site.port, 'ham', content);
    expect(await countByStatus()).toEqual({
      ...before,
      hold: before.hold - 1,
      approved: before.approved + 1,
    });
    await client.report(site.key, site.port, 'spam', content);
    expect(await countByStatus()).toEqual({ ...before, hold: before.hold - 1, spam: before.spam + 1 });
  });

  test('a wrong key is refused on check and leaves nothing behind', async () => {
    // npm's akismet takes everything but "true" for ham: what its caller sees is the same as with Akismet itself.
    const refused = client.check(WRONG_KEY, site.port, `${SPAM} ${mark}wrongkey`);
    if (name === 'akismet 2') expect(await refused).toBe(false);
    else await expect(refused).rejects.toThrow(/invalid|not known/i);
    expect(await countWaiting(`${mark}wrongkey`)).toBe(0);
  });

  test('a missing user_ip is named', async () => {
    const refused = client.check(site.key, site.port, `${SPAM} ${mark}missing`, '');
    if (name === 'akismet 2') expect(await refused).toBe(false);
    else await expect(refused).rejects.toThrow(/user_ip/);
    expect(await countWaiting(`${mark}missing`)).toBe(0);
  });
});

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

test.each(Object.entries(CLIENTS))(
  '%s: a stopped server is an error, never a verdict',
  async (_name, client) => {
    service.child.kill('SIGKILL');
    await service.ended;
    await expect(client.check(site.key, site.port, HAM)).rejects.toThrow();
    await expect(client.report(site.key, site.port, 'spam', SPAM)).rejects.toThrow();
  },
);
