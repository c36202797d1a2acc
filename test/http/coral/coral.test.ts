import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unlinkAddresses } from '../../../src/moderation/clients/coral-links.ts';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite } from '../../support/site.ts';

const SECRET = 'cqs_f8a1d2c3b4e5968778695a4b3c2d1e0f';
const NEXT_SECRET = 'cqs_00112233445566778899aabbccddeeff';
const HAM = 'Thank you, this explains the new bus timetable very well.';
const SPAM =
  'Buy cheap viagra casino pills http://a.example http://b.example http://c.example http://d.example free money!!!';

/** As Coral's guide to external moderation phases shows it. */
function requestOf(body: string, role = 'COMMENTER', action = 'NEW') {
  return JSON.stringify({
    action,
    comment: { body, parentID: null },
    author: { id: 'baf4e943-3594-4fcc-b2ba-3e8de7a76352', role },
    story: { id: '245b3856-b0a0-4d2f-a6bb-58c71f18d6a6', url: 'http://localhost:1313/posts/a-story-url/' },
    site: { id: 'a4bede88-2d2c-4424-bc18-4322a9e285a6' },
    tenantID: '19ba5794-7eeb-4d46-a81b-c00c61672501',
    tenantDomain: 'localhost',
  });
}

function sign(body: string, ...secrets: readonly string[]): string {
  return secrets
    .map((secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
    .join(',');
}

describe.each(DATABASES)("Coral's external moderation phase on %s", (kind) => {
  let service: TestService;
  let admin: Client;
  let path: string;
  beforeAll(async () => {
    service = await createTestService(kind);
    await createTestSite(service, 'daily', { banned_words: ['forbiddenword'] });
    admin = await createAdminClient(service);
    const connected = await admin.call<{ callback_url: string }>('PUT', '/v1/coral?site=daily', {
      body: { signing_secrets: [SECRET] },
    });
    expect(connected.status).toBe(200);
    path = new URL(connected.body.callback_url).pathname;
  });
  afterAll(() => service.close());

  const ask = (body: string, signature = sign(body, SECRET), at = path) =>
    createClient(service).call<{ status?: string; code?: string; actions?: unknown }>('POST', at, {
      body,
      headers: { 'content-type': 'application/json', 'x-coral-signature': signature },
    });

  test('has no opinion on a good comment, nor on what the house itself writes', async () => {
    expect((await ask(requestOf(HAM))).status).toBe(204);
    for (const role of ['STAFF', 'MODERATOR', 'ADMIN'])
      expect((await ask(requestOf(SPAM, role))).status).toBe(204);
  });

  test('holds what is doubtful and flags spam, on an edit as on a new comment', async () => {
    for (const action of ['NEW', 'EDIT']) {
      const { status, body } = await ask(requestOf(SPAM, 'COMMENTER', action));
      expect([status, body.status]).toEqual([200, expect.stringMatching(/^(PREMOD|SYSTEM_WITHHELD)$/)]);
      expect(body.actions).toEqual([{ actionType: 'FLAG', reason: 'COMMENT_DETECTED_SPAM' }]);
    }
    expect((await ask(requestOf('This is a forbiddenword here.'))).body.status).toBe('REJECTED');
  });

  test('judges a link that Coral has marked up as the address that the author wrote', async () => {
    const addresses = ['https://a.example/x', 'https://b.example/y?a=1&amp;b=2'];
    const anchors = addresses.map(
      (address) => `<a href="${address}" target="_blank" rel="noopener">${address}</a>`,
    );
    const [plain, html] = [addresses, anchors].map((links) =>
      requestOf(`${HAM} Sources: ${links.join(' and ')}`),
    );
    const told = async (body = '') => {
      const { status, body: answer } = await ask(body);
      return [status, answer];
    };
    expect(await told(html)).toEqual(await told(plain));
  });

  test('keeps nothing of what it was asked', async () => {
    await ask(requestOf('A canary sings in the mine tonight.'));
    await service.settled();
    const count = await sql<{ count: string }>`select count(*) from comment`.execute(service.db);
    expect(count.rows[0]?.count).toBe('0');
    expect(JSON.stringify(service.logged)).not.toContain('canary');
  });

  test('takes any of several signatures, and any of two secrets while Coral rotates', async () => {
    const body = requestOf(HAM);
    expect((await ask(body, sign(body, NEXT_SECRET, SECRET))).status).toBe(204);
    await admin.call('PUT', '/v1/coral?site=daily', { body: { signing_secrets: [NEXT_SECRET, SECRET] } });
    expect((await ask(body, sign(body, NEXT_SECRET))).status).toBe(204);
    expect((await ask(body)).status).toBe(204);
  });

  test('refuses what is not signed, wrongly signed, signed over other bytes or for another site', async () => {
    const body = requestOf(HAM);
    const other = await createTestSite(service, 'other');
    for (const [signature, at] of [
      ['', path],
      ['sha256=', path],
      [sign(body, 'another secret'), path],
      [sign(`${body} `, SECRET), path],
      [sign(body, SECRET).slice(0, -1), path],
      [sign(body, SECRET).replace('sha256', 'sha1'), path],
      [sign(body, 'none'), `/coral/${other.site.id}`],
      [sign(body, SECRET), `/coral/${other.site.id}`],
      [sign(body, SECRET), '/coral/00000000-0000-7000-8000-000000000000'],
      [sign(body, SECRET), '/coral/x'],
    ] as const) {
      const { status, body: problem } = await ask(body, signature, at);
      expect([signature, at, status, problem.code]).toEqual([signature, at, 401, 'unauthenticated']);
    }
  });

  test('names what is missing in a signed request', async () => {
    for (const [body, code] of [
      ['{', 'bad_json'],
      ['{"action":"NEW"}', 'invalid'],
    ] as const) {
      expect((await ask(body, sign(body, SECRET))).body.code).toBe(code);
    }
  });

  test('behind a proxy that is trusted, the callback URL is the one that the world sees', async () => {
    const connect = async (trustedProxies: number) => {
      const behind = { ...service, config: { ...service.config, trustedProxies } };
      const client = await createAdminClient(behind);
      const { body } = await client.call<{ callback_url: string }>('PUT', '/v1/coral?site=daily', {
        headers: { host: 'comments.example', 'x-forwarded-proto': 'https' },
        body: { signing_secrets: [SECRET] },
      });
      return new URL(body.callback_url).origin;
    };
    expect(await connect(1)).toBe('https://comments.example');
    expect(await connect(0)).toBe('http://comments.example');
  });

  test('the secrets are kept encrypted, and are good for nothing once disconnected', async () => {
    const { rows } = await sql<{ secrets: Uint8Array }>`select secrets from coral_connection`.execute(
      service.db,
    );
    expect(Buffer.from(rows[0]?.secrets ?? []).includes('cqs_')).toBe(false);
    expect((await admin.call('DELETE', '/v1/coral?site=daily')).status).toBe(204);
    expect((await admin.call('DELETE', '/v1/coral?site=daily')).status).toBe(404);
    expect((await ask(requestOf(HAM))).status).toBe(401);
  });
});

describe("Coral's links", () => {
  test.each([
    ['<a href="https://a.example/x">https://a.example/x</a>', 'https://a.example/x'],
    ["an <A title='t' HREF='http://a.example/' rel=nofollow>A.example</A>!", 'an A.example!'],
    ['<a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&b=2</a>', 'https://a.example/?a=1&b=2'],
    ['<a href=https://a.example/x>a.example/x</a>', 'a.example/x'],
  ])('whose text is their own address become it: %s', (html, text) => {
    expect(unlinkAddresses(html)).toBe(text);
  });

  test.each([
    '<a href="https://casino.example">https://a.example</a>',
    '<a href="https://a.example">click here</a>',
    '<a title=" href=https://a.example" href="https://casino.example">https://a.example</a>',
    '<a href="https://a.example"><b>https://a.example</b></a>',
    '<a name="x">x</a> <abbr href="a.example">a.example</abbr>',
  ])('stay when they say anything else: %s', (html) => {
    expect(unlinkAddresses(html)).toBe(html);
  });

  test('take no longer than their length when they are made to', () => {
    const size = 64 * 1024;
    for (const piece of [
      '<a ',
      '<a href=',
      '<a href="',
      '<a href=\'"',
      '<a >',
      '<a  ',
      '&#',
      '<a href=x>',
      '/',
      ' =',
    ]) {
      const started = performance.now();
      unlinkAddresses(`<a ${piece.repeat(size / piece.length)}`);
      unlinkAddresses(`<a href="${piece.replaceAll(/[<>"]/g, '').repeat(size / piece.length)}">x</a>`);
      expect([piece, performance.now() - started < 1000]).toEqual([piece, true]);
    }
  });
});
