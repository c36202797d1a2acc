import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callProcess, PROCESS_KEY } from '../support/call-process.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop, type Environment, type ServiceProcess } from '../support/service-process.ts';
import { createTcpProxy } from '../support/tcp-proxy.ts';
import { plainSamples } from '../support/trained-site.ts';

const sites = z.object({ items: z.array(z.looseObject({ slug: z.string() })) });
const started = z.object({ job: z.string() });
const job = z.object({ state: z.string(), result: z.looseObject({ model_version: z.string() }).nullable() });
const checked = z.looseObject({ model_version: z.string() });

let comments = 0;

async function sendSamples(service: ServiceProcess, count: number): Promise<void> {
  const lines = plainSamples(count).map((sample) => JSON.stringify(sample));
  await callProcess(
    service,
    z.looseObject({ added: z.literal(count) }),
    'POST',
    '/v1/samples',
    lines.join('\n'),
  );
}

/** The version that scores a comment now. */
async function servingVersion(service: ServiceProcess): Promise<string> {
  comments += 1;
  const comment = {
    post: `article-${comments}`,
    author_name: 'Ada',
    author_email: `ada${comments}@example.org`,
    content: `The bridge should be repaired before winter ${comments}.`,
  };
  return (await callProcess(service, checked, 'POST', '/v1/comments', comment)).model_version;
}

describe('processes on one PostgreSQL', () => {
  const workshop = createWorkshop();
  const drops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await workshop.clean();
    for (const drop of drops.splice(0)) await drop();
  });

  async function openDatabase(): Promise<Environment & { readonly DATABASE_URL: string }> {
    const { url, drop } = await createPostgresDatabase();
    drops.push(drop);
    const pseudonymKey = `p1:${randomBytes(32).toString('base64')}`;
    return { DATABASE_URL: url, PSEUDONYM_KEYS: pseudonymKey, ADMIN_API_KEY: PROCESS_KEY };
  }

  test('that start at once on an empty database both serve, and a filter activated in one scores in the other', async () => {
    const env = await openDatabase();
    const [one, other] = await Promise.all([workshop.serve(env), workshop.serve(env)]);
    const { items } = await callProcess(other, sites, 'GET', '/v1/sites');
    expect(items.map(({ slug }) => slug).sort()).toEqual(['default', 'demo']);
    await sendSamples(one, 400);
    const { job: id } = await callProcess(one, started, 'POST', '/v1/models', {});
    const read = () => callProcess(one, job, 'GET', `/v1/jobs/${id}`);
    await expect.poll(async () => (await read()).state, { timeout: 60_000, interval: 100 }).toBe('succeeded');
    const version = (await read()).result?.model_version ?? '';
    const before = await servingVersion(other);
    expect(before).not.toBe(version);
    await callProcess(one, z.unknown(), 'POST', `/v1/models/${version}/activate`, {});
    await expect.poll(() => servingVersion(other)).toBe(version);
  }, 120_000);

  test('one that is stopped while it trains ends in under 10 s though the database has fallen silent', async () => {
    const env = await openDatabase();
    const proxy = await createTcpProxy(env.DATABASE_URL);
    const service = await workshop.serve({ ...env, DATABASE_URL: proxy.url });
    await sendSamples(service, 6_000);
    const { job: id } = await callProcess(service, started, 'POST', '/v1/models', {});
    const readState = async () => (await callProcess(service, job, 'GET', `/v1/jobs/${id}`)).state;
    await expect.poll(readState, { timeout: 30_000, interval: 20 }).toBe('running');
    proxy.freeze();
    const began = performance.now();
    service.child.kill('SIGTERM');
    const { signal } = await service.ended;
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(signal).toBeNull();
    await proxy.cut();
  }, 90_000);
});
