import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProcessFigures } from '../../../src/node/process-figures.ts';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { readDocumentedRoutes } from '../../support/documented-routes.ts';
import { createAdminClient, createTestSite, submission } from '../../support/site.ts';

interface OpenApi {
  openapi: string;
  info: { description: string };
  paths: Record<string, Record<string, { responses: Record<string, unknown>; security: unknown[] }>>;
}

/** What anybody may ask. */
const OPEN = [
  'GET /feeds/{site}/comments.atom',
  'GET /livez',
  'GET /readyz',
  'GET /metrics',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/problems',
];

describe.each(DATABASES)('operations on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  test('it is alive, and ready with its database, migrations and filter', async () => {
    const client = createClient(service);
    expect((await client.get('/livez')).status).toBe(200);
    const ready = await client.get('/readyz');
    expect([ready.status, ready.body]).toEqual([
      200,
      { status: 'ready', database: 'ok', migrations: 'ok', model: 'ok' },
    ]);
  });

  test('without its database it is alive and not ready', async () => {
    const away = await createTestService(kind);
    const client = createClient(away);
    await away.close();
    expect((await client.get('/livez')).status).toBe(200);
    expect((await client.get('/readyz')).status).toBe(503);
  });

  test('metrics count comments, decisions and the queue in the Prometheus format', async () => {
    const { client } = await createTestSite(service, 'metered', { premoderate: true });
    await client.post('/v1/comments', submission());
    const { text, headers } = await client.get('/metrics');
    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(text).toMatch(/^leave_a_reply_queue_depth 1$/m);
    expect(text).toMatch(/^leave_a_reply_comments\{status="hold",verdict="\w+"\} 1$/m);
    expect(text).toMatch(
      /^leave_a_reply_http_requests_total\{method="POST",route="\/v1\/comments",status="201"\} \d+$/m,
    );
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) .+|(leave_a_reply|process|nodejs)_\w+(\{.*\})? -?[\d.e+-]+)$/);
    }
  });

  test('metrics have a histogram of durations whose buckets add up, jobs, webhook messages and the process', async () => {
    const { client, site } = await createTestSite(service, `measured-${kind}`);
    const admin = await createAdminClient(service);
    await client.get('/v1/comments?post=p');
    const training = await admin.post(`/v1/models`, { site: site.slug });
    expect(training.status).toBe(202);
    // The counts are at most ten seconds old.
    service.clock.advance(11);
    const withProcess = Object.freeze({ ...service, readProcess: createProcessFigures() });
    const { text } = await createClient(withProcess).get('/metrics');
    const name = 'leave_a_reply_http_request_duration_seconds';
    const labels = 'method="GET",route="/v1/comments"';
    const figureOf = (line: string) =>
      Number(
        text
          .split('\n')
          .find((one) => one.startsWith(line))
          ?.split(' ')[1],
      );
    const buckets = [
      ...text.matchAll(/duration_seconds_bucket\{method="GET",route="\/v1\/comments",le="([^"]+)"\} (\d+)/g),
    ];
    const counts = buckets.map(([, , count]) => Number(count));
    expect(counts.length).toBe(12);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(buckets.at(-1)?.slice(1)).toEqual(['+Inf', String(figureOf(`${name}_count{${labels}}`))]);
    expect(figureOf(`${name}_sum{${labels}}`)).toBeGreaterThanOrEqual(0);
    expect(text).toMatch(/^leave_a_reply_jobs\{kind="train",state="\w+"\} \d+$/m);
    expect(text).toMatch(/^# TYPE leave_a_reply_webhook_deliveries gauge$/m);
    expect(figureOf('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(figureOf('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  test('probes are logged at debug while they succeed', async () => {
    const client = createClient(service);
    const before = service.logged.length;
    for (const path of ['/livez', '/readyz', '/metrics']) expect((await client.get(path)).status).toBe(200);
    await client.get('/openapi.json');
    const levels = service.logged.slice(before).filter(({ event }) => event === 'request');
    expect(levels.map(({ level, route }) => [level, route])).toEqual([
      ['debug', '/livez'],
      ['debug', '/readyz'],
      ['debug', '/metrics'],
      ['info', '/openapi.json'],
    ]);
  });

  test('every answer has a request id, which the log has too, and security headers', async () => {
    const answer = await createClient(service).get<{ instance: string }>('/v1/queue');
    const requestId = answer.headers.get('x-request-id');
    expect(answer.body.instance).toBe(requestId);
    expect(service.logged.some((line) => line.requestId === requestId && line.status === 401)).toBe(true);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('the OpenAPI document has every route of the API with its problems', async () => {
    const { body } = await createClient(service).get<OpenApi>('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        'POST /v1/comments',
        'POST /v1/comments/batch',
        'GET /v1/comments',
        'GET /v1/comments/{id}',
        'PATCH /v1/comments/{id}',
        'DELETE /v1/comments/{id}',
        'GET /v1/comments/{id}/explanation',
        'GET /v1/queue',
        'POST /v1/queue/claims',
        'POST /v1/comments/{id}/decisions',
        'POST /v1/decisions',
        'POST /v1/decisions/{id}/undo',
        'POST /v1/samples',
        'POST /v1/models',
        'GET /v1/models',
        'GET /v1/models/{version}',
        'POST /v1/models/{version}/activate',
        'GET /v1/jobs/{id}',
        'POST /v1/sites',
        'POST /v1/keys',
        'GET /v1/audit',
        'GET /v1/stats',
        'POST /v1/session',
        'GET /v1/session',
        'DELETE /v1/session',
        'POST /v1/session/invitation',
        'GET /livez',
        'GET /readyz',
        'GET /metrics',
        'GET /openapi.json',
        'GET /docs',
      ]),
    );
    expect(Object.keys(body.paths['/v1/comments']?.post?.responses ?? {}).sort()).toEqual([
      '201',
      '400',
      '401',
      '403',
      '404',
      '408',
      '409',
      '413',
      '415',
      '422',
      '429',
      '431',
      '500',
      '503',
    ]);
  });

  test('what is answered beside the OpenAPI document stands in its description', async () => {
    const client = createClient(service);
    const { body } = await client.get<OpenApi>('/openapi.json');
    const named = [...body.info.description.matchAll(/`(\/[^`]*)`/g)].map(([, path]) => path ?? '');
    const patterns = [...Object.keys(body.paths), ...named].map(
      (path) => new RegExp(`^${path.replaceAll(/[.$]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    );
    const answered = client.app.routes
      .map(({ path }) => path.replace(/^(\/wp-json\/.+)\/$/, '$1'))
      .filter((path) => path !== '/*');
    expect(answered.length).toBeGreaterThan(Object.keys(body.paths).length);
    expect(answered.filter((path) => !patterns.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  test('every documented route refuses a call without a key, or without a session from another site, unless it is open', async () => {
    const client = createClient(service);
    const open: string[] = [];
    for (const route of await readDocumentedRoutes(client)) {
      const { method, path, name, scope, responses } = route;
      const forPages = scope === undefined && '403' in responses;
      if (scope === undefined && !forPages) {
        open.push(name);
        continue;
      }
      const { status } = await client.call(method, path.replaceAll(/\{\w+\}/g, 'x'), {
        ...(method === 'GET' ? {} : { body: {} }),
        ...(forPages ? { headers: { 'sec-fetch-site': 'cross-site' } } : {}),
      });
      expect([name, status]).toEqual([name, forPages ? 403 : 401]);
    }
    expect(open).toEqual(OPEN);
    await createTestSite(service, 'open-to-all', { feed: true });
    for (const name of OPEN) {
      const path = name.replace('GET ', '').replace('{site}', 'open-to-all');
      expect([name, (await client.get(path)).status]).toEqual([name, 200]);
    }
  });

  test('the API page and its files come from the service itself', async () => {
    const client = createClient(service);
    const page = await client.get('/docs');
    // What it loads: links in the page lead to other pages.
    const loaded = /<(?:script|link|img)[^>]*? (?:src|href)="([^"]+)"/g;
    const files = [...page.text.matchAll(loaded)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      expect(file).toMatch(/^\/assets\//);
      expect((await client.get(file)).status).toBe(200);
    }
    expect((await client.get('/docs/problems')).text).toContain('id="duplicate"');
    expect((await client.get('/assets/..%2fpackage.json')).status).toBe(404);
  });

  test('a path that leads nowhere is not found, never a fault of the service', async () => {
    const { client } = await createTestSite(service, 'paths');
    for (const path of [
      '//api',
      '/v1/%2e%2e/x',
      '/v1/comments/%00',
      '/v1/comments/%E0%A4',
      '/v1/comments/',
      '/v1/sites//',
      `/${'x'.repeat(8000)}`,
    ]) {
      expect([path.slice(0, 40), (await client.get(path)).status]).toEqual([path.slice(0, 40), 404]);
    }
  });
});
