import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createTestSite, submission } from '../support/site.ts';
import { plainSamples, uploadSamples } from '../support/trained-site.ts';

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
});
