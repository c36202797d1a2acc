/** Uploaded samples with a wrong label: corrected or deleted, and what the next training makes of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';

interface Sample {
  id: string;
  content: string;
  label: string;
  labelled_by: string;
  labelled_at: string;
}
interface Suspicious {
  items: Sample[];
  disagreeing: number;
}
interface Model {
  metrics: unknown;
  report: { votesLeftOut: number; starterWeight: number };
  provenance: { samples: unknown; labels: { count: number; sha256: string } };
}

const NOWHERE = '01900000-0000-7000-8000-000000000000';

describe.each(DATABASES)('the correction of a sample on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  const samples = plainSamples(120);
  const text = `${samples[0]?.content} indeed`;
  const suspicious = async (client: Client) => (await client.get<Suspicious>('/v1/samples/suspicious')).body;

  async function train(client: Client): Promise<Model> {
    service.clock.advance(60);
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const { result } = (await client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`)).body;
    return (await client.get<Model>(`/v1/models/${result.model_version}`)).body;
  }

  async function auditOf(id: string) {
    const rows = await service.db
      .selectFrom('audit')
      .select(['action', 'detail'])
      .where('subject', '=', id)
      .orderBy('seq')
      .execute();
    return rows.map(({ action, detail }) => ({ action, ...detail }));
  }

  test('deletes it: the next candidate is as if it had never been, and it is no longer suspicious', async () => {
    const { client, site } = await createTestSite(service, 'deleted');
    await uploadSamples(client, samples);
    const without = await train(client);
    await uploadSamples(client, [{ content: text, label: 'spam' }]);
    const withIt = await train(client);
    expect(withIt.provenance.labels).not.toEqual(without.provenance.labels);
    const [found] = (await suspicious(client)).items;
    expect(found).toMatchObject({ content: text, label: 'spam' });
    const id = found?.id ?? '';
    expect((await client.call('DELETE', `/v1/samples/${id}`)).status).toBe(204);
    expect((await client.call('DELETE', `/v1/samples/${id}`)).status).toBe(404);
    expect((await suspicious(client)).disagreeing).toBe(0);
    const after = await train(client);
    expect(after.provenance.labels).toEqual(without.provenance.labels);
    expect(after.metrics).toEqual(without.metrics);
    expect(await auditOf(id)).toEqual([{ action: 'sample.delete', label: 'spam', source: 'upload' }]);
    // What keeps the restore of an older export from bringing it back.
    const tombstones = await service.db
      .selectFrom('tombstone')
      .select(['kind', 'subject'])
      .where('site_id', '=', site.id)
      .execute();
    expect(tombstones).toEqual([{ kind: 'sample', subject: id }]);
  });

  test('gives it the other label: the next candidate is as if it had always had that one', async () => {
    const [right, wrong] = await Promise.all(
      ['right', 'wrong'].map(async (slug) => (await createTestSite(service, slug)).client),
    );
    if (!right || !wrong) throw new Error('two sites were made');
    await uploadSamples(right, [...samples, { content: text, label: 'ham' }]);
    await uploadSamples(wrong, [...samples, { content: text, label: 'spam' }]);
    const expected = await train(right);
    const id = (await suspicious(wrong)).items[0]?.id ?? '';
    const path = `/v1/samples/${id}`;
    const corrected = await wrong.call<Sample>('PATCH', path, { body: { label: 'ham' } });
    expect(corrected.status).toBe(200);
    expect(corrected.body).toMatchObject({ id, content: text, label: 'ham', source: 'upload' });
    expect(corrected.body.labelled_at).toBe(service.now().toISOString());
    expect((await wrong.call<Sample>('PATCH', path, { body: { label: 'ham' } })).body).toEqual(
      corrected.body,
    );
    expect((await suspicious(wrong)).disagreeing).toBe(0);
    const found = await train(wrong);
    expect(found.metrics).toEqual(expected.metrics);
    expect(found.report.starterWeight).toBe(expected.report.starterWeight);
    expect(found.provenance.samples).toEqual(expected.provenance.samples);
    expect(await auditOf(id)).toEqual([
      { action: 'sample.label', from: 'spam', to: 'ham', source: 'upload' },
    ]);
  });

  test('refuses a label that the same text has already, a decided comment, and the samples of others', async () => {
    const { client } = await createTestSite(service, 'refusing', { premoderate: true });
    const other = await createTestSite(service, 'foreign');
    await uploadSamples(client, [
      ...samples,
      { content: text, label: 'spam' },
      { content: text, label: 'ham' },
    ]);
    const id = (await suspicious(client)).items[0]?.id ?? '';
    const refuse = async (by: Client, method: string, of: string, body?: unknown) => {
      const { status, body: answer } = await by.call<{ code: string }>(method, `/v1/samples/${of}`, { body });
      return `${status} ${answer.code}`;
    };
    expect(await refuse(client, 'PATCH', id, { label: 'ham' })).toBe('409 conflict');
    expect(await refuse(client, 'PATCH', id, { label: 'meh' })).toBe('422 invalid');
    expect(await refuse(other.client, 'PATCH', id, { label: 'ham' })).toBe('404 not_found');
    expect(await refuse(other.client, 'DELETE', id)).toBe('404 not_found');
    expect(await refuse(client, 'DELETE', NOWHERE)).toBe('404 not_found');
    const { id: comment } = (await client.post<{ id: string }>('/v1/comments', submission())).body;
    await client.post(`/v1/comments/${comment}/decisions`, { decision: 'spam' });
    expect(await refuse(client, 'DELETE', comment)).toBe('404 not_found');
    const reader = client.as(await other.keyFor(['read', 'submit', 'moderate']));
    expect(await refuse(reader, 'DELETE', id)).toBe('403 forbidden');
    expect((await suspicious(client)).items[0]?.id).toBe(id);
  });
});
