import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemCatalogue } from '../../../src/http/routing/problem.ts';
import { createKey } from '../../../src/moderation/access/keys.ts';
import { type Actor, SCOPES, type Scope } from '../../../src/moderation/actor.ts';
import { type Client, createClient } from '../../support/client.ts';
import { holdToContract } from '../../support/contract.ts';
import { createTestService, type TestService } from '../../support/databases.ts';
import {
  askRoute,
  type DocumentedRoute,
  NOBODY,
  readDocumentedRoutes,
} from '../../support/documented-routes.ts';
import { createAdminClient, createTestSite } from '../../support/site.ts';

interface Problem {
  readonly code: string;
  readonly status: number;
}

const system: Actor = { kind: 'system', id: 'test', name: 'test', siteId: null, scopes: ['admin'] };

/** As the pages of the service send it; keys do not mind. */
const JSON_OF_OWN_PAGE = { 'content-type': 'application/json', origin: 'http://localhost' };

/** The path with an id that nothing has. */
function pathOf({ path }: DocumentedRoute): string {
  return path.replaceAll(/\{\w+\}/g, NOBODY);
}

/** What the document says a status means: its codes. */
function documented(route: DocumentedRoute, status: number): string {
  return route.responses[String(status)]?.description ?? '';
}

let service: TestService;
let nobody: Client;
let admin: Client;
/** Of a page at https://news.example, and one that may ask once. */
let pageKey: string;
let onceKey: string;
let keyFor: (scopes: readonly Scope[]) => Promise<string>;
let routes: readonly DocumentedRoute[] = [];

beforeAll(async () => {
  service = await createTestService('pglite');
  nobody = createClient(service);
  admin = await createAdminClient(service);
  const { site, keyFor: makeKey } = await createTestSite(service, 'daily');
  keyFor = makeKey;
  await createTestSite(service, 'weekly');
  const readerKey = { siteId: site.id, name: 'page', scopes: ['read'] as const };
  pageKey = (await createKey(service, system, { ...readerKey, allowedOrigins: ['https://news.example'] }))
    .key;
  onceKey = (await createKey(service, system, { ...readerKey, rateLimit: 1 })).key;
  routes = await readDocumentedRoutes(nobody);
});
afterAll(() => service.close());

/** Asks every route one thing, and that its answer is the problem that the document promises. */
async function askEach(
  some: (route: DocumentedRoute) => boolean,
  ask: (route: DocumentedRoute) => Promise<{ status: number; body: Problem }>,
  status: number,
  code: string,
): Promise<void> {
  const asked = routes.filter(some);
  expect(asked.length).toBeGreaterThan(3);
  for (const route of asked) {
    const answer = await ask(route);
    const name = `${route.method} ${route.path}`;
    expect([name, answer.status, answer.body?.code]).toEqual([name, status, code]);
    expect([name, documented(route, status)]).toEqual([name, expect.stringContaining(`\`${code}\``)]);
  }
}

