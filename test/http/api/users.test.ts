import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PseudonymKey } from '../../../src/config.ts';
import { seeToTime } from '../../../src/moderation/background/maintenance.ts';
import { type BrowserClient, createBrowserClient, ORIGIN } from '../../support/browser-client.ts';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission } from '../../support/site.ts';

const PASSWORD = 'correct horse battery staple';
let people = 0;

describe.each(DATABASES)('people on %s', (kind) => {
  let service: TestService;
  // Each attempt hashes a password: what comes at once is tried where it really does.
  const together = test.runIf(kind === 'postgres');
  let admin: Client;
  beforeAll(async () => {
    service = await createTestService(kind);
    admin = await createAdminClient(service);
  });
  afterAll(() => service.close());

  /** An invited person: who they are, the token of their link, and a browser. */
  async function invite(site: string, role = 'moderator', more: Record<string, unknown> = {}) {
    people += 1;
    const email = `person${people}@news.example`;
    const { status, body } = await admin.post<{ id: string; invitation: { url: string } }>(
      `/v1/users?site=${site}`,
      { name: `Person ${people}`, email, role, ...more },
    );
    expect(status).toBe(201);
    const token = body.invitation.url.split('#')[1] ?? '';
    return { id: body.id, email, token, browser: createBrowserClient(service) };
  }

  async function join(site: string, role?: string, more?: Record<string, unknown>) {
    const person = await invite(site, role, more);
    const { token, browser } = person;
    const accepted = await browser.send('POST', '/v1/session/invitation', { token, password: PASSWORD });
    expect(accepted.status).toBe(201);
    return person;
  }

  const signIn = (browser: BrowserClient, email: string, password: string, headers = {}) =>
    browser.send<{ code?: string; detail?: string }>('POST', '/v1/session', { email, password }, headers);

  test('an invitation works once, sets the password and signs in', async () => {
    await createTestSite(service, 'invited');
    const { token, email, browser } = await invite('invited');
    const short = await browser.send('POST', '/v1/session/invitation', { token, password: 'short' });
    expect([short.status, short.body.code]).toEqual([422, 'invalid_value']);
    expect((await browser.send('POST', '/v1/session/invitation', { token, password: PASSWORD })).status).toBe(
      201,
    );
    const again = await browser.send('POST', '/v1/session/invitation', { token, password: PASSWORD });
    expect([again.status, again.body.code]).toEqual([410, 'invitation_over']);
    const me = await browser.send<{ role: string; sites: unknown }>('GET', '/v1/session');
    expect(me.body).toMatchObject({ role: 'moderator', sites: [{ slug: 'invited', name: 'invited' }] });
    const elsewhere = createBrowserClient(service);
    expect((await signIn(elsewhere, email.toUpperCase(), PASSWORD)).status).toBe(201);
    expect(elsewhere.cookie()).not.toBe(browser.cookie());
  });

  test('an invitation ends after a week, and another one can be made', async () => {
    await createTestSite(service, 'late');
    const { id, token, browser } = await invite('late');
    service.clock.advance(7 * 86_400 + 1);
    const late = await browser.send('POST', '/v1/session/invitation', { token, password: PASSWORD });
    expect(late.body.code).toBe('invitation_over');
    const { url } = (await admin.post<{ url: string }>(`/v1/users/${id}/invitations`)).body;
    const fresh = url.split('#')[1] ?? '';
    expect(
      (await browser.send('POST', '/v1/session/invitation', { token: fresh, password: PASSWORD })).status,
    ).toBe(201);
  });

  test('the cookie is bound to the host, hidden from scripts and never sent by other sites', async () => {
    await createTestSite(service, 'cookie');
    const { token, browser } = await invite('cookie');
    const { headers } = await browser.send('POST', '/v1/session/invitation', { token, password: PASSWORD });
    expect(headers.getSetCookie()[0]).toMatch(
      /^__Host-leave-a-reply=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  test('on http there is a session on this machine alone', async () => {
    await createTestSite(service, 'plain');
    const { token } = await invite('plain');
    const away = createBrowserClient(service, 'http://service.example');
    const refused = await away.send('POST', '/v1/session/invitation', { token, password: PASSWORD });
    expect([refused.status, refused.body.code]).toEqual([403, 'insecure']);
    const again = await invite('plain');
    const here = createBrowserClient(service, 'http://127.0.0.1:8787');
    const { headers } = await here.send('POST', '/v1/session/invitation', {
      token: again.token,
      password: PASSWORD,
    });
    expect(headers.getSetCookie()[0]).toMatch(
      /^leave-a-reply=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test('a wrong password, an unknown address and one that never joined are refused alike', async () => {
    await createTestSite(service, 'alike');
    const { email } = await join('alike');
    const invited = await invite('alike');
    const browser = createBrowserClient(service);
    const answers = [
      await signIn(browser, email, 'not the password'),
      await signIn(browser, 'nobody@news.example', PASSWORD),
      await signIn(browser, invited.email, PASSWORD),
      await signIn(browser, 'no address', PASSWORD),
    ];
    expect(answers[0]?.body.code).toBe('wrong_password');
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(answers.map(({ body }) => `${body.code} ${body.detail}`)).size).toBe(1);
    expect(browser.cookie()).toBe('');
  });

  test('ten failures close an account for a quarter of an hour, to the right password, too', async () => {
    await createTestSite(service, 'throttled');
    const { email } = await join('throttled');
    const browser = createBrowserClient(service);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await signIn(browser, email, 'not the password')).status).toBe(401);
    }
    const closed = await signIn(browser, email, PASSWORD);
    expect([closed.status, closed.body.code]).toEqual([429, 'too_many_failures']);
    service.clock.advance(15 * 60 + 1);
    expect((await signIn(browser, email, PASSWORD)).status).toBe(201);
  });

  test('failures are forgotten when their quarter of an hour is over', async () => {
    const browser = createBrowserClient(service);
    await signIn(browser, 'nobody@news.example', PASSWORD);
    const count = async () => (await service.db.selectFrom('sign_in_failure').selectAll().execute()).length;
    expect(await count()).toBeGreaterThan(0);
    service.clock.advance(15 * 60);
    await seeToTime(service);
    expect(await count()).toBe(0);
  });

  test('who signs in while a new pseudonym key is there can do so without the old one', async () => {
    await createTestSite(service, 'rotating');
    const { email } = await join('rotating');
    const fresh = { kid: 't2', key: new Uint8Array(32).map((_, at) => at * 7) };
    const under = (pseudonymKeys: PseudonymKey[]) =>
      createBrowserClient({ ...service, config: { ...service.config, pseudonymKeys } });
    const both = [fresh, ...service.config.pseudonymKeys];
    expect((await signIn(under([fresh]), email, PASSWORD)).status).toBe(401);
    expect((await signIn(under(both), email, PASSWORD)).status).toBe(201);
    expect((await signIn(under([fresh]), email, PASSWORD)).status).toBe(201);
  });

  const from = (address: string) => ({ 'cf-connecting-ip': address });
  const count = (answers: readonly { status: number }[], status: number) =>
    answers.filter((answer) => answer.status === status).length;

  together(
    'of a hundred guesses at once no more are tried than of a hundred one after the other',
    async () => {
      await createTestSite(service, 'parallel');
      const { email } = await join('parallel');
      const guesses = Array.from({ length: 100 }, (_, n) =>
        signIn(
          createBrowserClient(service),
          email,
          n === 99 ? PASSWORD : `guess number ${n}`,
          from('192.0.2.1'),
        ),
      );
      const answers = await Promise.all(guesses);
      expect([count(answers, 401), count(answers, 429)]).toEqual([10, 90]);
    },
  );

  together('fifty failures close an address, also of unknown accounts, and no other address', async () => {
    await createTestSite(service, 'address');
    const { email } = await join('address');
    const browser = createBrowserClient(service);
    const guesses = Array.from({ length: 60 }, (_, n) =>
      signIn(browser, `nobody${n}@news.example`, 'not the password', from('192.0.2.2')),
    );
    const answers = await Promise.all(guesses);
    expect([count(answers, 401), count(answers, 429)]).toEqual([50, 10]);
    expect((await signIn(browser, email, PASSWORD, from('192.0.2.2'))).status).toBe(429);
    expect((await signIn(browser, email, PASSWORD, from('192.0.2.3'))).status).toBe(201);
    service.clock.advance(15 * 60 + 1);
    expect((await signIn(browser, email, PASSWORD, from('192.0.2.2'))).status).toBe(201);
  });

  // 51 passwords take half a minute: on one database.
  test.runIf(kind === 'pglite')(
    'who signs in often does not close their own address',
    async () => {
      await createTestSite(service, 'often');
      const { email } = await join('often');
      const browser = createBrowserClient(service);
      for (let turn = 0; turn < 51; turn += 1) {
        expect((await signIn(browser, email, PASSWORD, from('192.0.2.4'))).status).toBe(201);
      }
    },
    240_000,
  );

  together(
    'an unknown invitation is refused before a password is hashed, and fifty close the address',
    async () => {
      await createTestSite(service, 'guessed');
      const { token } = await invite('guessed');
      const take = (guess: string, address: string) =>
        createBrowserClient(service).send(
          'POST',
          '/v1/session/invitation',
          { token: guess, password: PASSWORD },
          from(address),
        );
      const hashes = vi.spyOn(service, 'random');
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, n) => take(`guess${n}`.padEnd(43, 'A'), '192.0.2.5')),
      );
      expect([count(answers, 410), count(answers, 429)]).toEqual([50, 10]);
      // A hash begins with its salt.
      expect(hashes).not.toHaveBeenCalledWith(16);
      expect((await take(token, '192.0.2.5')).status).toBe(429);
      expect((await take(token, '192.0.2.6')).status).toBe(201);
      expect(hashes).toHaveBeenCalledWith(16);
      hashes.mockRestore();
    },
  );

  test('a changed role is in force at once, in the sessions there are', async () => {
    await createTestSite(service, 'promoted');
    const { id, browser } = await join('promoted');
    const mayInvite = async () => (await browser.send('GET', '/v1/users')).status;
    expect(await mayInvite()).toBe(403);
    expect((await admin.call('PATCH', `/v1/users/${id}`, { body: { role: 'admin' } })).status).toBe(200);
    expect(await mayInvite()).toBe(200);
    const me = await browser.send<{ role: string }>('GET', '/v1/session');
    expect(me.body.role).toBe('admin');
    expect((await admin.call('PATCH', `/v1/users/${id}`, { body: { role: 'senior' } })).status).toBe(200);
    expect(await mayInvite()).toBe(403);
  });

  test('nobody gives up the own role or account by a slip, and the own name is free', async () => {
    await createTestSite(service, 'slips');
    const { id, browser } = await join('slips');
    await admin.call('PATCH', `/v1/users/${id}`, { body: { role: 'admin' } });
    const change = async (body: object) => (await browser.send('PATCH', `/v1/users/${id}`, body)).status;
    expect(await change({ role: 'moderator' })).toBe(409);
    expect(await change({ disabled: true })).toBe(409);
    expect(await change({ role: 'admin', name: 'Bea' })).toBe(200);
  });

  test('a session ends by signing out, by half a day of silence, and after thirty days', async () => {
    await createTestSite(service, 'sessions');
    const { email, browser } = await join('sessions');
    expect((await browser.send('DELETE', '/v1/session')).status).toBe(204);
    expect((await browser.send('GET', '/v1/session')).status).toBe(401);
    await signIn(browser, email, PASSWORD);
    service.clock.advance(12 * 3600 + 1);
    expect((await browser.send('GET', '/v1/session')).status).toBe(401);
    expect(browser.cookie()).toBe('');
    await signIn(browser, email, PASSWORD);
    for (let hours = 0; hours < 30 * 24; hours += 10) {
      expect((await browser.send('GET', '/v1/session')).status).toBe(200);
      await service.settled();
      service.clock.advance(10 * 3600);
    }
    expect((await browser.send('GET', '/v1/session')).status).toBe(401);
  });

  test('signing out everywhere ends the other sessions, too', async () => {
    await createTestSite(service, 'everywhere');
    const { email, browser } = await join('everywhere');
    const phone = createBrowserClient(service);
    await signIn(phone, email, PASSWORD);
    await browser.send('DELETE', '/v1/session?everywhere=true');
    expect((await phone.send('GET', '/v1/session')).status).toBe(401);
  });

  test('one who is disabled is signed out at once and cannot come back', async () => {
    await createTestSite(service, 'disabled');
    const { id, email, browser } = await join('disabled');
    expect((await admin.call('PATCH', `/v1/users/${id}`, { body: { disabled: true } })).status).toBe(200);
    expect((await browser.send('GET', '/v1/queue')).status).toBe(401);
    expect((await signIn(browser, email, PASSWORD)).status).toBe(401);
  });

  test('a moderator sees and decides the queue of the own site alone, and decisions carry the name', async () => {
    const { client } = await createTestSite(service, 'own', { premoderate: true });
    await createTestSite(service, 'foreign');
    const { id } = (await client.post<{ id: string }>('/v1/comments', submission())).body;
    const { browser, id: personId } = await join('own');
    const queue = await browser.send<{ items: { id: string }[] }>('GET', '/v1/queue');
    expect(queue.body.items.map((item) => item.id)).toEqual([id]);
    expect((await browser.send('GET', '/v1/queue?site=foreign')).status).toBe(404);
    for (const [method, path, body] of [
      ['GET', '/v1/users', undefined],
      ['POST', '/v1/models', {}],
      ['GET', '/v1/audit', undefined],
      ['POST', '/v1/keys', { scopes: ['admin'] }],
    ] as const) {
      expect([path, (await browser.send(method, path, body)).status]).toEqual([path, 403]);
    }
    expect((await browser.send('POST', `/v1/comments/${id}/decisions`, { decision: 'approve' })).status).toBe(
      200,
    );
    const row = await service.db
      .selectFrom('decision')
      .select(['actor', 'actor_name'])
      .where('comment_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ actor: `user:${personId}`, actor_name: expect.stringMatching(/^Person \d+$/) });
  });

  test('an admin of a site trains and invites there, and nowhere else', async () => {
    await createTestSite(service, 'led');
    await createTestSite(service, 'not-led');
    const { browser } = await join('led', 'admin');
    const stranger = await invite('not-led');
    const invited = await browser.send('POST', '/v1/users', { name: 'New', email: 'new@news.example' });
    expect(invited.status).toBe(201);
    const { items } = (await browser.send<{ items: unknown[] }>('GET', '/v1/users')).body;
    expect(items).toHaveLength(2);
    expect(JSON.stringify(items)).not.toContain('new@news.example');
    expect((await browser.send('PATCH', `/v1/users/${stranger.id}`, { disabled: true })).status).toBe(404);
    const everywhere = await browser.send('POST', '/v1/users', {
      name: 'All',
      email: 'all@news.example',
      all_sites: true,
    });
    expect([everywhere.status, everywhere.body.code]).toEqual([403, 'forbidden']);
    const twice = await browser.send('POST', '/v1/users', { name: 'New', email: ' NEW@news.example' });
    expect([twice.status, twice.body.code]).toEqual([409, 'conflict']);
  });

  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another site by its own word', { 'sec-fetch-site': 'cross-site' }],
    ['a sub-domain beside it', { 'sec-fetch-site': 'same-site', origin: 'https://blog.service.example' }],
    ['no origin at all', { origin: '' }],
    ['an opaque origin', { origin: 'null' }],
    ['a form', { 'content-type': 'text/plain' }],
  ])('a change that comes from %s is refused, whatever the cookie', async (name, headers) => {
    const slug = `csrf-${name.replaceAll(/\W/g, '-')}`.slice(0, 60);
    const { client } = await createTestSite(service, slug, { premoderate: true });
    const { id } = (await client.post<{ id: string }>('/v1/comments', submission())).body;
    const { browser } = await join(slug);
    const refused = await browser.send('POST', `/v1/comments/${id}/decisions`, { decision: 'spam' }, headers);
    expect([refused.status, refused.body.code]).toEqual([403, 'cross_site']);
    const signedIn = await browser.send(
      'POST',
      '/v1/session',
      { email: 'a@b.example', password: 'x' },
      headers,
    );
    expect([signedIn.status, signedIn.body.code]).toEqual([403, 'cross_site']);
  });

  test('neither the address nor the password nor a token is stored or logged', async () => {
    await createTestSite(service, 'secret');
    const { email, token, browser } = await join('secret');
    const session = browser.cookie().split('=')[1] ?? '';
    const tables = await Promise.all(
      (['person', 'invitation', 'session', 'sign_in_failure', 'audit'] as const).map((table) =>
        service.db.selectFrom(table).selectAll().execute(),
      ),
    );
    const everything = JSON.stringify([tables, service.logged]);
    for (const secret of [email, token, PASSWORD, session]) expect(everything).not.toContain(secret);
    expect(everything).toContain('scrypt$16384$8$5$');
  });

  test('a forged, oversized or repeated cookie is no session', async () => {
    const browser = createBrowserClient(service);
    for (const value of ['x', 'A'.repeat(43), 'A'.repeat(100_000), '%00', "' or 1=1 --"]) {
      const { status } = await browser.send('GET', '/v1/queue', undefined, {
        cookie: `__Host-leave-a-reply=${encodeURIComponent(value)}`,
      });
      expect(status).toBe(401);
    }
    expect(ORIGIN).toContain('https');
  });
});
