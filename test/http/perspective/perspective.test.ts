import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '../../../src/moderation/actor.ts';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, type TestSite } from '../../support/site.ts';

interface Scored {
  readonly attributeScores: {
    readonly SPAM?: {
      readonly summaryScore: { readonly value: number; readonly type: string };
      readonly spanScores: readonly { readonly begin: number; readonly end: number }[];
    };
  };
  readonly clientToken?: string;
}
interface Failed {
  readonly error: { readonly code: number; readonly status: string; readonly message: string };
}

interface Discovery {
  readonly kind: string;
  readonly rootUrl: string;
  readonly servicePath: string;
  readonly schemas: Readonly<Record<string, unknown>>;
  readonly resources: {
    readonly comments: {
      readonly methods: Readonly<
        Record<
          string,
          {
            readonly httpMethod: string;
            readonly path: string;
            readonly request: { readonly $ref: string };
            readonly response: { readonly $ref: string };
          }
        >
      >;
    };
  };
}

const ANALYZE = '/v1alpha1/comments:analyze';
const SUGGEST = '/v1alpha1/comments:suggestscore';
const HAM = 'Thank you, this explains the new bus timetable very well. 🚌';
const SPAM = 'Buy cheap viagra casino pills http://a.example http://b.example free money click here!!!';

