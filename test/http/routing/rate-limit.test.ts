import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';

interface Problem {
  readonly code: string;
}

describe.each(DATABASES)('what a key may ask for on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  let admin: Client;
  beforeAll(async () => {
    service = await createTestService(kind);
    site = await createTestSite(service, 'daily');
    admin = await createAdminClient(service);
  });
  afterAll(() => service.close());

  async function limited(rateLimit: number, fields: Record<string, unknown> = {}): Promise<Client> {
    const { body } = await admin.post<{ key: string }>('/v1/keys', {
      site: 'daily',
      scopes: ['submit', 'read'],
      rate_limit: rateLimit,
      ...fields,
    });
    return createClient(service, body.key);
  }

  test('stands in every answer, and is the usual unless the key has its own', async () => {
    const usual = await site.client.get('/v1/comments?post=1');
    expect(usual.headers.get('ratelimit-policy')).toBe('"key";q=600000;w=60');
    expect(usual.headers.get('ratelimit')).toBe('"key";r=599999;t=1');
    const own = await (await limited(3)).get('/v1/comments?post=1');
    expect(own.headers.get('ratelimit-policy')).toBe('"key";q=3;w=60');
    expect(own.headers.get('ratelimit')).toBe('"key";r=2;t=20');
  });

  test('is over with 429 and the time to wait, and comes back with time', async () => {
    const client = await limited(3);
    const ask = async () => {
      const { status, headers } = await client.get('/v1/comments?post=1');
      return [status, headers.get('retry-after'), headers.get('ratelimit')];
    };
    expect([await ask(), await ask(), await ask()].map(([status]) => status)).toEqual([200, 200, 200]);
    expect(await ask()).toEqual([429, '20', '"key";r=0;t=60']);
    const refused = await client.post<Problem>('/v1/comments', submission());
    expect(refused.body.code).toBe('rate_limited');
    service.clock.advance(20);
    expect(await ask()).toEqual([200, null, '"key";r=0;t=60']);
    expect((await ask())[0]).toBe(429);
    service.clock.advance(120);
    expect(await ask()).toEqual([200, null, '"key";r=2;t=20']);
  });

  test('is its own: what one key has used up, another has', async () => {
    const one = await limited(1);
    const other = await limited(1);
    expect((await one.get('/v1/comments?post=1')).status).toBe(200);
    expect((await one.get('/v1/comments?post=1')).status).toBe(429);
    expect((await other.get('/v1/comments?post=1')).status).toBe(200);
  });

  test('counts each comment of a batch', async () => {
    const client = await limited(10);
    const comments = Array.from({ length: 6 }, () => submission());
    const first = await client.post('/v1/comments/batch', { comments });
    expect([first.status, first.headers.get('ratelimit')]).toEqual([200, '"key";r=4;t=36']);
    const second = await client.post<Problem>('/v1/comments/batch', { comments });
    expect([second.status, second.body.code]).toEqual([429, 'rate_limited']);
  });

  test('of a key in a page is for each visitor', async () => {
    const proxied = { ...service, config: { ...service.config, trustedProxies: 1 } };
    const { body } = await admin.post<{ key: string }>('/v1/keys', {
      site: 'daily',
      scopes: ['submit', 'read'],
      allowed_origins: ['https://news.example'],
    });
    const client = createClient(proxied, body.key);
    const ask = (address: string) =>
      client.get('/v1/comments?post=1', {
        headers: { origin: 'https://news.example', 'x-forwarded-for': address },
      });
    for (let count = 0; count < 120; count++) expect((await ask('198.51.100.1')).status).toBe(200);
    const over = await ask('198.51.100.1');
    expect([over.status, over.headers.get('ratelimit-policy')]).toEqual([429, '"visitor";q=120;w=60']);
    expect(over.headers.get('access-control-allow-origin')).toBe('https://news.example');
    expect(over.headers.get('access-control-expose-headers')).toContain('ratelimit');
    expect((await ask('198.51.100.2')).status).toBe(200);
  });

  test('counts a visitor alike whatever the port, the zone or the address within an IPv6 /64', async () => {
    const proxied = { ...service, config: { ...service.config, trustedProxies: 1 } };
    const { body } = await admin.post<{ key: string }>('/v1/keys', {
      site: 'daily',
      scopes: ['read'],
      allowed_origins: ['https://news.example'],
    });
    const client = createClient(proxied, body.key);
    const left = async (address: string) => {
      const { headers } = await client.get('/v1/comments?post=1', {
        headers: { origin: 'https://news.example', 'x-forwarded-for': address },
      });
      return Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    };
    for (const addresses of [
      ['203.0.113.5', '203.0.113.5:1111', '203.0.113.5:2222', '[::ffff:203.0.113.5]:80'],
      [
        '2001:db8::1',
        '2001:db8::2',
        '[2001:db8::3]',
        '[2001:db8::4]:443',
        '2001:db8::5%eth0',
        '[2001:db8::6%25eth0]:1',
      ],
    ]) {
      const all: number[] = [];
      for (const address of addresses) all.push(await left(address));
      expect(all).toEqual(addresses.map((_, at) => 119 - at));
    }
    expect(await left('2001:db8:0:1::1')).toBe(119);
  });

  test('writes nothing to the database', async () => {
    const client = await limited(1000);
    await client.get('/v1/comments?post=1');
    await service.settled();
    const count = async () =>
      JSON.stringify(await service.db.selectFrom('api_key').selectAll().orderBy('id').execute());
    const before = await count();
    for (let asked = 0; asked < 20; asked++) await client.get('/v1/comments?post=1');
    await service.settled();
    expect(await count()).toBe(before);
  });
});

