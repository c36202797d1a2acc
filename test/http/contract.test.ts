import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemCatalogue } from '../../src/http/problem.ts';
import { SCOPES, type Scope } from '../../src/moderation/actor.ts';
import { type Client, createClient } from '../support/client.ts';
import { holdToContract } from '../support/contract.ts';
import { createTestService, type TestService } from '../support/databases.ts';
import { createAdminClient, createTestSite } from '../support/site.ts';

interface Operation {
  readonly summary?: string;
  readonly security?: readonly { readonly bearer?: readonly Scope[] }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Route extends Operation {
  readonly method: string;
  readonly path: string;
  readonly scope: Scope | undefined;
  readonly json: boolean;
}

interface Problem {
  readonly code: string;
  readonly status: number;
}

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** As the pages of the service send it; keys do not mind. */
const JSON_OF_OWN_PAGE = { 'content-type': 'application/json', origin: 'http://localhost' };

/** The path with an id that nothing has. */
function pathOf({ path }: Route): string {
  return path.replaceAll(/\{\w+\}/g, NOBODY);
}

/** What the document says a status means: its codes. */
function documented(route: Route, status: number): string {
  return route.responses[String(status)]?.description ?? '';
}

let service: TestService;
let nobody: Client;
let admin: Client;
let keyFor: (scopes: readonly Scope[]) => Promise<string>;
let routes: readonly Route[] = [];

beforeAll(async () => {
  service = await createTestService('pglite');
  nobody = holdToContract(createClient(service));
  admin = holdToContract(await createAdminClient(service));
  ({ keyFor } = await createTestSite(service, 'daily'));
  const { body } = await nobody.get<{ paths: Record<string, Record<string, Operation>> }>('/openapi.json');
  routes = Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
      scope: operation.security?.[0]?.bearer?.[0],
      json: 'application/json' in (operation.requestBody?.content ?? {}),
    })),
  );
});
afterAll(() => service.close());

/** Asks every route one thing, and that its answer is the problem that the document promises. */
async function askEach(
  some: (route: Route) => boolean,
  ask: (route: Route) => Promise<{ status: number; body: Problem }>,
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

  test('refuses a key that has every scope but the one it needs', async () => {
    const without = new Map<Scope, string>();
    for (const scope of SCOPES) {
      without.set(scope, await keyFor(SCOPES.filter((other) => other !== scope && other !== 'admin')));
    }
    await askEach(
      ({ scope }) => scope !== undefined,
      (route) => nobody.as(without.get(route.scope as Scope) ?? '').call(route.method, pathOf(route)),
      403,
      'forbidden',
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

test('every problem code stands in a test', () => {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('\n');
  const missing = Object.keys(problemCatalogue).filter((code) => !new RegExp(`\\b${code}\\b`).test(sources));
  expect(missing).toEqual([]);
});