describe.each(DATABASES)('the shape of Perspective on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  let anybody: Client;
  let submitKey: string;
  beforeAll(async () => {
    service = await createTestService(kind);
    site = await createTestSite(service, 'daily');
    anybody = createClient(service);
    submitKey = await site.keyFor(['submit']);
  });
  afterAll(() => service.close());

  /** As Google's client and Coral send it: the key in the address. */
  const analyze = <T = Scored>(text: string, fields: Record<string, unknown> = {}, key = submitKey) =>
    anybody.post<T>(`${ANALYZE}?key=${key}`, {
      comment: { text },
      requestedAttributes: { SPAM: {} },
      doNotStore: true,
      ...fields,
    });

  test('scores SPAM as a probability with a span over the whole text', async () => {
    const ham = await analyze(HAM, { clientToken: 'a7', languages: ['en'], communityId: 'x' });
    const spam = await analyze(SPAM);
    expect(ham.status).toBe(200);
    expect(ham.body).toMatchObject({
      attributeScores: { SPAM: { summaryScore: { type: 'PROBABILITY' } } },
      languages: ['en'],
      clientToken: 'a7',
    });
    expect(ham.body.attributeScores.SPAM?.spanScores).toMatchObject([{ begin: 0, end: [...HAM].length }]);
    const [good, bad] = [ham, spam].map(({ body }) => body.attributeScores.SPAM?.summaryScore.value ?? -1);
    expect(good).toBeLessThan(0.5);
    expect(bad).toBeGreaterThan(0.5);
  });

  test("is described as Google's clients ask for it, and the description leads to where texts are scored", async () => {
    const { status, body } = await anybody.get<Discovery>('/$discovery/rest?version=v1alpha1', {
      headers: { host: 'comments.example' },
    });
    expect([status, body.kind, body.rootUrl]).toEqual([
      200,
      'discovery#restDescription',
      'http://comments.example/',
    ]);
    const { methods } = body.resources.comments;
    expect(Object.keys(methods)).toEqual(['analyze', 'suggestscore']);
    for (const { httpMethod, path, request, response } of Object.values(methods)) {
      const answer = await anybody.call<Failed>(httpMethod, `/${body.servicePath}${path}?key=wrong`, {
        body: {},
      });
      expect([path, answer.body.error.status]).toEqual([path, 'UNAUTHENTICATED']);
      for (const { $ref } of [request, response]) expect(body.schemas).toHaveProperty($ref);
    }
    const references = JSON.stringify(body).matchAll(/"\$ref":"(\w+)"/g);
    for (const [, name = ''] of references) expect(body.schemas).toHaveProperty(name);
    expect((await anybody.get('/$discovery/rest?version=v2')).status).toBe(404);
  });

  test('leaves out a score below the threshold that was asked for', async () => {
    const { body } = await analyze(HAM, { requestedAttributes: { SPAM: { scoreThreshold: 0.99 } } });
    expect(body.attributeScores).toEqual({});
  });

  test('keeps nothing of the text', async () => {
    await analyze('A canary sings in the mine tonight.');
    await service.settled();
    expect(await service.db.selectFrom('comment').select('id').execute()).toEqual([]);
    expect(JSON.stringify(service.logged)).not.toContain('canary');
    expect(JSON.stringify(service.logged)).not.toContain(submitKey);
  });

  test('invents no score: whoever asks for another attribute is told so', async () => {
    for (const requestedAttributes of [{ TOXICITY: {} }, { SPAM: {}, TOXICITY: {} }, {}]) {
      const { status, body } = await analyze<Failed>(HAM, { requestedAttributes });
      expect([status, body.error.code, body.error.status]).toEqual([400, 400, 'INVALID_ARGUMENT']);
      expect(body.error.message).toContain('SPAM');
    }
  });

  test("answers errors in Google's shape", async () => {
    const errors: [string, Promise<{ status: number; body: Failed }>, number, string][] = [
      ['an empty text', analyze<Failed>('  '), 400, 'INVALID_ARGUMENT'],
      ['a wrong key', analyze<Failed>(HAM, {}, 'wrong'), 401, 'UNAUTHENTICATED'],
      ['no key', anybody.post<Failed>(ANALYZE, {}), 401, 'UNAUTHENTICATED'],
      ['no JSON', anybody.post<Failed>(`${ANALYZE}?key=${submitKey}`, '{'), 400, 'INVALID_ARGUMENT'],
      ['another method', analyze<Failed>(HAM, {}, await site.keyFor(['read'])), 400, 'INVALID_ARGUMENT'],
    ];
    for (const [name, answer, status, word] of errors) {
      const { status: got, body } = await answer;
      expect([name, got, body.error.code, body.error.status]).toEqual([name, status, status, word]);
    }
  });

  test('a key in the address may have texts scored and do nothing else', async () => {
    for (const scopes of [['submit', 'read'], ['train'], ['admin']] satisfies Scope[][]) {
      const { status, body } = await analyze<Failed>(HAM, {}, await site.keyFor(scopes));
      expect([scopes, status, body.error.message]).toEqual([scopes, 400, expect.stringContaining('bearer')]);
    }
    const bearer = createClient(service, await site.keyFor(['submit', 'read']));
    const { status } = await bearer.post(ANALYZE, {
      comment: { text: HAM },
      requestedAttributes: { SPAM: {} },
    });
    expect(status).toBe(200);
  });

  test('a key that stands in a page learns no probability', async () => {
    const admin = await createAdminClient(service);
    const { body: made } = await admin.post<{ key: string }>('/v1/keys', {
      site: 'daily',
      scopes: ['submit'],
      allowed_origins: ['https://news.example'],
    });
    const { status, body } = await analyze<Failed>(HAM, {}, made.key);
    expect([status, body.error.status]).toEqual([403, 'PERMISSION_DENIED']);
  });

  test('a limit is told by 429 and RESOURCE_EXHAUSTED', async () => {
    const admin = await createAdminClient(service);
    const { body: made } = await admin.post<{ key: string }>('/v1/keys', {
      site: 'daily',
      scopes: ['submit'],
      rate_limit: 1,
    });
    await analyze(HAM, {}, made.key);
    const { status, headers, body } = await analyze<Failed>(HAM, {}, made.key);
    expect([status, headers.get('retry-after'), body.error.status]).toEqual([
      429,
      '60',
      'RESOURCE_EXHAUSTED',
    ]);
  });

  test('a suggested score becomes a sample, from a bearer with the scope train alone', async () => {
    const suggestion = (value: number, text: string) => ({
      comment: { text },
      attributeScores: { SPAM: { summaryScore: { value } } },
      clientToken: 'b8',
    });
    const trainer = createClient(service, await site.keyFor(['train']));
    const answer = await trainer.post(SUGGEST, suggestion(1, SPAM));
    expect([answer.status, answer.body]).toEqual([
      200,
      { requestedLanguages: [], detectedLanguages: [], clientToken: 'b8' },
    ]);
    await trainer.post(SUGGEST, suggestion(0, HAM));
    const samples = await service.db.selectFrom('sample').select(['content', 'label', 'source']).execute();
    expect(samples).toEqual(
      expect.arrayContaining([
        { content: SPAM, label: 'spam', source: 'perspective' },
        { content: HAM, label: 'ham', source: 'perspective' },
      ]),
    );
    const inAddress = await anybody.post<Failed>(`${SUGGEST}?key=${submitKey}`, suggestion(0, SPAM));
    expect(inAddress.status).toBe(400);
    const submitter = await createClient(service, submitKey).post<Failed>(SUGGEST, suggestion(0, SPAM));
    expect([submitter.status, submitter.body.error.status]).toEqual([403, 'PERMISSION_DENIED']);
    expect(await service.db.selectFrom('sample').select('id').execute()).toHaveLength(2);
  });
});