describe('every route of the OpenAPI document', () => {
  test('says what it does, who may call it and how it fails', () => {
    for (const route of routes) {
      const name = `${route.method} ${route.path}`;
      expect([name, route.summary]).toEqual([name, expect.stringMatching(/\S{3}/)]);
      expect([name, Object.keys(route.responses).some((status) => status.startsWith('2'))]).toEqual([
        name,
        true,
      ]);
    }
  });

  test('refuses a caller without a key', async () => {
    await askEach(
      ({ scope }) => scope !== undefined,
      (route) => nobody.call(route.method, pathOf(route)),
      401,
      'unauthenticated',
    );
  });

  test('refuses a key that is made up, like one that is missing', async () => {
    await askEach(
      ({ scope }) => scope !== undefined,
      (route) => nobody.as('lar_0000000000000000_made-up').call(route.method, pathOf(route)),
      401,
      'unauthenticated',
    );
  });

  test('refuses a key that has every scope but those it takes', async () => {
    const made = new Map<string, Promise<string>>();
    const keyWithout = (scopes: readonly Scope[]): Promise<string> => {
      const others = SCOPES.filter((scope) => !scopes.includes(scope) && scope !== 'admin');
      const key = made.get(others.join()) ?? keyFor(others);
      made.set(others.join(), key);
      return key;
    };
    await askEach(
      ({ scope }) => scope !== undefined,
      async (route) => await nobody.as(await keyWithout(route.scopes)).call(route.method, pathOf(route)),
      403,
      'forbidden',
    );
  });

  test('refuses a key in the address', async () => {
    await askEach(
      ({ scope }) => scope !== undefined,
      (route) => nobody.call(route.method, `${pathOf(route)}?key=lar_x`),
      400,
      'key_in_query',
    );
  });

  test('refuses the key of a page from another origin', async () => {
    const headers = { origin: 'https://evil.example' };
    await askEach(
      ({ scope }) => scope !== undefined,
      (route) => nobody.as(pageKey).call(route.method, pathOf(route), { headers }),
      403,
      'origin_not_allowed',
    );
  });

  test("refuses a browser's session from another site, and one that is over", async () => {
    const cookie = 'leave-a-reply=over';
    await askEach(
      ({ security }) => security.some(({ session }) => session),
      (route) =>
        nobody.call(route.method, pathOf(route), { headers: { cookie, 'sec-fetch-site': 'cross-site' } }),
      403,
      'cross_site',
    );
    await askEach(
      ({ security }) => security.some(({ session }) => session),
      (route) => nobody.call(route.method, pathOf(route), { headers: { ...JSON_OF_OWN_PAGE, cookie } }),
      401,
      'unauthenticated',
    );
  });

  test('refuses a key that asks too often', async () => {
    await nobody.as(onceKey).get('/v1/sites');
    await askEach(
      ({ scope }) => scope !== undefined,
      (route) => nobody.as(onceKey).call(route.method, pathOf(route)),
      429,
      'rate_limited',
    );
  });

  test('of a site asks a key that is good for several which one', async () => {
    await askEach(
      ({ ofSite }) => ofSite,
      (route) => askRoute(admin, route, pathOf(route)),
      422,
      'site_required',
    );
  });

  test('of a site finds none that is not there', async () => {
    await askEach(
      ({ ofSite }) => ofSite,
      (route) => askRoute(admin, route, pathOf(route), 'site=nobody'),
      404,
      'not_found',
    );
  });

  test("of a site finds none but the key's own", async () => {
    const daily = nobody.as(await keyFor(SCOPES));
    await askEach(
      ({ ofSite }) => ofSite,
      (route) => askRoute(daily, route, pathOf(route), 'site=weekly'),
      404,
      'not_found',
    );
  });

  test('with a body refuses one that is no JSON', async () => {
    await askEach(
      ({ json }) => json,
      (route) =>
        admin.call(route.method, `${pathOf(route)}?site=daily`, {
          body: '{"post":',
          headers: JSON_OF_OWN_PAGE,
        }),
      400,
      'bad_json',
    );
  });

  test('whose body is all optional can do without one, whatever its type is called', async () => {
    const optional: string[] = [];
    const required: string[] = [];
    for (const route of routes.filter(({ json, scope }) => json && scope !== undefined)) {
      for (const headers of [{}, { 'content-type': 'text/plain;charset=UTF-8' }, JSON_OF_OWN_PAGE]) {
        const path = `${pathOf(route)}?site=daily`;
        const { body } = await admin.call<Problem>(route.method, path, { body: '', headers });
        const refused = /^(bad_json|unsupported_media_type)$/.test(body?.code ?? '');
        (refused ? required : optional).push(`${route.method} ${route.path}`);
      }
    }
    expect(required.filter((route) => optional.includes(route))).toEqual([]);
    for (const path of ['/v1/models', '/v1/models/{version}/activate']) {
      expect(optional).toContain(`POST ${path}`);
    }
    expect(required).toContain('POST /v1/comments');
  });

  test('with a body refuses bytes that are no UTF-8', async () => {
    await askEach(
      ({ json }) => json,
      (route) =>
        admin.call(route.method, `${pathOf(route)}?site=daily`, {
          body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
          headers: JSON_OF_OWN_PAGE,
        }),
      400,
      'bad_utf8',
    );
  });

  test('with a body refuses another media type', async () => {
    await askEach(
      // For a page's route it is no page's call.
      ({ json, scope }) => json && scope !== undefined,
      (route) =>
        admin.call(route.method, `${pathOf(route)}?site=daily`, {
          body: '<a/>',
          headers: { 'content-type': 'text/xml' },
        }),
      415,
      'unsupported_media_type',
    );
  });

  test('with a body refuses a compressed one', async () => {
    await askEach(
      ({ json }) => json,
      (route) =>
        admin.call(route.method, `${pathOf(route)}?site=daily`, {
          body: '{}',
          headers: { ...JSON_OF_OWN_PAGE, 'content-encoding': 'gzip' },
        }),
      415,
      'unsupported_encoding',
    );
  });

  test('with a body names a field that it does not know', async () => {
    for (const route of routes.filter(({ json }) => json)) {
      const { status, body } = await admin.call<{ code: string; errors?: readonly { pointer: string }[] }>(
        route.method,
        `${pathOf(route)}?site=daily`,
        { body: { shoe_size: 43 }, headers: JSON_OF_OWN_PAGE },
      );
      const name = `${route.method} ${route.path}`;
      expect([name, status, body.code]).toEqual([name, 422, 'invalid']);
      expect([name, body.errors?.some(({ pointer }) => pointer.includes('shoe_size'))]).toEqual([name, true]);
    }
  });

  test.each([['null'], ['[]'], ['"text"'], ['1'], ['[[[[[[[[[[]]]]]]]]]]']])(
    'with a body refuses %s in its place',
    async (body) => {
      await askEach(
        ({ json }) => json,
        (route) =>
          admin.call(route.method, `${pathOf(route)}?site=daily`, {
            body,
            headers: JSON_OF_OWN_PAGE,
          }),
        422,
        'invalid',
      );
    },
  );

  test('with a body refuses one that is too large before it is read', async () => {
    await askEach(
      ({ json }) => json,
      (route) =>
        admin.call(route.method, `${pathOf(route)}?site=daily`, {
          body: `{"a":"${'x'.repeat(64 * 1024 * 1024)}"}`,
          headers: JSON_OF_OWN_PAGE,
        }),
      413,
      'body_too_large',
    );
  });

  test('does not take names that objects inherit for fields, and is not changed by them', async () => {
    for (const route of routes.filter(({ json }) => json)) {
      for (const field of ['__proto__', 'constructor', 'prototype']) {
        const { status } = await admin.call(route.method, `${pathOf(route)}?site=daily`, {
          body: `{"${field}":{"admin":true}}`,
          headers: JSON_OF_OWN_PAGE,
        });
        expect([route.path, field, status]).toEqual([route.path, field, 422]);
      }
    }
    expect('admin' in {}).toBe(false);
  });

  test('finds nothing under an id that nothing has, nor under what cannot be an id', async () => {
    const scopes = await keyFor(SCOPES.filter((scope) => scope !== 'admin'));
    const reading = routes.filter(
      ({ path, method, scope }) => path.includes('{id}') && method === 'GET' && scope !== 'admin',
    );
    expect(reading.length).toBeGreaterThan(2);
    for (const route of reading) {
      for (const id of [NOBODY, 'x', '..%2f..%2fetc', '%00', '1e9', '"; drop table comment;--']) {
        const { status } = await nobody
          .as(scopes)
          .call('GET', route.path.replaceAll(/\{\w+\}/g, encodeURI(id)));
        expect([route.path, id, status]).toEqual([route.path, id, 404]);
      }
    }
  });

  test('names the methods it takes when it is asked by another', async () => {
    for (const path of new Set(routes.map((route) => pathOf(route)))) {
      const methods = routes.filter((route) => pathOf(route) === path).map(({ method }) => method);
      if (methods.includes('PUT')) continue;
      const { status, body, headers } = await admin.call<Problem>('PUT', path);
      expect([path, status, body.code]).toEqual([path, 405, 'method_not_allowed']);
      expect(headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(methods));
    }
  });
});

