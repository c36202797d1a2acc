/** The job of a training: cancelled, put back by a stop, taken over from a lost process, left to another runtime. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobHandlersOf } from '../../../src/moderation/background/job-kinds.ts';
import { runJobs } from '../../../src/moderation/jobs.ts';
import type { Service } from '../../../src/service.ts';
import {
  HEARTBEAT_LOST_SECONDS,
  MAX_ATTEMPTS,
  MAX_LOSSES,
  releaseJobs,
  reportProgress,
  takeJob,
} from '../../../src/storage/jobs.ts';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { gatedThreads } from '../../support/gated-threads.ts';
import { createTestSite, type TestSite } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';

interface Job {
  readonly id: string;
  readonly state: string;
  readonly done: number;
  readonly total: number | null;
  readonly phase: string | null;
  readonly error: string | null;
  readonly result: { readonly model_version: string } | null;
}

describe.each(DATABASES)('the job of a training on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  async function createTrainable(slug: string): Promise<TestSite> {
    const site = await createTestSite(service, slug);
    await uploadSamples(site.client, plainSamples(120));
    return site;
  }

  /** The same service with other parts, as another process would have them. */
  async function clientOf(site: TestSite, parts: Partial<Service>) {
    return createClient({ ...service, ...parts }, await site.keyFor(['train']));
  }

  const show = async (site: TestSite, id: string) => (await site.client.get<Job>(`/v1/jobs/${id}`)).body;
  const candidates = async (site: TestSite) =>
    (await site.client.get<{ items: { state: string }[] }>('/v1/models')).body.items.filter(
      ({ state }) => state === 'candidate',
    ).length;
  const workOn = (other: Service = service) => runJobs(other, jobHandlersOf(other));

  test('tells how far it is, and a cancelled one leaves no candidate', async () => {
    const site = await createTrainable(`cancelled-${kind}`);
    const { begin, open, atGate } = gatedThreads('add');
    const client = await clientOf(site, { trainInThread: begin });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    await atGate;
    expect(await show(site, job)).toMatchObject({ state: 'running' });
    expect((await client.call('DELETE', `/v1/jobs/${job}`)).status).toBe(200);
    open();
    await service.settled();
    expect(await show(site, job)).toMatchObject({ state: 'cancelled', done: 120, total: 120, result: null });
    expect(await candidates(site)).toBe(0);
  });

  test('counts what it reads, does not claim to be done while it fits, and ends with all of it', async () => {
    const site = await createTrainable(`phases-${kind}`);
    const client = await clientOf(site, { background: () => undefined });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    const taken = await takeJob(service.db, ['train'], service.now());
    const told: [number, number | null, string | undefined][] = [];
    await jobHandlersOf(service).train?.(service, taken as never, async (...progress) => {
      told.push([progress[0], progress[1], progress[2]]);
    });
    expect([...new Set(told.map(([, , phase]) => phase))]).toEqual([
      'reading',
      'fitting',
      'reporting',
      'storing',
    ]);
    expect(told.filter(([, , phase]) => phase === 'reading').at(-1)).toEqual([120, 120, 'reading']);
    expect(told.find(([, , phase]) => phase === 'fitting')).toEqual([0, null, 'fitting']);
    const reporting = told.filter(([, , phase]) => phase === 'reporting').map(([done]) => done);
    expect(reporting).toEqual(reporting.toSorted((a, b) => a - b));
    expect(told.at(-1)).toEqual([120, 120, 'storing']);
    await client.call('DELETE', `/v1/jobs/${job}`);
    await releaseJobs(service.db);
    await workOn();
  });

  test('shows over HTTP that it fits', async () => {
    const site = await createTrainable(`fitting-${kind}`);
    const { begin, open, atGate } = gatedThreads('finish');
    const client = await clientOf(site, { trainInThread: begin });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    await atGate;
    expect(await show(site, job)).toMatchObject({ state: 'running', phase: 'fitting', total: null });
    open();
    await service.settled();
    expect(await show(site, job)).toMatchObject({ state: 'succeeded', phase: null, done: 120, total: 120 });
  });

  test('that takes its process with it again and again is given up, and a new one may be asked for', async () => {
    const site = await createTrainable(`given-up-${kind}`);
    const client = await clientOf(site, { background: () => undefined });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const taken = await takeJob(service.db, ['train'], service.now());
      expect(taken?.id).toBe(job);
      // Each time it comes a little further.
      if (taken)
        await reportProgress(service.db, taken, { done: attempt, total: 10, phase: 'a' }, service.now());
      service.clock.advance(HEARTBEAT_LOST_SECONDS + 1);
    }
    expect(await workOn()).toBe(1);
    expect(await show(site, job)).toMatchObject({
      state: 'failed',
      error: 'given up after too many attempts',
      result: null,
    });
    expect(await candidates(site)).toBe(0);
    expect((await client.post('/v1/models', {})).status).toBe(202);
    expect(await workOn()).toBe(1);
    expect(await candidates(site)).toBe(1);
  });

  test('that takes its process with it twice at the same place is given up for good', async () => {
    const site = await createTrainable(`same-place-${kind}`);
    const client = await clientOf(site, { background: () => undefined });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    for (const done of [4, 7, 7]) {
      expect((await show(site, job)).state).not.toBe('failed');
      const taken = await takeJob(service.db, ['train'], service.now());
      if (taken) await reportProgress(service.db, taken, { done, total: 10, phase: 'a' }, service.now());
      // Either the process starts again and knows that it is alone, or another one waits for its heartbeat.
      if (kind === 'pglite') await releaseJobs(service.db);
      else service.clock.advance(HEARTBEAT_LOST_SECONDS + 1);
    }
    expect(await workOn()).toBe(1);
    expect(await show(site, job)).toMatchObject({
      state: 'failed',
      error: `given up: its process ended ${MAX_LOSSES} times at the same place`,
    });
  });

  test('is put back when the service stops, and done by the next process as if nothing had been', async () => {
    const site = await createTrainable(`stopped-${kind}`);
    const { begin, open, atGate } = gatedThreads('add');
    const stopping = new AbortController();
    const client = await clientOf(site, { trainInThread: begin, stopping: stopping.signal });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    await atGate;
    stopping.abort();
    open();
    await service.settled();
    expect(await show(site, job)).toMatchObject({ state: 'queued' });
    expect(await workOn()).toBe(1);
    expect(await show(site, job)).toMatchObject({ state: 'succeeded' });
    const row = await service.db
      .selectFrom('job')
      .select('attempts')
      .where('id', '=', job)
      .executeTakeFirstOrThrow();
    expect(row.attempts).toBe(1);
    expect(await candidates(site)).toBe(1);
  });

  test('of a lost process is taken over when it has not been heard of, and not before', async () => {
    const site = await createTrainable(`lost-${kind}`);
    const client = await clientOf(site, { background: () => undefined });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    expect((await takeJob(service.db, ['train'], service.now()))?.id).toBe(job);
    service.clock.advance(HEARTBEAT_LOST_SECONDS - 1);
    expect(await workOn()).toBe(0);
    service.clock.advance(2);
    expect(await workOn()).toBe(1);
    expect(await show(site, job)).toMatchObject({ state: 'succeeded', done: 120 });
  });

  test('is free at once where the folder’s lock says that no other process lives', async () => {
    const site = await createTrainable(`released-${kind}`);
    const client = await clientOf(site, { background: () => undefined });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    await takeJob(service.db, ['train'], service.now());
    await releaseJobs(service.db);
    expect(await workOn()).toBe(1);
    expect(await show(site, job)).toMatchObject({ state: 'succeeded' });
  });

  test('that had stored its candidate before it was lost gives that one, and no second', async () => {
    const site = await createTrainable(`stored-${kind}`);
    const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const first = (await show(site, job)).result?.model_version;
    // The process was killed between the two writes: the model is there, and the job still runs.
    await service.db
      .updateTable('job')
      .set({ state: 'queued', result: null, finished_at: null })
      .where('id', '=', job)
      .execute();
    await uploadSamples(site.client, plainSamples(160));
    expect(await workOn()).toBe(1);
    expect((await show(site, job)).result?.model_version).toBe(first);
    expect(await candidates(site)).toBe(1);
  });

  test('waits for a process that has threads, and the answer says so; a second one is refused by its name', async () => {
    const site = await createTrainable(`threadless-${kind}`);
    const client = await clientOf(site, { trainInThread: null });
    const first = await client.post<{ job: string; waits_for: string | null }>('/v1/models', {});
    expect(first.status).toBe(202);
    expect(first.body.waits_for).toMatch(/Node process/);
    await service.settled();
    expect(await show(site, first.body.job)).toMatchObject({ state: 'queued' });
    const second = await client.post<{ code: string; job: string }>('/v1/models', {});
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'training_running', job: first.body.job });
    expect(await workOn()).toBe(1);
    expect(await show(site, first.body.job)).toMatchObject({ state: 'succeeded' });
  });
});