describe('what integrators find in an answer', () => {
  let service: TestService;
  let site: TestSite;
  beforeAll(async () => {
    service = await createTestService('pglite');
    site = await createTestSite(service, 'daily');
  });
  afterAll(() => service.close());

  test('a list links to its next page, and the last page to none', async () => {
    for (let count = 0; count < 5; count++)
      await site.client.post('/v1/comments', submission({ post: 'a b' }));
    let path: string | undefined = '/v1/comments?post=a+b&limit=2';
    const sizes: number[] = [];
    while (path !== undefined) {
      const { body, headers }: { body: { items: unknown[]; next_cursor: string | null }; headers: Headers } =
        await site.client.get(path);
      sizes.push(body.items.length);
      path = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      expect(path === undefined).toBe(body.next_cursor === null);
    }
    expect(sizes).toEqual([2, 2, 1]);
  });

  test('a trace of the caller stands in the log, what is no trace does not', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    for (const traceparent of [
      `00-${trace}-00f067aa0ba902b7-01`,
      'x',
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    ]) {
      await site.client.get('/v1/comments?post=1', { headers: { traceparent } });
    }
    const lines = service.logged.filter(({ event }) => event === 'request').slice(-3);
    expect(lines.map(({ traceId }) => traceId)).toEqual([trace, undefined, undefined]);
  });

  test('a comment of a batch that fails fails alone, and the answer says so', async () => {
    const comments = Array.from({ length: 4 }, () => submission());
    let calls = 0;
    // The pseudonym key fails at the third comment: a fault of ours in the middle of the work.
    const failing = {
      ...service,
      get config() {
        const stack = new Error().stack ?? '';
        if (stack.includes('pseudonymiseSubmission')) calls += 1;
        if (calls === 3) throw new Error('a fault');
        return service.config;
      },
    };
    const client = createClient(failing, await site.keyFor(['submit']));
    const { status, body } = await client.post<{ results: { status: string; code?: string }[] }>(
      '/v1/comments/batch',
      { comments },
    );
    expect(status).toBe(200);
    expect(body.results.map(({ code }) => code)).toEqual([undefined, undefined, 'internal', undefined]);
  });
});
