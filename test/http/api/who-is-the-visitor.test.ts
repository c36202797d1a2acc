/** Who a reader is: behind a proxy nobody told of, and when two comments are one reader's. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/http/app.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const ORIGIN = 'https://daily.example';
const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });

const HEADERS: readonly (readonly [string, string])[] = [
  ['x-forwarded-for', '203.0.113.7'],
  ['x-forwarded-for', '203.0.113.7, 10.0.0.2'],
  ['x-forwarded-for', ''],
  ['forwarded', 'for=203.0.113.7;proto=https'],
  ['x-real-ip', '203.0.113.7'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-host', 'daily.example'],
  ['cf-connecting-ip', '203.0.113.7'],
  ['true-client-ip', '203.0.113.7'],
];
const NEAR = [
  '127.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '10.1.2.3',
  '172.17.0.1',
  '192.168.1.1',
  'fd12::1',
  'fe80::1%eth0',
  '100.64.0.9',
];
const FAR = ['203.0.114.7', '8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'];

describe('a proxy that TRUSTED_PROXIES does not count', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService('pglite', { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  /** How often the log warns, and whether the page does. */
  async function ask(peer: string, headers: Record<string, string>, trustedProxies = 0) {
    const before = service.logged.length;
    const config = { ...service.config, trustedProxies };
    const app = createApp(() => ({ ...service, config }));
    for (let time = 0; time < 3; time++) await app.request('/livez', { headers }, from(peer));
    const page = await (await app.request('/admin', { headers }, from(peer))).text();
    const lines = service.logged
      .slice(before)
      .filter(({ event, msg }) => [event, msg].includes('proxy-not-trusted'));
    return { warnings: lines.length, isShown: /TRUSTED_PROXIES/.test(page) };
  }

  test.each(HEADERS.flatMap(([name, value]) => NEAR.map((peer) => ({ name, value, peer }))))(
    'is told of once in the log and on the page: $name “$value” from $peer',
    async ({ name, value, peer }) => {
      expect(await ask(peer, { [name]: value })).toEqual({ warnings: 1, isShown: true });
    },
  );

  test.each(FAR)('is none where %s, which anybody may be, names another address', async (peer) => {
    expect(await ask(peer, { 'x-forwarded-for': '203.0.113.7' })).toEqual({ warnings: 0, isShown: false });
  });

  test.each(NEAR)('is none where %s forwards nothing, or is counted', async (peer) => {
    expect(await ask(peer, { 'user-agent': 'Mozilla' })).toEqual({ warnings: 0, isShown: false });
    expect(await ask(peer, { 'x-forwarded-for': '203.0.113.7' }, 1)).toEqual({ warnings: 0, isShown: false });
  });
});

interface Said {
  readonly name?: string;
  readonly email?: string;
  readonly ip?: string;
  readonly parent?: 'first' | 'second';
  readonly post?: string;
  readonly content?: string;
}

const [ADA, BOB] = ['ada@example.org', 'bob@example.org'];
const ONE = '192.0.2.1';
const TWO = '198.51.100.2';

/** Two comments of the same text, and whether the second is a duplicate. */
const PAIRS: readonly (readonly [string, Said, Said, boolean])[] = [
  ['the same reader', { email: ADA }, { email: ADA }, true],
  ['in another spelling', { email: ADA }, { email: ' ADA@Example.org ' }, true],
  ['from another network', { email: ADA, ip: ONE }, { email: ADA, ip: TWO }, true],
  ['under another name', { email: ADA, name: 'Ada' }, { email: ADA, name: 'Ada L.' }, true],
  [
    'in other white space',
    { email: ADA, content: 'Well said.' },
    { email: ADA, content: ' Well  said.\n' },
    true,
  ],
  ['two readers', { email: ADA }, { email: BOB }, false],
  ['thanking two people', { email: ADA, parent: 'first' }, { email: ADA, parent: 'second' }, false],
  ['thanking one person twice', { email: ADA, parent: 'first' }, { email: ADA, parent: 'first' }, true],
  ['below and beside', { email: ADA }, { email: ADA, parent: 'first' }, false],
  ['on another article', { email: ADA }, { email: ADA, post: 'other' }, false],
  ['another text', { email: ADA, content: 'Well said.' }, { email: ADA, content: 'Well put.' }, false],
  ['nameless, two networks', { ip: ONE }, { ip: TWO }, false],
  ['nameless, one network', { ip: ONE }, { ip: ONE }, true],
  ['nameless, no network known', {}, {}, true],
  ['nameless, one network known', { ip: ONE }, {}, true],
  ['one name, two networks', { name: 'Ada', ip: ONE }, { name: 'Ada', ip: TWO }, false],
  ['one name, one network', { name: 'Ada', ip: ONE }, { name: 'Ada', ip: ONE }, true],
  ['two names, one network', { name: 'Ada', ip: ONE }, { name: 'Bob', ip: ONE }, false],
  ['one network of IPv6', { ip: '2001:db8:1:2::1' }, { ip: '2001:db8:1:2::9' }, true],
  ['two networks of IPv6', { ip: '2001:db8:1:2::1' }, { ip: '2001:db8:1:3::1' }, false],
  ['nameless, thanking two people', { ip: ONE, parent: 'first' }, { ip: ONE, parent: 'second' }, false],
  ['with and without an address', { email: ADA, ip: ONE }, { ip: ONE }, false],
];

