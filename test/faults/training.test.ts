/**
 * The service's process is killed (-9) at random points of a training. `npm run faults:training` does so 20 times on each
 * database, the tests do twice.
 */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectPglite, connectPostgres } from '../../src/storage/connection/connect-node.ts';
import { callProcess, PROCESS_KEY } from '../support/call-process.ts';
import { DATABASES, type DatabaseKind } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop, type Environment, type ServiceProcess } from '../support/service-process.ts';
import { plainSamples } from '../support/trained-site.ts';

const { FAULT_KILLS = '1' } = process.env;
const KILLS = Number(FAULT_KILLS);
const SAMPLES = 3_000;
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

/** Resolves when the training runs: on PostgreSQL a thread is started for it first. */
async function beginTraining(service: ServiceProcess): Promise<string> {
  const { job } = await callProcess(service, z.looseObject({ job: z.string() }), 'POST', '/v1/models', {});
  const read = async () => (await callProcess(service, jobShape, 'GET', `/v1/jobs/${job}`)).state;
  await expect.poll(read, { interval: 5 }).not.toBe('queued');
  return job;
}

/** Waits for the end of the job; the version of its candidate. */
async function finished(service: ServiceProcess, job: string): Promise<string> {
  const read = () => callProcess(service, jobShape, 'GET', `/v1/jobs/${job}`);
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
  const { model_version } = await callProcess(
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

/** The versions that have a report, and the flips that are of no such version or beyond what its report counts. */
async function readLeftovers({ DATA_DIR, DATABASE_URL = '' }: Environment) {
  const options = { connections: 1, onIdleError: () => undefined };
  const connection = await (DATA_DIR === undefined
    ? connectPostgres(DATABASE_URL, options)
    : connectPglite(DATA_DIR));
  try {
    const { rows: reports } = await sql<{ version: string; flips: number; counted: number }>`
      select r.model_version as version,
        (select count(*)::int from model_flip f where f.model_version = r.model_version) as flips,
        (r.report -> 'flips' ->> 'decided')::int + (r.report -> 'flips' ->> 'waiting')::int as counted
      from model_report r`.execute(connection.db);
    const { rows: flips } = await sql<{
      count: number;
    }>`select count(*)::int as count from model_flip`.execute(connection.db);
    const counted = reports.reduce((sum, report) => sum + report.counted, 0);
    expect(reports.map((report) => report.flips)).toEqual(reports.map((report) => report.counted));
    return {
      reports: reports.map(({ version }) => version).sort(),
      strayFlips: (flips[0]?.count ?? 0) - counted,
    };
  } finally {
    await connection.close();
  }
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
      const env = { ...database.env, ADMIN_API_KEY: PROCESS_KEY, LOG_LEVEL: 'error' };
      let service = await workshop.serve(env);
      const lines = plainSamples(SAMPLES).map((sample) => JSON.stringify(sample));
      await callProcess(
        service,
        z.looseObject({ added: z.literal(SAMPLES) }),
        'POST',
        '/v1/samples',
        lines.join('\n'),
      );
      const first = await beginTraining(service);
      const began = performance.now();
      const versions = [await finished(service, first)];
      let trainingMs = performance.now() - began;

      let hits = 0;
      // A kill that comes before or after the training counts for nothing, and is done again.
      for (let kill = 1; hits < KILLS && kill <= 4 * KILLS; kill++) {
        const active = versions.at(-1) ?? '';
        await callProcess(service, z.unknown(), 'POST', `/v1/models/${active}/activate`, {});
        expect(await servingVersion(service)).toBe(active);

        const job = await beginTraining(service);
        const started = performance.now();
        const atMs = (0.2 + 0.5 * Math.random()) * trainingMs;
        await new Promise((resolve) => setTimeout(resolve, atMs));
        const { state } = await callProcess(service, jobShape, 'GET', `/v1/jobs/${job}`);
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
        const { items } = await callProcess(service, modelsShape, 'GET', '/v1/models');
        const stored = items.filter(({ size_bytes }) => size_bytes > 0);
        expect(stored.map(({ version }) => version).sort()).toEqual([...versions].sort());
        expect(stored.filter(({ state }) => state === 'active').map(({ version }) => version)).toEqual([
          active,
        ]);
      }
      expect(hits).toBe(KILLS);
      expect(new Set(versions).size).toBe(versions.length);
      const ready = await callProcess(service, z.looseObject({ model: z.string() }), 'GET', '/readyz');
      expect(ready.model).toBe('ok');
      service.child.kill('SIGTERM');
      expect(await service.ended).toMatchObject({ code: 0 });
      expect(await readLeftovers(database.env)).toEqual({ reports: [...versions].sort(), strayFlips: 0 });
    },
    120_000 + KILLS * (TAKEN_OVER_MS + 30_000),
  );
});
