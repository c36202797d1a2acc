import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSamples } from '../../../src/storage/learn/samples.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';

describe.each(DATABASES)('reading samples on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  test('gives all of them, page by page, and of a share the same part each time', async () => {
    const { site, client } = await createTestSite(service, 'samples');
    await uploadSamples(client, plainSamples(900));
    const { body } = await client.post<{ id: string }>('/v1/comments', submission());
    await client.post(`/v1/comments/${body.id}/decisions`, { decision: 'spam' });
    const read = async (share?: number) => {
      const ids: string[] = [];
      for await (const page of readSamples(service.db, site.id, share)) {
        expect(page.length).toBeLessThanOrEqual(250);
        ids.push(...page.map(({ id }) => id));
      }
      return ids;
    };
    const all = await read();
    expect(new Set(all).size).toBe(901);
    const part = await read(0.3);
    expect(part.length / 901).toBeGreaterThan(0.2);
    expect(part.length / 901).toBeLessThan(0.4);
    expect(await read(0.3)).toEqual(part);
    const larger = await read(0.6);
    expect(part.filter((id) => !larger.includes(id))).toEqual([]);
    expect(await read(0)).toEqual([]);
  });
});