const ALIVE = {
  method: 'GET',
  path: '/livez',
  status: 200,
  contentType: 'application/json',
  text: '{"status":"alive"}',
};
const DUPLICATE = {
  type: '/docs/problems#duplicate',
  title: 'Duplicate comment',
  status: 503,
  code: 'duplicate',
  detail: 'It is there.',
  instance: '1',
};

test.each([
  ['another status', { status: 201 }],
  ['another method', { method: 'POST' }],
  ['another media type', { contentType: 'text/plain' }],
  ['another value', { text: '{"status":"dead"}' }],
  ['a property less', { text: '{}' }],
  ['a property more', { text: '{"status":"alive","mood":"good"}' }],
  [
    "a problem of another route's",
    { status: 503, contentType: 'application/problem+json', text: JSON.stringify(DUPLICATE) },
  ],
])('an answer with %s than documented fails the test that gets it', (_, change) => {
  expect(() => holdToContract(nobody.app, ALIVE)).not.toThrow();
  expect(() => holdToContract(nobody.app, { ...ALIVE, ...change })).toThrow('/livez → ');
});

test('every problem code stands in a test', () => {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('\n');
  const missing = Object.keys(problemCatalogue).filter((code) => !new RegExp(`\\b${code}\\b`).test(sources));
  expect(missing).toEqual([]);
});
