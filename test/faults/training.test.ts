/**
 * The service's process is killed (-9) at random points of a training. `npm run faults:training` does so 20 times on each
 * database, the tests do twice.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DATABASES, type DatabaseKind } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop, type Environment, type ServiceProcess } from '../support/service-process.ts';
import { plainSamples } from '../support/trained-site.ts';

const { FAULT_KILLS = '1' } = process.env;
const KILLS = Number(FAULT_KILLS);
const SAMPLES = 3_000;
const KEY = 'a-key-for-the-tests-alone';
/** A lost process is noticed after 20 s, and looked for every 5 s. */
const TAKEN_OVER_MS = 120_000;

const jobShape = z.object({
  state: z.string(),
  error: z.string().nullable(),
  result: z.looseObject({ model_version: z.string() }).nullable(),
});
const modelsShape = z.object({
  items: z.array(z.object({ version: z.string(), state: z.string(), size_bytes: z.number() })),
});

async function call<T>(
  { url }: ServiceProcess,
  schema: z.ZodType<T>,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const lines = typeof body === 'string';
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': lines ? 'application/x-ndjson' : 'application/json',
    },
    ...(body !== undefined && { body: lines ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return schema.parse(JSON.parse(text));
}

async function beginTraining(service: ServiceProcess): Promise<string> {
  return (await call(service, z.looseObject({ job: z.string() }), 'POST', '/v1/models', {})).job;
}

/** Waits for the end of the job; the version of its candidate. */
async function finished(service: ServiceProcess, job: string): Promise<string> {
  const read = () => call(service, jobShape, 'GET', `/v1/jobs/${job}`);
  const isOver = async () => !['queued', 'running'].includes((await read()).state);
  await expect.poll(isOver, { timeout: TAKEN_OVER_MS, interval: 100 }).toBe(true);
  const { state, error, result } = await read();
  expect([state, error]).toEqual(['succeeded', null]);
  return result?.model_version ?? '';
}

let comments = 0;

/** The version that scores a comment now. */
async function servingVersion(service: ServiceProcess): Promise<string> {
  comments += 1;
  const { model_version } = await call(
    service,
    z.looseObject({ model_version: z.string() }),
    'POST',
    '/v1/comments',
    {
      post: `article-${comments}`,
      author_name: 'Ada',
      author_email: `ada${comments}@example.org`,
      content: `The bridge should be repaired before winter ${comments}.`,
    },
  );
  return model_version;
}

async function openDatabase(
  kind: DatabaseKind,
  folder: string,
): Promise<{ env: Environment; drop: () => Promise<void> }> {
  if (kind === 'pglite') return { env: { DATA_DIR: folder }, drop: async () => undefined };
  const { url, drop } = await createPostgresDatabase();
  return { env: { DATABASE_URL: url, PSEUDONYM_KEYS: `f1:${randomBytes(32).toString('base64')}` }, drop };
}

describe('a process that is killed while it trains', () => {
  const workshop = createWorkshop();
  const drops: (() => Promise<void>)[] = [];
  afterEach(() => workshop.clean());
  afterAll(async () => {
    for (const drop of drops) await drop();
  });

  test.each(DATABASES)(
    'on %s leaves the active filter serving and no half candidate; the next process ends its training',
    async (kind) => {
      const database = await openDatabase(kind, workshop.folder());
      drops.push(database.drop);
      const env = { ...database.env, ADMIN_API_KEY: KEY, LOG_LEVEL: 'error' };
      let service = await workshop.serve(env);
      const lines = plainSamples(SAMPLES).map((sample) => JSON.stringify(sample));
      await call(
        service,
        z.looseObject({ added: z.literal(SAMPLES) }),
        'POST',
        '/v1/samples',
        lines.join('\n'),
      );
      const began = performance.now();
      const versions = [await finished(service, await beginTraining(service))];
      let trainingMs = performance.now() - began;

      let hits = 0;
      for (let kill = 1; kill <= KILLS; kill++) {
        const active = versions.at(-1) ?? '';
        await call(service, z.unknown(), 'POST', `/v1/models/${active}/activate`, {});
        expect(await servingVersion(service)).toBe(active);

        const started = performance.now();
        const job = await beginTraining(service);
        const atMs = Math.random() * trainingMs;
        await new Promise((resolve) => setTimeout(resolve, atMs));
        const { state } = await call(service, jobShape, 'GET', `/v1/jobs/${job}`);
        service.child.kill('SIGKILL');
        await service.ended;
        if (state === 'running') hits += 1;
        else trainingMs = Math.min(trainingMs, performance.now() - started);
        console.log(
          `${kind}, kill ${kill}: ${Math.round(atMs)} of ${Math.round(trainingMs)} ms, job ${state}`,
        );

        service = await workshop.serve(env);
        expect(await servingVersion(service)).toBe(active);
        versions.push(await finished(service, job));
        const { items } = await call(service, modelsShape, 'GET', '/v1/models');
        const stored = items.filter(({ size_bytes }) => size_bytes > 0);
        expect(stored.map(({ version }) => version).sort()).toEqual([...versions].sort());
        expect(stored.filter(({ state }) => state === 'active').map(({ version }) => version)).toEqual([
          active,
        ]);
      }
      expect(new Set(versions).size).toBe(KILLS + 1);
      console.log(`${kind}: ${hits} of ${KILLS} kills came while the job ran`);
      const ready = await call(service, z.looseObject({ model: z.string() }), 'GET', '/readyz');
      expect(ready.model).toBe('ok');
    },
    120_000 + KILLS * (TAKEN_OVER_MS + 30_000),
  );
});
