import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../support/site.ts';

interface Problem {
  code: string;
}

describe.each(DATABASES)('keys and sites on %s', (kind) => {
  let service: TestService;
  let ours: TestSite;
  let theirs: TestSite;
  beforeAll(async () => {
    service = await createTestService(kind);
    ours = await createTestSite(service, 'ours', { premoderate: true });
    theirs = await createTestSite(service, 'theirs', { premoderate: true });
  });
  afterAll(() => service.close());

  test("another site's ids answer exactly like missing ones", async () => {
    const { id } = (await theirs.client.post<{ id: string }>('/v1/comments', submission())).body;
    const decided = (
      await theirs.client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, {
        decision: 'approve',
      })
    ).body;
    const missing = '00000000-0000-7000-8000-000000000000';
    const calls = (comment: string, decision: string): [string, string, unknown?][] => [
      ['GET', `/v1/comments/${comment}`],
      ['PATCH', `/v1/comments/${comment}`, { content: 'changed' }],
      ['DELETE', `/v1/comments/${comment}`],
      ['GET', `/v1/comments/${comment}/explanation`],
      ['POST', `/v1/comments/${comment}/decisions`, { decision: 'spam' }],
      ['POST', `/v1/decisions/${decision}/undo`],
    ];
    const answers = async (comment: string, decision: string) =>
      await Promise.all(
        calls(comment, decision).map(async ([method, path, body]) => {
          const { status, text } = await ours.client.call(method, path, { body });
          return [status, text.replace(/"instance":"[^"]*"/, '')];
        }),
      );
    const foreign = await answers(id, decided.decision_id);
    expect(foreign).toEqual(await answers(missing, missing));
    expect(new Set(foreign.map(([status]) => status))).toEqual(new Set([404]));
    const bulk = await ours.client.post<{ results: Problem[] }>('/v1/decisions', {
      decision: 'spam',
      ids: [id],
    });
    expect(bulk.body.results[0]?.code).toBe('not_found');
    expect((await theirs.client.get<{ status: string }>(`/v1/comments/${id}`)).body.status).toBe('approved');
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
    expect(await ask(`${made.body.key.slice(0, -2)}AA`)).toEqual(none);
    expect(await ask('x'.repeat(10_000))).toEqual(none);
    expect((await admin.call('DELETE', `/v1/keys/${revocable.body.id}`)).status).toBe(204);
    expect(await ask(revocable.body.key)).toEqual(none);
    service.clock.set('2026-03-01T13:00:01Z');
    expect(await ask(made.body.key)).toEqual(none);
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
