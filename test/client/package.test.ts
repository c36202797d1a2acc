/** The client as a site gets it: from the tarball, in Node, in a browser and in workerd. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, startBrowser } from '../support/browser.ts';
import { buildPackage } from '../support/built-package.ts';
import { createTestService, type TestService } from '../support/databases.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { createWorkshop } from '../support/service-process.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../support/site.ts';

type Module = typeof import('../../src/client/index.ts');

const root = fileURLToPath(new URL('../..', import.meta.url));
const workshop = createWorkshop();
let folder: string;
let client: Module;
let service: TestService;
let site: TestSite;
let app: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  folder = workshop.folder();
  execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--pack-destination', folder, join(buildPackage(), 'dist/client')],
    {
      stdio: 'ignore',
    },
  );
  const [tarball = ''] = readdirSync(folder);
  const installed = join(folder, 'node_modules/leave-a-reply-client');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1']);
  writeFileSync(join(folder, 'load.mjs'), "export * from 'leave-a-reply-client';\n");
  client = await import(join(folder, 'load.mjs'));
  service = await createTestService('pglite');
  site = await createTestSite(service, 'daily');
  app = await listen(service);
});
afterAll(async () => {
  await app?.close();
  await service?.close();
  await workshop.clean();
});

function bundle(code: string): Promise<string> {
  return build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    minify: true,
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
}

describe('the client from the tarball', () => {
  test('is a package of its own: nothing but its code and types, and no dependencies', () => {
    const installed = join(folder, 'node_modules/leave-a-reply-client');
    const files = readdirSync(installed).toSorted();
    expect(files).toEqual(
      [
        'LICENSE',
        'README.md',
        'package.json',
        ...['api-types', 'index', 'problem'].flatMap((name) => [`${name}.d.ts`, `${name}.js`]),
      ].toSorted(),
    );
    const own: Record<string, unknown> = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const whole: Record<string, unknown> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect([own.version, own.engines, own.license]).toEqual([whole.version, whole.engines, whole.license]);
    expect(Object.keys(own).filter((name) => /dependencies/i.test(name))).toEqual([]);
  });

  test('submits, lists over pages and decides, in Node', async () => {
    const key = await site.keyFor(['submit', 'read', 'moderate']);
    const api = client.createClient({ url: `${app.url}/`, key });
    const sent: string[] = [];
    for (let count = 0; count < 5; count++) {
      const comment = submission({ post: 'paged' }) as Parameters<typeof api.submit>[0];
      sent.push((await api.submit(comment)).id);
    }
    for (const id of sent) {
      const { status } = await api.call('POST /v1/comments/{id}/decisions', {
        path: { id },
        body: { decision: 'approve' },
      });
      expect(status).toBe('approved');
    }
    const listed: string[] = [];
    for await (const { id } of api.list('GET /v1/comments', { query: { post: 'paged', limit: 2 } })) {
      listed.push(id);
    }
    expect(listed.sort()).toEqual(sent.sort());
  });

  test('throws what the service refused, with its code and its fields', async () => {
    const api = client.createClient({ url: app.url, key: await site.keyFor(['submit']) });
    const refused = await api
      .submit({ ...submission(), author_email: 'nobody' } as never)
      .catch((error) => error);
    expect(refused).toBeInstanceOf(client.ProblemError);
    expect(refused).toMatchObject({ status: 422, code: 'invalid', errors: [{ pointer: '/author_email' }] });
    expect(refused.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const stranger = client.createClient({ url: app.url, key: 'nonsense' });
    await expect(stranger.call('GET /v1/queue', {})).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  describe('when the service is away', () => {
    let receiver: Receiver;
    beforeAll(async () => {
      receiver = await startReceiver();
    });
    afterAll(() => receiver.close());

    test('repeats a submission under one Idempotency-Key, and not a decision', async () => {
      let failures = 2;
      receiver.answer((response, { path }) => {
        if (path.endsWith('/decisions') || failures-- > 0) response.writeHead(503).end();
        else response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"1"}');
      });
      const api = client.createClient({ url: receiver.url, key: 'k' });
      expect(await api.submit(submission() as never)).toEqual({ id: '1' });
      const keys = receiver.received.map(({ headers }) => headers['idempotency-key']);
      expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
      const decision = api.call('POST /v1/comments/{id}/decisions', {
        path: { id: '1' },
        body: { decision: 'approve' },
      });
      await expect(decision).rejects.toMatchObject({ status: 503, code: 'unexpected' });
      expect(receiver.received).toHaveLength(4);
    });

    test('waits as long as a rate limit asks, unless that is too long', async () => {
      let asked = 0;
      receiver.answer((response) => {
        asked += 1;
        const seconds = asked === 1 ? '1' : '3600';
        const headers = { 'content-type': 'application/problem+json', 'retry-after': seconds };
        response.writeHead(429, headers).end('{"code":"rate_limited"}');
      });
      const api = client.createClient({ url: receiver.url, key: 'k' });
      await expect(api.call('GET /v1/queue', {})).rejects.toMatchObject({ retryAfterSeconds: 3600 });
      expect(asked).toBe(2);
    });

    test('says that no answer came', async () => {
      receiver.answer(() => undefined);
      const api = client.createClient({ url: receiver.url, key: 'k', timeoutMs: 100, retries: 0 });
      await expect(api.call('GET /v1/queue', {})).rejects.toBeInstanceOf(client.NoAnswerError);
    });
  });

  test('works in a browser, with a public key from its own origin', async () => {
    const code = await bundle(
      "import { createClient } from 'leave-a-reply-client'; globalThis.createClient = createClient;",
    );
    expect(code.length).toBeLessThan(8_000);
    const page = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<script type="module">${code}</script>`);
    });
    await new Promise<void>((resolve) => {
      page.listen(0, '127.0.0.1', resolve);
    });
    const origin = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    const admin = await createAdminClient(service);
    const { body } = await admin.post<{ key: string }>('/v1/keys', {
      site: 'daily',
      scopes: ['submit', 'read'],
      allowed_origins: [origin],
    });
    const browser = await startBrowser();
    try {
      const tab = await browser.newPage();
      await tab.goto(origin);
      const answer = await tab.evaluate(
        async ([url, key, comment]) => {
          const { createClient } = globalThis as unknown as Module;
          return await createClient({ url, key }).submit(comment);
        },
        [app.url, body.key, submission({ elapsed_ms: 60_000 }) as never] as const,
      );
      expect(answer.status).toBe('approved');
    } finally {
      await browser.close();
      page.closeAllConnections();
      page.close();
    }
  });

  test('works on Workers', async () => {
    const code = await bundle(`import { createClient } from 'leave-a-reply-client';
      export default { async fetch(request) {
        const { url, key, comment } = await request.json();
        return Response.json(await createClient({ url, key }).submit(comment));
      } };`);
    const worker = new Miniflare({ modules: true, script: code, compatibilityDate: '2026-04-01' });
    try {
      const request = { url: app.url, key: await site.keyFor(['submit']), comment: submission() };
      const answer = await worker.dispatchFetch('http://worker/', {
        method: 'POST',
        body: JSON.stringify(request),
      });
      expect(await answer.json()).toMatchObject({ status: 'approved', verdict: 'ham' });
    } finally {
      await worker.dispose();
    }
  });

  test('is typed: a consumer compiles, and one that is wrong does not', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const compile = (name: string, line: string) => {
      writeFileSync(
        join(folder, name),
        `import { createClient, ProblemError } from 'leave-a-reply-client';
const api = createClient({ url: 'https://comments.example', key: 'k' });
export async function run(): Promise<string> {
  ${line}
  try {
    const { items } = await api.call('GET /v1/queue', { query: { order: 'risk' } });
    return items[0]?.comment.id ?? '';
  } catch (error) {
    return error instanceof ProblemError && error.code === 'forbidden' ? 'no' : 'what';
  }
}
`,
      );
      const parameters = [tsc, '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom'];
      parameters.push('--module', 'nodenext', '--moduleResolution', 'nodenext', name);
      execFileSync(process.execPath, parameters, { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
    };
    compile('right.mts', '');
    for (const wrong of [
      "await api.call('GET /v1/nothing', {});",
      "await api.call('GET /v1/queue', { query: { order: 'newest' } });",
      "await api.submit({ post: '1' });",
    ]) {
      expect(() => compile('wrong.mts', wrong)).toThrow();
    }
  });
});
