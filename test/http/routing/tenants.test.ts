import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureDefaultSite } from '../../../src/moderation/site/sites.ts';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import {
  askRoute,
  type DocumentedRoute,
  NOBODY,
  readDocumentedRoutes,
} from '../../support/documented-routes.ts';
import { createFullSite, type FullSite, type FullSiteIds } from '../../support/full-site.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';

interface Problem {
  code: string;
}

/** A site may call its posts what it likes: what it closes under another's name is its own. */
const OWN_NAMES = new Set(['PATCH /v1/posts/{post}']);
/** The stream has no end, and the chain is of all sites. */
const NOT_OF_A_SITE = new Set(['GET /v1/events', 'GET /v1/audit/verification']);

/** Looks for a look of the caller's own, and says that there is none. */
const TAKE_BACK = 'DELETE /v1/second-looks/{id}';

const MISSING: FullSiteIds = {
  comments: NOBODY,
  decisions: NOBODY,
  'second-looks': NOBODY,
  models: 'no-such-model',
  jobs: NOBODY,
  samples: NOBODY,
  imports: NOBODY,
  rules: NOBODY,
  keys: 'no-such-key',
  users: NOBODY,
  webhooks: NOBODY,
  delivery: NOBODY,
  sites: NOBODY,
  posts: 'no-such-post',
};

/** The path with the ids in it. @throws for a parameter that nothing stands for. */
function fillPath(path: string, ids: FullSiteIds): string {
  const collection = path.split('/')[2];
  const values: Readonly<Record<string, string | undefined>> = {
    ...ids,
    id: Object.entries({ ...ids, queue: ids.comments }).find(([name]) => name === collection)?.[1],
    version: ids.models,
    post: ids.posts,
    name: 'histogram',
    part: '0',
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`What stands for {${name}} in ${path}?`);
    return value;
  });
}

