import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../support/site.ts';

interface Job {
  id: string;
  state: string;
  done: number;
  total: number;
  error: string | null;
  result: { model_version?: string; code?: string } | null;
}

const HAM = [
  'the council voted on the budget',
  'I cycled over the bridge today',
  'our school needs teachers',
  'the article forgets the farmers',
];
const SPAM = [
  'earn money from home click here',
  'cheap watches best price buy now',
  'subscribe to my channel please',
  'free followers visit my page',
];

function samples(count: number): { content: string; label: string }[] {
  return Array.from({ length: count }, (_, at) => {
    const [text, label] = at % 2 === 0 ? [HAM[(at / 2) % 4], 'ham'] : [SPAM[((at - 1) / 2) % 4], 'spam'];
    const words = [
      'alpha',
      'bravo',
      'charlie',
      'delta',
      'echo',
      'foxtrot',
      'golf',
      'hotel',
      'india',
      'juliet',
      'kilo',
    ];
    const tail = [at % 11, (at * 7) % 11, (at * 5 + 3) % 11, (at * 3 + 1) % 11]
      .map((word) => words[word])
      .join(' ');
    return { content: `${text}, ${tail} ${Math.floor(at / 11)}`, label };
  });
}

function ndjson(lines: readonly unknown[]): string {
  return lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
}

describe.each(DATABASES)('training on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  const headers = { 'content-type': 'application/x-ndjson' };

  async function train({ client }: TestSite): Promise<Job> {
    const started = await client.post<{ job: string }>('/v1/models', {});
    expect(started.status).toBe(202);
    await service.settled();
    return (await client.get<Job>(`/v1/jobs/${started.body.job}`)).body;
  }

  test('samples are counted, known ones passed over, bad lines named by number', async () => {
    const { client } = await createTestSite(service, 'samples');
    const lines = [
      ...samples(3),
      '{',
      { content: 'x', label: 'meh' },
      { content: 'x', label: 'ham', status: 1 },
    ];
    const first = await client.post<{ errors: { line: number; code: string }[] }>(
      '/v1/samples',
      ndjson(lines),
      { headers },
    );
    expect(first.body).toMatchObject({ lines: 6, added: 3, known: 0, refused: 3 });
    expect(first.body.errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '4 bad_json',
      '5 not_allowed',
      '6 unknown_field',
    ]);
    const again = await client.post('/v1/samples', ndjson(samples(3)), { headers });
    expect(again.body).toMatchObject({ lines: 3, added: 0, known: 3, refused: 0 });
  });

  test('a candidate is trained, activated without a restart and used by every process', async () => {
    const site = await createTestSite(service, 'trained');
    await site.client.post('/v1/samples', ndjson(samples(400)), { headers });
    const before = (await site.client.post<{ model_version: string }>('/v1/comments', submission())).body
      .model_version;
    const job = await train(site);
    expect(job).toMatchObject({ state: 'succeeded', done: 400, total: 400, error: null });
    const version = job.result?.model_version ?? '';
    expect((await site.client.get<{ state: string }>(`/v1/models/${version}`)).body.state).toBe('candidate');
    const other = await service.joined();
    const elsewhere = createClient(other, await site.keyFor(['submit']));
    const versionFor = async (client: typeof elsewhere) =>
      (await client.post<{ model_version: string }>('/v1/comments', submission())).body.model_version;
    expect(await versionFor(elsewhere)).toBe(before);
    expect((await site.client.post(`/v1/models/${version}/activate`, {})).status).toBe(200);
    expect(await versionFor(site.client)).toBe(version);
    other.clock.advance(2);
    expect(await versionFor(elsewhere)).toBe(version);
    expect((await site.client.post(`/v1/models/${before}/activate`, {})).status).toBe(200);
    expect(await versionFor(site.client)).toBe(before);
  });

  test('one class alone trains no candidate, and the job says why', async () => {
    const site = await createTestSite(service, 'one-class');
    await site.client.post('/v1/samples', ndjson(samples(60).filter(({ label }) => label === 'ham')), {
      headers,
    });
    const job = await train(site);
    expect(job.state).toBe('failed');
    expect(job.error).toBeTruthy();
    expect((await site.client.get<{ items: { state: string }[] }>('/v1/models')).body.items).toHaveLength(1);
  });

  test('two trainings at once: one runs, the other is told so', async () => {
    const site = await createTestSite(service, 'twice');
    await site.client.post('/v1/samples', ndjson(samples(100)), { headers });
    const answers = await Promise.all(
      [1, 2].map(() => site.client.post<{ code?: string }>('/v1/models', {})),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('training_running');
    await service.settled();
  });

  test('a flipped bit in the stored model is caught, and what is active stays', async () => {
    const site = await createTestSite(service, 'damaged');
    await site.client.post('/v1/samples', ndjson(samples(200)), { headers });
    const version = (await train(site)).result?.model_version ?? '';
    const row = await service.db
      .selectFrom('model')
      .select('bytes')
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    const bytes = Uint8Array.from(row.bytes);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await service.db
      .updateTable('model')
      .set({ bytes } as never)
      .where('version', '=', version)
      .execute();
    const refused = await site.client.post<{ code: string }>(`/v1/models/${version}/activate`, {
      force: true,
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'model_not_usable']);
    const { model_version } = (
      await site.client.post<{ model_version: string }>('/v1/comments', submission())
    ).body;
    expect(model_version).toBe(service.starter.version);
  });

  test('an undone decision is unlearnt exactly: the next candidate is as if it had never been', async () => {
    const site = await createTestSite(service, 'unlearnt', { premoderate: true });
    await site.client.post('/v1/samples', ndjson(samples(200)), { headers });
    const { id } = (
      await site.client.post<{ id: string }>('/v1/comments', submission({ content: 'win a prize at once' }))
    ).body;
    const countsOf = async () => {
      service.clock.advance(60);
      const version = (await train(site)).result?.model_version ?? '';
      return (
        await site.client.get<{ provenance: { samples: unknown }; metrics: unknown }>(`/v1/models/${version}`)
      ).body;
    };
    const without = await countsOf();
    const { decision_id } = (
      await site.client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, { decision: 'spam' })
    ).body;
    const withIt = await countsOf();
    expect(withIt.provenance.samples).not.toEqual(without.provenance.samples);
    await site.client.post(`/v1/decisions/${decision_id}/undo`);
    const undone = await countsOf();
    expect(undone.provenance.samples).toEqual(without.provenance.samples);
    expect(undone.metrics).toEqual(without.metrics);
  });

  test('a job of another site is not found, and one that is over cannot be cancelled', async () => {
    const ours = await createTestSite(service, 'jobs-a');
    const theirs = await createTestSite(service, 'jobs-b');
    const job = await train(ours);
    expect((await theirs.client.get(`/v1/jobs/${job.id}`)).status).toBe(404);
    expect((await ours.client.call<{ code: string }>('DELETE', `/v1/jobs/${job.id}`)).body.code).toBe(
      'conflict',
    );
  });
});
