import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseModel } from '../../../src/core/filter/model-format.ts';
import { isHeldBack } from '../../../src/core/filter/training.ts';
import { hashContent } from '../../../src/moderation/site/content-hash.ts';
import { SHIPPED_STARTER } from '../../../src/node/package-files.ts';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

interface Provenance {
  labels: { count: number; last_labelled_at: string; sha256: string };
}

interface Job {
  id: string;
  state: string;
  done: number;
  total: number;
  error: string | null;
  result: { model_version?: string; code?: string; refusal?: string; remedy?: string } | null;
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

  async function readBytes(version: string): Promise<Uint8Array> {
    const row = await service.db
      .selectFrom('model')
      .select('bytes')
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return Uint8Array.from(row.bytes);
  }

  /** Twice is as if it had never been. */
  async function flipBit(version: string): Promise<void> {
    const bytes = await readBytes(version);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await service.db
      .updateTable('model')
      .set({ bytes } as never)
      .where('version', '=', version)
      .execute();
  }

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

  test('a version can be downloaded by its site, whole', async () => {
    const site = await createTestSite(service, 'downloaded');
    await site.client.post('/v1/samples', ndjson(samples(100)), { headers });
    const version = (await train(site)).result?.model_version ?? '';
    const authorization = `Bearer ${await site.keyFor(['train'])}`;
    const download = async (of: string) => {
      const response = await site.client.app.request(`/v1/models/${of}/file`, { headers: { authorization } });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'application/octet-stream',
      ]);
      return Buffer.from(await response.arrayBuffer());
    };
    expect((await download(version)).equals(await readBytes(version))).toBe(true);
    const starter = await download(service.starter.version);
    expect(starter.equals(readFileSync(SHIPPED_STARTER))).toBe(true);
    const other = await createTestSite(service, 'downloading');
    expect((await other.client.get(`/v1/models/${version}/file`)).status).toBe(404);
  });

  const refusals = [
    ['one class alone', 'one_class', 'of the other class', { ham: 0, spam: 30 }],
    ['fewer than five of a class', 'too_few', 'of the rarer class', { ham: 4, spam: 30 }],
    ['a class out of balance', 'out_of_balance', 'of the rarer class', { ham: 5, spam: 5100 }],
  ] as const;
  // One in a thousand takes 5,000 samples: on one database.
  test.each(refusals.filter(([, refusal]) => kind === 'postgres' || refusal !== 'out_of_balance'))(
    '%s trains no candidate, and the job says why and what to do',
    async (_, refusal, remedy, wanted) => {
      const site = await createTestSite(service, refusal.replaceAll('_', '-'));
      // As many as are learnt, with those that are held back beside them.
      const learnt = (label: 'ham' | 'spam') => {
        const lines = Array.from({ length: 2 * wanted[label] + 20 }, (_, at) => ({
          content: `${label === 'ham' ? 'our school' : 'best offer'} ${at}`,
          label,
        }));
        return lines.filter(({ content }) => !isHeldBack(hashContent(content))).slice(0, wanted[label]);
      };
      await site.client.post('/v1/samples', ndjson([...learnt('ham'), ...learnt('spam')]), { headers });
      const job = await train(site);
      expect(job.state).toBe('failed');
      expect(job.error).toContain(`${wanted.ham} ham and ${wanted.spam} spam samples`);
      expect(job.error).toContain(remedy);
      expect(job.result).toMatchObject({
        ...{ code: 'gate_unmet', refusal },
        remedy: expect.stringContaining(remedy),
      });
      expect((await site.client.get<{ items: { state: string }[] }>('/v1/models')).body.items).toHaveLength(
        1,
      );
    },
  );

  test('a model tells what it was made from: code, settings, and exactly which labels', async () => {
    const site = await createTestSite(service, 'provenance', { votes_per_day: 77, max_ham_blocked: 0.05 });
    await site.client.post('/v1/samples', ndjson(samples(60)), { headers });
    const lastLabel = service.now().toISOString();
    const provenanceOf = async () => {
      service.clock.advance(60);
      const version = (await train(site)).result?.model_version ?? '';
      return (await site.client.get<{ provenance: Provenance }>(`/v1/models/${version}`)).body.provenance;
    };
    const first = await provenanceOf();
    const { version }: { version: string } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    );
    expect(first).toMatchObject({
      site: 'provenance',
      code: version,
      settings: { votes_per_day: 77, max_ham_blocked: 0.05, confidence: 0.95 },
      labels: { count: 60, last_labelled_at: lastLabel },
    });
    const rows = await service.db
      .selectFrom('sample')
      .innerJoin('site', 'site.id', 'sample.site_id')
      .select(['sample.id', 'label'])
      .where('slug', '=', 'provenance')
      .orderBy('sample.id')
      .execute();
    const lines = rows.map(({ id, label }) => `${id} ${label}\n`).join('');
    expect(first.labels.sha256).toBe(createHash('sha256').update(lines).digest('hex'));
    expect((await provenanceOf()).labels).toEqual(first.labels);
    const ham = rows.find(({ label }) => label === 'ham');
    await site.client.call('PATCH', `/v1/samples/${ham?.id}`, { body: { label: 'spam' } });
    const corrected = await provenanceOf();
    expect(corrected.labels.count).toBe(60);
    expect(corrected.labels.sha256).not.toBe(first.labels.sha256);
    expect(corrected.labels.last_labelled_at).not.toBe(lastLabel);
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
    await flipBit(version);
    const file = await site.client.get<{ code: string }>(`/v1/models/${version}/file`);
    expect([file.status, file.body.code]).toEqual([409, 'model_not_usable']);
    const refused = await site.client.post<{ code: string }>(`/v1/models/${version}/activate`, {
      force: true,
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'model_not_usable']);
    const { model_version } = (
      await site.client.post<{ model_version: string }>('/v1/comments', submission())
    ).body;
    expect(model_version).toBe(service.starter.version);
  });

  test('a bit that flips in an active model is told by the next process at once, by a running one within minutes', async () => {
    const site = await createTestSite(service, 'rotten');
    await site.client.post('/v1/samples', ndjson(samples(200)), { headers });
    const version = (await train(site)).result?.model_version ?? '';
    expect((await site.client.post(`/v1/models/${version}/activate`, {})).status).toBe(200);
    const readyz = async (of: TestService) => {
      const { status, body } = await createClient(of).get<{ status: string; model: string }>('/readyz');
      return [status, body.status, body.model];
    };
    expect(await readyz(service)).toEqual([200, 'ready', 'ok']);
    await flipBit(version);
    expect(await readyz(await service.joined())).toEqual([200, 'ready', 'degraded']);
    service.clock.advance(601);
    expect(await readyz(service)).toEqual([200, 'ready', 'degraded']);
    await flipBit(version);
    expect(await readyz(service)).toEqual([200, 'ready', 'ok']);
  });

  test('two models activated at once: one is active in the end, and the site scores with it', async () => {
    const site = await createTestSite(service, 'both');
    await site.client.post('/v1/samples', ndjson(samples(200)), { headers });
    const versions: string[] = [];
    for (let at = 0; at < 2; at++) {
      service.clock.advance(60);
      versions.push((await train(site)).result?.model_version ?? '');
    }
    const activateBoth = async (force: boolean) => {
      const activate = (version: string) => site.client.post(`/v1/models/${version}/activate`, { force });
      return (await Promise.all(versions.map(activate))).map(({ status }) => status).sort();
    };
    // Both were held against the filter that the first of them has replaced.
    expect(await activateBoth(false)).toEqual([200, 409]);
    for (let round = 0; round < 5; round++) expect(await activateBoth(true)).toEqual([200, 200]);
    const { items } = (await site.client.get<{ items: { version: string; state: string }[] }>('/v1/models'))
      .body;
    const active = items.filter(({ state }) => state === 'active').map(({ version }) => version);
    expect(active).toHaveLength(1);
    const { model_version } = (
      await site.client.post<{ model_version: string }>('/v1/comments', submission())
    ).body;
    expect([model_version]).toEqual(active);
  });

  test('an undone decision is unlearnt exactly: the next candidate is as if it had never been', async () => {
    const site = await createTestSite(service, 'unlearnt', { premoderate: true });
    await site.client.post('/v1/samples', ndjson(samples(200)), { headers });
    const send = async () =>
      (await site.client.post<{ id: string }>('/v1/comments', submission({ content: 'win a prize at once' })))
        .body.id;
    // One in five is held back, by its id, and changes no count.
    let id = await send();
    while (isHeldBack(id)) id = await send();
    const countsOf = async () => {
      service.clock.advance(60);
      const version = (await train(site)).result?.model_version ?? '';
      const { counts } = parseModel(await readBytes(version));
      const { body } = await site.client.get<{ provenance: { samples: unknown }; metrics: unknown }>(
        `/v1/models/${version}`,
      );
      const table = Buffer.concat([Buffer.from(counts.ham.buffer), Buffer.from(counts.spam.buffer)]);
      return { ...body, table, masses: [counts.hamMass, counts.spamMass] };
    };
    const without = await countsOf();
    const { decision_id } = (
      await site.client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, { decision: 'spam' })
    ).body;
    const withIt = await countsOf();
    expect(withIt.provenance.samples).not.toEqual(without.provenance.samples);
    expect(withIt.table.equals(without.table)).toBe(false);
    await site.client.post(`/v1/decisions/${decision_id}/undo`);
    const undone = await countsOf();
    expect(undone.provenance.samples).toEqual(without.provenance.samples);
    expect(undone.metrics).toEqual(without.metrics);
    expect(undone.table.equals(without.table)).toBe(true);
    expect(undone.masses).toEqual(without.masses);
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
