import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createBrowserClient } from '../support/browser-client.ts';
import { type Client, createClient } from '../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../support/site.ts';

const PASSWORD = 'correct horse battery staple';
const OTHER_PASSWORD = 'another horse battery staple';

describe.each(DATABASES)('access on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  let alpha: TestSite;
  let beta: TestSite;
  beforeAll(async () => {
    service = await createTestService(kind, { config: { trustedProxies: 1 } });
    admin = await createAdminClient(service);
    alpha = await createTestSite(service, 'alpha');
    beta = await createTestSite(service, 'beta');
  });
  afterAll(() => service.close());

  async function join(site: string, email: string, password = PASSWORD, role = 'moderator') {
    const { body } = await admin.post<{ id: string; invitation: { url: string } }>(`/v1/users?site=${site}`, {
      name: 'Ada',
      email,
      role,
    });
    const browser = createBrowserClient(service);
    const token = body.invitation.url.split('#')[1] ?? '';
    const accepted = await browser.send(
      'POST',
      '/v1/session/invitation',
      { token, password },
      { 'x-forwarded-for': '192.0.2.1' },
    );
    expect(accepted.status).toBe(201);
    return { id: body.id, browser };
  }

  const from = (address: string) => ({ 'x-forwarded-for': address, 'x-forwarded-proto': 'https' });

  it('has accounts of each site that tell the other sites nothing', async () => {
    const email = 'shared@news.example';
    const people = async (site: TestSite) =>
      createClient(service, await site.keyFor(['read', 'moderate', 'people']));
    const invited = { name: 'Ada', email };
    expect((await (await people(alpha)).post('/v1/users', invited)).status).toBe(201);
    expect((await (await people(beta)).post('/v1/users', invited)).status).toBe(201);
    expect((await (await people(beta)).post('/v1/users', invited)).status).toBe(409);
    const both = 'both@news.example';
    await join('alpha', both, PASSWORD);
    await join('beta', both, OTHER_PASSWORD);
    for (const [password, slug] of [
      [PASSWORD, 'alpha'],
      [OTHER_PASSWORD, 'beta'],
    ] as const) {
      const browser = createBrowserClient(service);
      const signedIn = await browser.send(
        'POST',
        '/v1/session',
        { email: both, password },
        from('192.0.2.2'),
      );
      expect(signedIn.status).toBe(201);
      const me = await browser.send<{ sites: { slug: string }[] }>('GET', '/v1/session');
      expect(me.body.sites.map((site) => site.slug)).toEqual([slug]);
    }
    const elsewhere = await createBrowserClient(service).send(
      'POST',
      '/v1/session',
      { email: both, password: PASSWORD, site: 'beta' },
      from('192.0.2.2'),
    );
    expect(elsewhere.status).toBe(401);
  });

  it('gives nobody a role with scopes that the giver lacks', async () => {
    const roles = {
      moderator: ['read', 'moderate'],
      admin: ['read', 'moderate', 'train', 'people'],
    } as const;
    const subject = await join('alpha', 'subject@news.example', PASSWORD, 'admin');
    const scopes = ['read', 'moderate', 'train'] as const;
    for (let mask = 0; mask < 8; mask++) {
      const own = ['people' as const, ...scopes.filter((_, bit) => (mask & (1 << bit)) !== 0)];
      const client = createClient(service, await alpha.keyFor(own));
      for (const [role, needed] of Object.entries(roles)) {
        const may = needed.every((scope) => own.some((one) => one === scope));
        const person = { name: 'New', email: `new${mask}${role}@news.example`, role };
        const label = `${own.join(' ')} gives ${role}`;
        expect((await client.post('/v1/users', person)).status, label).toBe(may ? 201 : 403);
      }
      const mayAdmin = roles.admin.every((scope) => own.some((one) => one === scope));
      const again = await client.post(`/v1/users/${subject.id}/invitations`);
      expect(again.status, own.join(' ')).toBe(mayAdmin ? 201 : 403);
      const change = await client.call('PATCH', `/v1/users/${subject.id}`, { body: { name: 'Ada L.' } });
      expect(change.status, own.join(' ')).toBe(mayAdmin ? 200 : 403);
    }
  });

  it('cannot be taken from somebody by wrong passwords from elsewhere', async () => {
    const email = 'weapon@news.example';
    const { browser } = await join('alpha', email);
    const attack = async (address: string, times: number) => {
      let last = 0;
      for (let count = 0; count < times; count++) {
        const stranger = createBrowserClient(service);
        const answer = await stranger.send(
          'POST',
          '/v1/session',
          { email, password: 'wrong' },
          from(address),
        );
        last = answer.status;
        if (last === 429) expect(answer.headers.get('retry-after')).toBe('900');
      }
      return last;
    };
    expect(await attack('198.51.100.1', 11)).toBe(429);
    // Another address, and the browser that signed in before: both get in.
    const right = { email, password: PASSWORD };
    const fresh = createBrowserClient(service);
    expect((await fresh.send('POST', '/v1/session', right, from('192.0.2.3'))).status).toBe(201);
    // Many addresses at once close the account to browsers that never signed in, and to no other.
    await service.db.updateTable('sign_in_failure').set({ failures: 100 }).execute();
    await service.db
      .insertInto('sign_in_failure')
      .columns(['subject', 'failures', 'since'])
      .expression((of) =>
        of
          .selectFrom('person')
          .select([
            sql<string>`'login:' || login`.as('subject'),
            sql<number>`100`.as('failures'),
            sql<Date>`${service.now()}::timestamptz`.as('since'),
          ])
          .where('person.name', '=', 'Ada'),
      )
      .onConflict((conflict) => conflict.column('subject').doNothing())
      .execute();
    const stranger = await createBrowserClient(service).send('POST', '/v1/session', right, from('192.0.2.9'));
    expect(stranger.status).toBe(429);
    expect((await browser.send('POST', '/v1/session', right, from('192.0.2.9'))).status).toBe(201);
    await service.db.deleteFrom('sign_in_failure').execute();
  }, 60_000);

  it('ends a stream with its session, its key and its role', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const key = await alpha.keyFor(['read', 'moderate']);
      const app = createClient(service).app;
      const response = await app.request('/v1/events', { headers: { authorization: `Bearer ${key}` } });
      expect(response.status).toBe(200);
      const reader = response.body?.getReader();
      await reader?.read();
      const id = key.split('_')[1] ?? '';
      expect((await admin.call('DELETE', `/v1/keys/${id}`)).status).toBe(204);
      vi.advanceTimersByTime(2_000);
      let ended = false;
      while (!ended) ended = (await reader?.read())?.done ?? true;
      expect(ended).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('notes sign-ins, refusals, passwords and sign-outs in the audit log', async () => {
    const email = 'audited@news.example';
    const { id, browser } = await join('alpha', email);
    const stranger = createBrowserClient(service);
    await stranger.send('POST', '/v1/session', { email, password: 'wrong' }, from('192.0.2.4'));
    await browser.send('POST', '/v1/session', { email, password: PASSWORD }, from('192.0.2.4'));
    await browser.send('DELETE', '/v1/session', undefined, from('192.0.2.4'));
    const { items } = (
      await admin.get<{ items: { action: string; subject: string | null }[] }>('/v1/audit?limit=1000')
    ).body;
    const actions = items.filter(({ subject }) => subject === id).map(({ action }) => action);
    expect(actions).toEqual([
      'person.invite',
      'person.set-password',
      'session.refused',
      'session.create',
      'session.end',
    ]);
  });

  it('lets nobody make a comment cost more than its bound, whatever the patterns are', async () => {
    const trainer = createClient(service, await beta.keyFor(['read', 'moderate', 'train', 'submit']));
    const pattern = '(?:a?){450}b';
    const rule = { kind: 'pattern', pattern, disposition: 'hold' };
    const first = await trainer.post('/v1/rules', rule);
    expect(first.status, first.text).toBe(201);
    const statuses = [];
    for (let count = 0; count < 8; count++) statuses.push((await trainer.post('/v1/rules', rule)).status);
    expect(statuses.filter((status) => status === 201).length).toBeLessThan(3);
    expect(statuses.at(-1)).toBe(409);
    const long = await trainer.post<{ status: string; reasons: string[] }>(
      '/v1/comments',
      submission({ content: 'a'.repeat(65_000) }),
    );
    expect(long.body).toMatchObject({ status: 'hold' });
    expect(long.body.reasons).toContain('rules_failed');
    const short = await trainer.post<{ reasons: string[] }>(
      '/v1/comments',
      submission({ content: 'a b c aab' }),
    );
    expect(short.body.reasons.some((reason) => reason.startsWith('rule:'))).toBe(true);
  });

  it('counts for /metrics at most every ten seconds, and asks for the token where one is set', async () => {
    const count = async () =>
      (await createClient(service).get('/metrics')).text.match(/leave_a_reply_queue_depth (\d+)/)?.[1];
    service.clock.advance(11);
    const before = await count();
    await service.db.deleteFrom('queue_item').execute();
    expect(await count()).toBe(before);
    service.clock.advance(11);
    expect(await count()).toBe('0');
    const token = 'a-long-token-for-metrics';
    const closed = createClient({ ...service, config: { ...service.config, metricsToken: token } });
    expect((await closed.get('/metrics')).status).toBe(401);
    expect((await closed.as('a-long-token-for-metricz').get('/metrics')).status).toBe(401);
    expect((await closed.as(token).get('/metrics')).status).toBe(200);
  });
});
