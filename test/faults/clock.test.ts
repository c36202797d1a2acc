import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, type TestService } from '../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../support/site.ts';

describe('a clock that is set', () => {
  let service: TestService;
  let site: TestSite;
  beforeAll(async () => {
    service = await createTestService('pglite');
    site = await createTestSite(service, 'daily', { premoderate: true, flood_seconds: 15 });
  });
  afterAll(() => service.close());

  const post = () =>
    site.client.post<{ id: string }>('/v1/comments', submission({ author_email: 'ada@example.org' }));

  test.each([
    ['an hour back', -3600],
    ['a day back', -86_400],
    ['a day ahead', 86_400],
  ])(
    '%s: comments have ids of their own, nobody waits for it, keys and decisions are good',
    async (_what, seconds) => {
      const before = await post();
      service.clock.advance(seconds);
      const after = await post();
      expect([before.status, after.status]).toEqual([201, 201]);
      expect(after.body.id).not.toBe(before.body.id);
      // What the limit is for still holds.
      expect((await post()).status).toBe(429);
      for (const { body } of [before, after]) {
        const decided = await site.client.post(`/v1/comments/${body.id}/decisions`, { decision: 'approve' });
        expect(decided.status).toBe(200);
      }
      const listed = await site.client.get<{ items: { id: string }[] }>('/v1/comments?post=article-1');
      const ids = listed.body.items.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining([before.body.id, after.body.id]));
      expect(new Set(ids).size).toBe(ids.length);
      service.clock.advance(Math.abs(seconds) + 60);
    },
  );
});