describe.each(DATABASES)('the same said twice, on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  let count = 0;
  beforeAll(async () => {
    service = await createTestService(kind, {
      starter: trainOn(SMALL_SAMPLES),
      config: { trustedProxies: 1 },
    });
    site = await createTestSite(service, 'visitors', { require_name: false, require_email: false });
  });
  afterAll(() => service.close());

  async function publish(post: string, content: string): Promise<string> {
    const sent = await site.client.post<{ id: string }>('/v1/comments', {
      post,
      content,
      author_email: 'cleo@example.org',
    });
    await site.client.post(`/v1/comments/${sent.body.id}/decisions`, { decision: 'approve' });
    return sent.body.id;
  }

  const CASES = PAIRS.flatMap(([name, one, other, isDuplicate]) => {
    const batch = { how: 'in one batch', name, one, other, isDuplicate };
    return [{ ...batch, how: 'one after the other' }, batch];
  });
  test.each(CASES)('$name, $how: $isDuplicate', async ({ how, one, other, isDuplicate }) => {
    const post = `said-${++count}`;
    const answered = {
      first: await publish(post, 'The bridge is old.'),
      second: await publish(post, 'It is closed.'),
    };
    const fields = (said: Said) => ({
      ...{
        post: said.post === undefined ? post : `${post}-${said.post}`,
        content: said.content ?? 'Thank you.',
      },
      ...(said.name !== undefined && { author_name: said.name }),
      ...(said.email !== undefined && { author_email: said.email }),
      ...(said.ip !== undefined && { author_ip: said.ip }),
      ...(said.parent !== undefined && { parent: answered[said.parent] }),
    });
    if (how === 'in one batch') {
      const { body } = await site.client.post<{ results: { id?: string; code?: string }[] }>(
        '/v1/comments/batch',
        {
          comments: [fields(one), fields(other)],
        },
      );
      expect(body.results[0]?.id).toBeDefined();
      expect(body.results[1]?.code ?? 'taken').toBe(isDuplicate ? 'duplicate' : 'taken');
      return;
    }
    expect((await site.client.post('/v1/comments', fields(one))).status).toBe(201);
    service.clock.advance(60);
    expect((await site.client.post('/v1/comments', fields(other))).status).toBe(isDuplicate ? 409 : 201);
  });

  test('readers of a page are told apart by their networks, also within the flood limit', async () => {
    const strict = await createTestSite(service, `visitors-flood-${kind}`, { flood_seconds: 15 });
    const key = await strict.publicKeyFor(ORIGIN);
    const send = async (ip: string, email: string) =>
      (
        await strict.client.post(
          '/v1/comments',
          { post: 'flood', author_name: 'Reader', author_email: email, content: `I agree, said ${++count}.` },
          { key, headers: { origin: ORIGIN, 'x-forwarded-for': ip } },
        )
      ).status;
    expect([await send(ONE, ADA), await send(TWO, BOB), await send(ONE, 'cleo@example.org')]).toEqual([
      201, 201, 429,
    ]);
    service.clock.advance(16);
    expect(await send(ONE, 'cleo@example.org')).toBe(201);
  });
});
