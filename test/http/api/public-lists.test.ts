/** What the public reads of a site: the comments of an article in both orders. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

interface Page {
  readonly items: readonly { readonly id: string; readonly post: string }[];
  readonly next_cursor: string | null;
}

describe.each(DATABASES)('public lists on %s', (kind) => {
  let service: TestService;
  let sites = 0;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  const createSite = async () => await createTestSite(service, `public-${++sites}`);

  /** Ids in the order of arrival. */
  async function publish({ client }: TestSite, count: number, fields: Record<string, unknown> = {}) {
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      const sent = await client.post<{ id: string }>('/v1/comments', submission(fields));
      expect(sent.status, sent.text).toBe(201);
      await client.post(`/v1/comments/${sent.body.id}/decisions`, { decision: 'approve' });
      ids.push(sent.body.id);
      service.clock.advance(1);
    }
    return ids;
  }

  async function readAll(client: Client, query: string): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await client.get<Page>(`/v1/comments?${query}${more}`);
      expect(page.status, page.text).toBe(200);
      ids.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.next_cursor;
    }
    return ids;
  }

  test('lists a thread in both orders, in pages of every size', async () => {
    const site = await createSite();
    const ids = await publish(site, 5);
    for (const limit of [1, 2, 3, 5, 200]) {
      const query = `post=article-1&limit=${limit}`;
      expect(await readAll(site.client, query)).toEqual(ids);
      expect(await readAll(site.client, `${query}&order=oldest`)).toEqual(ids);
      expect(await readAll(site.client, `${query}&order=newest`)).toEqual(ids.toReversed());
    }
  });

  test('names the place of a hidden parent in both orders and refuses a cursor of the other order', async () => {
    const site = await createSite();
    const [parent = ''] = await publish(site, 1);
    await publish(site, 2, { parent });
    const { body } = await site.client.get<{ version: number }>(`/v1/comments/${parent}`);
    const decision = { decision: 'reject', reason: 'insult', version: body.version };
    expect((await site.client.post(`/v1/comments/${parent}/decisions`, decision)).status).toBe(200);
    const newest = await site.client.get<Page & { removed: { id: string }[] }>(
      '/v1/comments?post=article-1&order=newest&limit=1',
    );
    expect(newest.body.removed.map(({ id }) => id)).toEqual([parent]);
    const cursor = encodeURIComponent(newest.body.next_cursor ?? '');
    const mixed = await site.client.get(`/v1/comments?post=article-1&order=oldest&cursor=${cursor}`);
    expect(mixed.status).toBe(422);
    expect((await site.client.get('/v1/comments?post=article-1&order=best')).status).toBe(422);
  });
});
