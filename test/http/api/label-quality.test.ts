import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { gatedThreads } from '../../support/gated-threads.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';

interface Suspicious {
  samples: number;
  disagreeing: number;
  items: {
    id: string;
    source: string;
    content: string;
    label: string;
    log_odds: number;
    evidence: { feature: string; log_odds: number }[];
  }[];
}
interface Job {
  state: string;
  result: { model_version: string };
}

describe.each(DATABASES)('the quality of labels on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  test('of one source a day only so many decisions teach, and the report says how many were left out', async () => {
    const { client } = await createTestSite(service, 'capped', { premoderate: true, votes_per_day: 10 });
    await uploadSamples(client, plainSamples(200));
    const ids: string[] = [];
    for (const { content } of plainSamples(230).slice(200))
      ids.push((await client.post<{ id: string }>('/v1/comments', submission({ content }))).body.id);
    await client.post('/v1/decisions', { decision: 'spam', ids });
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const { result } = (await client.get<Job>(`/v1/jobs/${job}`)).body;
    const { body } = await client.get(`/v1/models/${result.model_version}`);
    expect(body).toMatchObject({
      metrics: { samples: 210, ham: 100, spam: 110 },
      report: { votesLeftOut: 20 },
    });
  });

  test('a label that all the others speak against is found first, with what speaks against it', async () => {
    const { client } = await createTestSite(service, 'doubtful', { premoderate: true });
    const samples = plainSamples(120);
    const flipped = samples.slice(0, 2).map(({ content, label }) => ({
      content: `${content} indeed`,
      label: label === 'ham' ? 'spam' : 'ham',
    }));
    await uploadSamples(client, [...samples, flipped[0]]);
    const { id } = (
      await client.post<{ id: string }>('/v1/comments', submission({ content: flipped[1]?.content }))
    ).body;
    await client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });

    const found = (await client.get<Suspicious>('/v1/samples/suspicious?limit=2')).body;
    expect(found).toMatchObject({ samples: 122, disagreeing: 2 });
    expect(found.items.map(({ content, label }) => ({ content, label }))).toEqual(
      expect.arrayContaining(flipped),
    );
    for (const { label, log_odds, evidence } of found.items) {
      const against = label === 'spam' ? -1 : 1;
      expect(log_odds * against).toBeGreaterThan(0);
      expect(evidence.length).toBeGreaterThan(2);
      expect(evidence.every((one) => one.log_odds * against > 0)).toBe(true);
    }
    expect(found.items.find((item) => item.source === 'decision')).toMatchObject({ id, label: 'ham' });

    service.clock.advance(1);
    const { decision_id } = (
      await client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, {
        decision: 'spam',
        version: 2,
      })
    ).body;
    expect((await client.get<Suspicious>('/v1/samples/suspicious')).body.disagreeing).toBe(1);
    expect((await client.post(`/v1/decisions/${decision_id}/undo`)).status).toBe(200);
    expect((await client.get<Suspicious>('/v1/samples/suspicious')).body.disagreeing).toBe(2);
  });

  test('they are searched for beside the thread that answers: others are answered while it fits', async () => {
    const { client, keyFor } = await createTestSite(service, 'searched');
    const samples = plainSamples(120);
    const wrong = { content: `${samples[0]?.content} indeed`, label: 'spam' };
    await uploadSamples(client, [...samples, wrong]);
    const { begin, open, atGate } = gatedThreads('finish');
    const opening = createClient(
      { ...service, trainInThread: begin },
      await keyFor(['train']),
    ).get<Suspicious>('/v1/samples/suspicious');
    await atGate;
    expect((await client.post('/v1/comments', submission())).status).toBe(201);
    open();
    expect((await opening).body.items.map(({ content }) => content)).toEqual([wrong.content]);
    // Where there are no threads the same labels are found.
    const here = createClient({ ...service, trainInThread: null }, await keyFor(['train']));
    await client.call('DELETE', `/v1/samples/${(await opening).body.items[0]?.id}`);
    await uploadSamples(client, [wrong]);
    const again = (await here.get<Suspicious>('/v1/samples/suspicious')).body;
    expect(again.items.map(({ content }) => content)).toEqual([wrong.content]);
    expect(again.items[0]?.evidence).toEqual((await opening).body.items[0]?.evidence);
  });

  test('a site without labels has no suspicious ones, and another site sees none of its own', async () => {
    const { client } = await createTestSite(service, 'unlabelled');
    expect((await client.get('/v1/samples/suspicious')).body).toEqual({
      items: [],
      samples: 0,
      disagreeing: 0,
    });
    expect((await client.get('/v1/samples/suspicious?limit=201')).status).toBe(422);
  });
});
