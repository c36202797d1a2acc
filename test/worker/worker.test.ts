/** The Worker in the real workerd, on the tests' PostgreSQL, through Hyperdrive's local connection. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unstable_startWorker } from 'wrangler';
import { buildPackage } from '../support/built-package.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const adminKey = 'a-key-for-the-tests-alone';
const pseudonymKey = `w1:${Buffer.from(Array.from({ length: 32 }, (_, index) => index * 3 + 1)).toString('base64')}`;

type Worker = Awaited<ReturnType<typeof unstable_startWorker>>;

async function startWorker(databaseUrl: string, pseudonymKeys: string): Promise<Worker> {
  // wrangler takes the local connection from here; its binding option is not read for this.
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE = databaseUrl;
  process.env.WRANGLER_SEND_METRICS = 'false';
  const worker = await unstable_startWorker({
    config: `${root}wrangler.toml`,
    // The programmatic start does not derive this from the compatibility flag as the command line does.
    build: { nodejsCompatMode: 'v2' },
    assets: join(buildPackage(), 'dist/public'),
    bindings: {
      PSEUDONYM_KEYS: { type: 'plain_text', value: pseudonymKeys },
      ADMIN_API_KEY: { type: 'plain_text', value: adminKey },
      LOG_LEVEL: { type: 'plain_text', value: 'error' },
    },
    dev: { server: { port: 0 }, inspector: false, watch: false, logLevel: 'error', persist: false },
  });
  await worker.ready;
  return worker;
}

describe('the Worker', () => {
  let worker: Worker;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createPostgresDatabase();
    drop = database.drop;
    worker = await startWorker(database.url, pseudonymKey);
  });
  afterAll(async () => {
    await worker.dispose();
    await drop();
  });

  async function call(method: string, path: string, body?: unknown) {
    const { url } = worker;
    const response = await worker.fetch(new URL(path, await url).href, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === '' ? null : JSON.parse(text),
    };
  }

  it('is ready on a migrated database', async () => {
    expect(await call('GET', '/livez')).toMatchObject({ status: 200 });
    expect((await call('GET', '/readyz')).body).toMatchObject({ status: 'ready', migrations: 'ok' });
  });

  it('takes comments, queues the doubtful, and has them decided', async () => {
    expect((await call('POST', '/v1/sites', { slug: 'daily', name: 'Daily' })).status).toBe(201);
    const sent = await call('POST', '/v1/comments', {
      post: 'article-1',
      author_name: 'Ada',
      author_email: 'ada@example.org',
      content:
        'Click http://cheap-pills.example now and http://win.example and http://more.example for free money!!!',
    });
    expect(sent).toMatchObject({ status: 201, body: { status: 'hold' } });
    const queue = await call('GET', '/v1/queue');
    expect(queue.body).toMatchObject({ total: 1, items: [{ comment: { id: sent.body.id } }] });
    const decided = await call('POST', `/v1/comments/${sent.body.id}/decisions`, { decision: 'approve' });
    expect(decided).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect((await call('GET', '/v1/queue')).body).toMatchObject({ total: 0 });
    const published = await call('GET', '/v1/comments?post=article-1');
    expect(published.body).toMatchObject({ items: [{ id: sent.body.id, author_name: 'Ada' }] });
    expect(published.text).not.toContain('example.org');
  });

  it('answers many requests at once, each over connections of its own', async () => {
    // So many at once as a slow machine connects within the time that a connection has.
    const numbers = Array.from({ length: 8 }, (_, number) => number);
    const answers = await Promise.all(
      numbers.map((number) =>
        call('POST', '/v1/comments', {
          post: 'article-2',
          author_name: `Reader ${number}`,
          author_email: `reader${number}@example.org`,
          content: `I agree with point ${number}: the bridge should be repaired before winter.`,
        }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(numbers.map(() => 201));
  });

  it('serves the files for the browser and the API description', async () => {
    const script = await call('GET', '/openapi.json');
    expect(script.body.openapi).toMatch(/^3\./);
    const url = new URL('/assets/docs.js', await worker.url).href;
    const asset = await worker.fetch(url);
    expect(asset.status).toBe(200);
    expect(asset.headers.get('content-type')).toMatch(/javascript/);
    await asset.arrayBuffer();
    const missing = await worker.fetch(new URL('/assets/none.js', await worker.url).href);
    expect(missing.status).toBe(404);
    await missing.text();
  });

  it('sends webhooks to public addresses alone, after the answer', async () => {
    const refused = await call('POST', '/v1/webhooks', {
      url: 'http://127.0.0.1/',
      events: ['comment.received'],
    });
    expect(refused).toMatchObject({ status: 422, body: { code: 'address_refused' } });
    const made = await call('POST', '/v1/webhooks', {
      // A name that RFC 6761 keeps from ever leading anywhere.
      url: 'https://receiver.invalid/',
      events: ['comment.received'],
    });
    expect(made.body.secret).toMatch(/^whsec_/);
    const sent = await call('POST', '/v1/comments', {
      post: 'article-3',
      author_name: 'Grace',
      author_email: 'grace@example.org',
      content: 'The new bus timetable is a great help for those who work in the evening.',
    });
    expect(sent.status).toBe(201);
    const log = `/v1/webhooks/${made.body.id}/deliveries`;
    await expect
      .poll(async () => (await call('GET', log)).body.items, { timeout: 20_000 })
      .toMatchObject([{ state: 'waiting', attempts: 1, last_failure: 'unreachable' }]);
  });

  it("answers Akismet's clients: forms in any charset, multipart, JSON, and their reports", async () => {
    const { key } = (await call('POST', '/v1/keys', { site: 'daily', scopes: ['akismet'] })).body;
    const base = new URL(`/k/${key}/1.1/`, await worker.url).href;
    const send = async (name: string, body: string, type: string) => {
      const headers = { 'content-type': type };
      const response = await worker.fetch(new URL(name, base).href, { method: 'POST', headers, body });
      return [response.status, await response.text()];
    };
    const fields =
      'blog=https%3A%2F%2Fnews.example&user_ip=192.0.2.1&comment_content=The+old+caf%E9+by+the+bridge';
    const form = 'application/x-www-form-urlencoded';
    expect(await send('comment-check', fields, form)).toEqual([200, 'false']);
    const json = JSON.stringify({ comment_content: 'The old café by the bridge', comment_author: '' });
    expect(await send('submit-spam', json, 'application/json')).toEqual([
      200,
      'Thanks for making the web a better place.',
    ]);
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const multipart = `${part('blog', 'https://news.example')}${part('user_ip', '192.0.2.1')}--b--\r\n`;
    expect(await send('comment-check', multipart, 'multipart/form-data; boundary=b')).toEqual([200, 'false']);
    const listed = await call('GET', '/v1/stats?site=daily');
    expect(listed.body.samples).toMatchObject({ spam: 1 });
  });

  it('answers a refusal as a problem document', async () => {
    const refused = await call('POST', '/v1/comments', { post: 'article-1', surprise: true });
    expect(refused.status).toBe(422);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});

describe('a Worker without a pseudonym key', () => {
  it('serves nothing and says so', async () => {
    const worker = await startWorker('postgres://postgres:test@127.0.0.1:1/none', 'w1:c2hvcnQ=');
    try {
      const response = await worker.fetch(new URL('/livez', await worker.url).href);
      expect(response.status).toBe(500);
      expect(await response.text()).toContain('not configured');
    } finally {
      await worker.dispose();
    }
  });
});
