/** Stored models that are not what this program wrote: refused, and what is active stays. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_MODEL_BYTES } from '../../../src/core/filter/model-format.ts';
import { storeModel } from '../../../src/moderation/site/store-model.ts';
import { inTransaction } from '../../../src/storage/connection/transaction.ts';
import { insertReport } from '../../../src/storage/learn/model-reports.ts';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, trainAndActivate, uploadSamples } from '../../support/trained-site.ts';

interface Problem {
  code: string;
  detail: string;
}

describe.each(DATABASES)('the stored bytes of a model on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  /** A site with an active filter, and a candidate that nobody has loaded yet. */
  async function createTrained(slug: string) {
    const { site, client } = await createTestSite(service, slug);
    await uploadSamples(client, plainSamples(200));
    const active = await trainAndActivate(service, client);
    service.clock.advance(1);
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const { result } = (await client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`)).body;
    return { site, client, active, candidate: result.model_version };
  }

  async function overwrite(version: string, values: Record<string, unknown>): Promise<void> {
    await service.db
      .updateTable('model')
      .set(values as never)
      .where('version', '=', version)
      .execute();
  }

  async function expectRefused(client: Client, version: string, active: string): Promise<string> {
    const answers = await Promise.all([
      client.post<Problem>(`/v1/models/${version}/activate`, { force: true }),
      client.post<Problem>(`/v1/models/${version}/shadow`),
      client.get<Problem>(`/v1/models/${version}/flips`),
    ]);
    expect(answers.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
      Array.from({ length: 3 }, () => '409 model_not_usable'),
    );
    const checked = await client.post<{ model_version: string }>('/v1/comments', submission());
    expect(checked.body.model_version).toBe(active);
    return answers[0].body.detail;
  }

  test('of another format are refused by name although their checksum is right, and the active one goes on', async () => {
    const { client, active, candidate } = await createTrained('older');
    const { bytes } = await service.db
      .selectFrom('model')
      .select('bytes')
      .where('version', '=', candidate)
      .executeTakeFirstOrThrow();
    const older = Uint8Array.from(bytes);
    older[4] = 0;
    await overwrite(candidate, { bytes: older, sha256: createHash('sha256').update(older).digest('hex') });
    const detail = await expectRefused(client, candidate, active);
    expect(detail).toMatch(/format 0.*train a new one/);
  });

  test('that are too many are not even read', async () => {
    const { client, active, candidate } = await createTrained('large');
    await overwrite(candidate, { size_bytes: MAX_MODEL_BYTES + 1 });
    expect(await expectRefused(client, candidate, active)).toContain(`${MAX_MODEL_BYTES + 1} bytes`);
  });

  test('come with the flips of the comments that are there yet, not of one that was erased meanwhile', async () => {
    const { site, client, candidate } = await createTrained('erased');
    const { id } = (await client.post<{ id: string }>('/v1/comments', submission())).body;
    const flip = (rank: number, comment: string) => ({
      ...{
        model_version: candidate,
        site_id: site.id,
        comment_id: comment,
        rank,
        decided: false,
        label: null,
      },
      ...{
        from_verdict: 'ham' as const,
        to_verdict: 'spam' as const,
        from_probability: 0,
        to_probability: 1,
      },
    });
    const flips = [flip(500, '01900000-0000-7000-8000-000000000000'), flip(501, id)];
    await inTransaction(service.db, (trx) =>
      insertReport(trx, { siteId: site.id, version: candidate, report: {}, at: service.now() }, flips),
    );
    const { items } = (
      await client.get<{ items: { id: string }[] }>(`/v1/models/${candidate}/flips?of=waiting&after=499`)
    ).body;
    expect(items.map((item) => item.id)).toEqual([id]);
  });

  test('that are too many are not stored', async () => {
    const { site } = await createTestSite(service, 'unstored');
    const model = { ...service.starter, version: 'unstored-1' };
    const record = {
      siteId: site.id,
      state: 'candidate',
      report: {},
      createdBy: 'test',
      at: service.now(),
    } as const;
    const storing = storeModel(service.db, model, record, new Uint8Array(MAX_MODEL_BYTES + 1));
    await expect(storing).rejects.toMatchObject({ code: 'model_not_usable' });
    const rows = await service.db
      .selectFrom('model')
      .select('version')
      .where('site_id', '=', site.id)
      .execute();
    expect(rows).toEqual([]);
  });
});
