import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainUnknown, findSimilar } from '../../../src/http/routing/explain-issue.ts';
import { settingsSchema } from '../../../src/moderation/site/settings.ts';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, type TestService } from '../../support/databases.ts';
import { type DocumentedRoute, NOBODY, readDocumentedRoutes } from '../../support/documented-routes.ts';
import { createAdminClient, createTestSite } from '../../support/site.ts';

interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
}

const SETTINGS = Object.keys(settingsSchema.shape);

describe('a field that is not known', () => {
  test('is answered with the known one for every setting with a slip of the keyboard', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SETTINGS),
        fc.nat(),
        fc.constantFrom('swap', 'drop', 'double'),
        (name, seed, slip) => {
          const at = seed % (name.length - 1);
          const [before, a = '', b = '', rest] = [
            name.slice(0, at),
            name[at],
            name[at + 1],
            name.slice(at + 2),
          ];
          const written = {
            swap: before + b + a + rest,
            drop: before + b + rest,
            double: before + a + a + b + rest,
          }[slip];
          fc.pre(!SETTINGS.includes(written));
          expect(findSimilar(written, SETTINGS)).toBe(name);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ['name', 'author_name'],
    ['email', 'author_email'],
    ['authorName', 'author_name'],
    ['author-email', 'author_email'],
    ['text', 'content'],
    ['article', 'post'],
  ])('%s is taken for %s', (written, meant) => {
    const known = ['post', 'author_name', 'author_email', 'content', 'parent'];
    expect(explainUnknown(written, known)).toBe(`This field is not known: did you mean ${meant}?`);
  });

  test('is left out where nothing is similar, and site has its place', () => {
    expect(explainUnknown('colour', ['post', 'content'])).toBe('This field is not known: leave it out.');
    expect(explainUnknown('site', ['post', 'content'])).toBe(
      'Name the site in the query instead: ?site=SLUG.',
    );
  });
});

describe('the errors of every route with a body', () => {
  let service: TestService;
  let admin: Client;
  let routes: readonly DocumentedRoute[];
  beforeAll(async () => {
    service = await createTestService('pglite');
    await createTestSite(service, 'daily');
    admin = await createAdminClient(service);
    routes = (await readDocumentedRoutes(createClient(service))).filter(
      ({ json, path }) => json && path.startsWith('/v1/'),
    );
  });
  afterAll(() => service.close());

  /** Values of every JSON type for every field that any body has. */
  const WRONG: readonly unknown[] = [
    '',
    'x'.repeat(70_000),
    -1,
    1e15,
    0.5,
    true,
    null,
    [],
    [[]],
    {},
    { x: 1 },
  ];

  test('tell what to send in plain words, never in those of the library', async () => {
    const fields = [
      ...SETTINGS,
      'content',
      'post',
      'decision',
      'ids',
      'events',
      'scopes',
      'kind',
      'items',
      'role',
      'seconds',
    ];
    let seen = 0;
    for (const { method, path, name } of routes) {
      for (const value of WRONG) {
        const all = Object.fromEntries(fields.map((field) => [field, value]));
        for (const body of [JSON.stringify(value), JSON.stringify(all), JSON.stringify({ settings: all })]) {
          const answer = await admin.call<Problem>(method, path.replaceAll(/\{\w+\}/g, NOBODY), {
            headers: { 'content-type': 'application/json', origin: 'http://localhost' },
            body,
          });
          if (answer.status !== 422) continue;
          for (const { detail, pointer } of answer.body.errors ?? []) {
            seen++;
            expect([name, pointer, detail]).toEqual([
              name,
              pointer,
              expect.not.stringMatching(
                /^Invalid |: expected|, received |^Expected|Too (big|small)|Unrecognized|undefined/,
              ),
            ]);
          }
        }
      }
    }
    expect(seen).toBeGreaterThan(500);
  }, 240_000);

  test('show the form of a body for a list where an object is needed', async () => {
    const { body } = await admin.post<Problem>('/v1/comments/batch', [{ post: 'p' }]);
    expect(body.errors?.[0]?.detail).toBe('Send a JSON object such as {"comments": …}.');
  });
});