describe.each(DATABASES)('keys and sites on %s', (kind) => {
  let service: TestService;
  let ours: TestSite;
  beforeAll(async () => {
    service = await createTestService(kind, { config: { outgoingPrivateRanges: ['127.0.0.1/32'] } });
    ours = await createTestSite(service, 'ours', { premoderate: true });
  });
  afterAll(() => service.close());

  describe('ids of another site', () => {
    let own: FullSite;
    let foreign: FullSite;
    let routes: readonly DocumentedRoute[];
    beforeAll(async () => {
      own = await createFullSite(service, 'own-daily');
      foreign = await createFullSite(service, 'foreign-daily');
      routes = await readDocumentedRoutes(own.all);
    });

    // What needs no key, such as a feed, is the same for everybody.
    const withId = () =>
      routes.filter(
        ({ path, name, scope }) => path.includes('{') && scope !== undefined && !OWN_NAMES.has(name),
      );
    /** What differs between two answers that say the same. */
    const bare = (text: string, ids: FullSiteIds) =>
      Object.values(ids).reduce(
        (cut, id) => cut.replaceAll(id, 'ID'),
        text.replace(/"instance":"[^"]*"/, ''),
      );

    test('answer exactly like missing ones, in the path of every route that has one', async () => {
      expect(withId().length).toBeGreaterThan(35);
      for (const route of withId()) {
        const [theirs, missing] = [
          await askRoute(own.all, route, fillPath(route.path, foreign.ids)),
          await askRoute(own.all, route, fillPath(route.path, MISSING)),
        ];
        expect([route.name, theirs.status]).toEqual([route.name, route.name === TAKE_BACK ? 409 : 404]);
        expect([route.name, bare(theirs.text, foreign.ids)]).toEqual([
          route.name,
          bare(missing.text, MISSING),
        ]);
      }
      for (const route of withId().filter(({ method }) => method === 'GET')) {
        const { status } = await askRoute(foreign.all, route, fillPath(route.path, foreign.ids));
        expect([route.name, status]).toEqual([route.name, 200]);
      }
    });

    test('stand in none of the lists', async () => {
      const lists = routes.filter(
        ({ method, path, scope, name }) =>
          method === 'GET' && scope !== undefined && !path.includes('{') && !NOT_OF_A_SITE.has(name),
      );
      expect(lists.length).toBeGreaterThan(15);
      const seen = new Set<string>();
      for (const route of lists) {
        const { text } = await askRoute(own.all, route, route.path);
        for (const id of Object.values(foreign.ids))
          expect([route.name, text.includes(id)]).toEqual([route.name, false]);
        const theirs = await askRoute(foreign.all, route, route.path);
        for (const id of Object.values(foreign.ids)) if (theirs.text.includes(id)) seen.add(id);
      }
      // The messages to a webhook have a list of their own with the id in the path; samples that nothing speaks
      // against are in none.
      const unlisted = new Set([foreign.ids.delivery, foreign.ids.samples]);
      expect([...seen].filter((id) => !unlisted.has(id)).sort()).toEqual(
        [...new Set(Object.values(foreign.ids))].filter((id) => !unlisted.has(id)).sort(),
      );
    });

    test('answer exactly like missing ones, in bodies and queries', async () => {
      const { ids } = foreign;
      const claimed = await foreign.all.post<{ items: unknown[] }>('/v1/queue/claims', {
        ids: [ids.comments],
      });
      expect(claimed.body.items).toHaveLength(1);
      const asks = (id: FullSiteIds, campaign: string): [string, string, unknown?][] => [
        ['POST', '/v1/queue/claims', { ids: [id.comments] }],
        ['DELETE', '/v1/queue/claims', { ids: [id.comments] }],
        ['GET', `/v1/queue?author=${id.comments}`],
        ['GET', `/v1/queue?folder=approved&author=${id.comments}`],
        ['GET', `/v1/queue?campaign=${campaign}`],
        ['GET', `/v1/comments?post=${id.posts}`],
        ['POST', '/v1/decisions', { decision: 'spam', ids: [id.comments] }],
        ['POST', '/v1/decisions', { decision: 'spam', campaign }],
        ['POST', '/v1/comments', submission({ content: 'A reply.', parent: id.comments })],
        [
          'POST',
          '/v1/comments/batch',
          { comments: [submission({ content: 'A reply.', parent: id.comments })] },
        ],
        ['POST', '/v1/replays', { from: '2026-03-01T00:00:00Z', model: id.models }],
        ['POST', '/v1/rules', { kind: 'author', pattern: id.comments }],
        ['POST', '/v1/rules/dry-run', { kind: 'author', pattern: id.comments }],
      ];
      const missing = asks(MISSING, NOBODY);
      for (const [at, [method, path, body]] of asks(ids, foreign.campaign).entries()) {
        const theirs = await own.all.call(method, path, { body });
        const [, otherPath = '', otherBody] = missing[at] ?? [];
        const other = await own.all.call(method, otherPath, { body: otherBody });
        expect([path, theirs.status, bare(theirs.text, { ...ids, decisions: foreign.campaign })]).toEqual([
          path,
          other.status,
          bare(other.text, MISSING),
        ]);
      }
      const held = await foreign.all.get<{ status: string }>(`/v1/comments/${ids.comments}`);
      expect(held.body.status).toBe('hold');
      const claims = await foreign.all.get<{ items: { id: string }[] }>('/v1/queue/claims');
      expect(claims.body.items.map(({ id }) => id)).toEqual([ids.comments]);
    });

    test('of a site named in a body are not found, either', async () => {
      for (const [path, body] of [
        ['/v1/models', { site: 'foreign-daily' }],
        ['/v1/keys', { site: 'foreign-daily', scopes: ['read'] }],
      ] as const) {
        expect([path, (await own.all.post(path, body)).status]).toEqual([path, 404]);
      }
    });
  });

  test('processes that start at once on an empty database agree on its first site', async () => {
    const fresh = await createTestService(kind);
    try {
      const processes = [fresh, ...(await Promise.all([1, 2, 3].map(() => fresh.joined())))];
      const sites = await Promise.all(processes.map((one) => ensureDefaultSite(one)));
      expect(new Set(sites.map(({ id }) => id)).size).toBe(1);
    } finally {
      await fresh.close();
    }
  });

  test('a new key can be read where Location says, without its secret', async () => {
    const admin = await createAdminClient(service);
    const made = await admin.post<{ id: string; key: string }>('/v1/keys', {
      site: 'ours',
      scopes: ['read'],
      name: 'reader',
    });
    const shown = await admin.get<{ id: string }>(made.headers.get('location') ?? '');
    expect([shown.status, shown.body]).toEqual([
      200,
      expect.objectContaining({ id: made.body.id, name: 'reader', scopes: ['read'], revoked_at: null }),
    ]);
    // The whole secret: an underscore may be one of its own characters.
    const secret = made.body.key.slice(`lar_${made.body.id}_`.length);
    expect(shown.text).not.toContain(secret);
    expect((await admin.get('/v1/keys/nobody')).status).toBe(404);
    expect((await ours.client.get(`/v1/keys/${made.body.id}`)).status).toBe(403);
  });

  test.each([
    ['https://News.Example', 'https://news.example'],
    ['https://news.example:443', 'https://news.example'],
    ['https://news.example/', 'https://news.example'],
    ['https://news.example?x', 'https://news.example'],
    ['https://user@news.example', 'https://news.example'],
    ['https://m\u00fcnchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://*.news.example', 'List each host'],
    ['http://x:99999', 'Send an origin'],
    ['https://a\u0000b', 'Send an origin'],
    ['null', 'Send an origin'],
    ['chrome-extension://abc', 'Send an origin'],
  ])('an origin that no browser sends is refused, and told how they do: %j', async (origin, told) => {
    const admin = await createAdminClient(service);
    const wanted = { site: 'ours', scopes: ['submit'], allowed_origins: [origin] };
    const { status, body } = await admin.post<Problem>('/v1/keys', wanted);
    expect([status, body]).toMatchObject([
      422,
      {
        errors: [
          { pointer: '/allowed_origins/0', code: 'invalid_origin', detail: expect.stringContaining(told) },
        ],
      },
    ]);
  });

  test('an origin with a port, one in punycode and the service itself are taken', async () => {
    const admin = await createAdminClient(service);
    const allowed_origins = ['http://localhost:3000', 'https://xn--mnchen-3ya.example', 'self'];
    const wanted = { site: 'ours', scopes: ['submit'], allowed_origins };
    expect(await admin.post('/v1/keys', wanted)).toMatchObject({ status: 201, body: { allowed_origins } });
  });

  test('a key that is over already, or names a scope twice, is not made', async () => {
    const admin = await createAdminClient(service);
    const make = async (change: object) =>
      await admin.post<Problem>('/v1/keys', { site: 'ours', scopes: ['read'], ...change });
    const now = service.now().toISOString();
    for (const expires_at of [now, '2020-01-01T00:00:00Z']) {
      expect(await make({ expires_at })).toMatchObject({ status: 422, body: { code: 'invalid_value' } });
    }
    const twice = await make({ scopes: ['read', 'submit', 'read'] });
    expect([twice.status, twice.body]).toMatchObject([
      422,
      { errors: [{ pointer: '/scopes', code: 'repeated' }] },
    ]);
  });

  test('a missing, wrong, revoked or expired key is 401, always the same', async () => {
    const admin = await createAdminClient(service);
    const made = await admin.post<{ id: string; key: string }>('/v1/keys', {
      site: 'ours',
      scopes: ['read'],
      expires_at: '2026-03-01T13:00:00Z',
    });
    const revocable = await admin.post<{ id: string; key: string }>('/v1/keys', {
      site: 'ours',
      scopes: ['read'],
    });
    const ask = async (key: string | null) => {
      const { status, text } = await createClient(service, key).get('/v1/comments?post=1');
      return [status, text.replace(/"instance":"[^"]*"/, '')];
    };
    expect((await ask(made.body.key))[0]).toBe(200);
    expect((await ask(revocable.body.key))[0]).toBe(200);
    const none = await ask(null);
    expect(none[0]).toBe(401);
    expect(await ask(`${made.body.key.slice(0, -1)}!`)).toEqual(none);
    const otherEnd = made.body.key.endsWith('A') ? 'B' : 'A';
    expect(await ask(`${made.body.key.slice(0, -1)}${otherEnd}`)).toEqual(none);
    expect(await ask('x'.repeat(10_000))).toEqual(none);
    expect((await admin.call('DELETE', `/v1/keys/${revocable.body.id}`)).status).toBe(204);
    expect(await ask(revocable.body.key)).toEqual(none);
    service.clock.set('2026-03-01T13:00:01Z');
    expect(await ask(made.body.key)).toEqual(none);
  });

  test('who moderates reads a comment whole without the scope to read, who submits alone does not', async () => {
    const { client, keyFor } = await createTestSite(service, 'moderated-only', { premoderate: true });
    const { body } = await client.post<{ id: string }>('/v1/comments', submission());
    const shown = await client
      .as(await keyFor(['moderate']))
      .get<{ status: string }>(`/v1/comments/${body.id}`);
    expect([shown.status, shown.body.status]).toEqual([200, 'hold']);
    expect((await client.as(await keyFor(['read'])).get(`/v1/comments/${body.id}`)).status).toBe(404);
    expect((await client.as(await keyFor(['submit'])).get(`/v1/comments/${body.id}`)).status).toBe(403);
  });

  test('a key does what its scopes say and nothing else', async () => {
    const submitOnly = createClient(service, await ours.keyFor(['submit']));
    expect((await submitOnly.post('/v1/comments', submission())).status).toBe(201);
    for (const [method, path] of [
      ['GET', '/v1/queue'],
      ['GET', '/v1/comments?post=1'],
      ['GET', '/v1/models'],
      ['GET', '/v1/keys'],
      ['GET', '/v1/audit'],
    ] as const) {
      expect((await submitOnly.call<Problem>(method, path)).body.code).toBe('forbidden');
    }
  });

  test('a key in the address is refused', async () => {
    const answer = await createClient(service).get<Problem>('/v1/queue?key=lar_x');
    expect([answer.status, answer.body.code]).toEqual([400, 'key_in_query']);
  });

  test('the database holds no key, only its hash', async () => {
    const key = await ours.keyFor(['read']);
    const rows = await service.db.selectFrom('api_key').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(key.slice(-43));
  });

  test('a browser key is good from its origins alone', async () => {
    const admin = await createAdminClient(service);
    const { key } = (
      await admin.post<{ key: string }>('/v1/keys', {
        site: 'ours',
        scopes: ['read'],
        allowed_origins: ['https://news.example'],
      })
    ).body;
    const ask = async (headers: Record<string, string>) =>
      (await createClient(service, key).get('/v1/comments?post=1', { headers })).status;
    expect(await ask({ origin: 'https://news.example' })).toBe(200);
    expect(await ask({ origin: 'https://evil.example' })).toBe(403);
    expect(await ask({})).toBe(403);
  });

  test('an admin names the site, and settings change one by one', async () => {
    const admin = await createAdminClient(service);
    expect((await admin.get<Problem>('/v1/queue')).body.code).toBe('site_required');
    expect((await admin.get('/v1/queue?site=ours')).status).toBe(200);
    expect((await admin.get('/v1/queue?site=nobody')).status).toBe(404);
    const made = await admin.post<{ id: string; settings: Record<string, unknown> }>('/v1/sites', {
      slug: 'third',
      name: 'Third',
      settings: { max_links: 5 },
    });
    expect(made.status).toBe(201);
    expect((await admin.post<Problem>('/v1/sites', { slug: 'third', name: 'Again' })).status).toBe(409);
    const changed = await admin.call<{ settings: Record<string, unknown> }>(
      'PATCH',
      `/v1/sites/${made.body.id}`,
      { body: { settings: { premoderate: true } } },
    );
    expect(changed.body.settings).toMatchObject({ max_links: 5, premoderate: true });
    expect(
      (
        await admin.call<Problem>('PATCH', `/v1/sites/${made.body.id}`, {
          body: { settings: { nonsense: 1 } },
        })
      ).status,
    ).toBe(422);
    expect((await admin.call('DELETE', `/v1/sites/${made.body.id}`)).status).toBe(204);
    expect((await admin.get('/v1/queue?site=third')).status).toBe(404);
  });
});
