/** What the public reads of a site: the comments of an article in both orders, numbers, the newest of all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAddressedSite, createTestSite, submission, type TestSite } from '../../support/site.ts';
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

  test('counts what is public of many articles, however they are named, in one answer that may be cached', async () => {
    const site = await createAddressedSite(service, `public-${++sites}`);
    await publish(site, 3, { post: '/a' });
    await publish(site, 1, { post: '/সংবাদ' });
    const [rejected = ''] = await publish(site, 1, { post: '/a' });
    await site.client.call('DELETE', `/v1/comments/${rejected}`);
    await site.client.post('/v1/comments', submission({ post: '/a', honeypot: 'filled' }));
    const key = await site.publicKeyFor('https://daily.example');
    const reader = createClient(service, key);
    const asked = [
      '/a',
      'https://daily.example//A/?utm_source=x',
      '/none',
      '/%E0%A6%B8%E0%A6%82%E0%A6%AC%E0%A6%BE%E0%A6%A6',
      '/a',
    ];
    const query = asked.map((post) => `post=${encodeURIComponent(post)}`).join('&');
    const answer = await reader.get<{ items: unknown[] }>(`/v1/comments/counts?${query}`, {
      headers: { origin: 'https://daily.example' },
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.items).toEqual(asked.map((post, at) => ({ post, comments: [3, 3, 0, 1, 3][at] })));
    expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
    expect(answer.headers.get('vary')).toBe('authorization, cookie, origin');
    const many = Array.from({ length: 101 }, (_, at) => `post=${at}`).join('&');
    for (const wrong of ['', '?post=', `?${many}`, '?post=1&limit=1&limit=2']) {
      expect((await site.client.get(`/v1/comments/counts${wrong}`)).status, wrong).toBe(422);
    }
  });

  test('lists the newest comments of all articles with the address of each', async () => {
    const site = await createAddressedSite(service, `public-${++sites}`);
    const ids = [
      ...(await publish(site, 1, { post: '/a' })),
      ...(await publish(site, 1, { post: '4711', post_url: 'https://daily.example/b#top' })),
      ...(await publish(site, 1, { post: '4712' })),
      ...(await publish(site, 1, { post: 'https://Other.example/Ü?utm_source=x' })),
    ];
    type Recent = Page & { items: readonly { post_url: string | null }[] };
    const first = await site.client.get<Recent>('/v1/comments/recent?limit=3');
    const rest = await site.client.get<Recent>(
      `/v1/comments/recent?limit=3&cursor=${encodeURIComponent(first.body.next_cursor ?? '')}`,
    );
    const all = [...first.body.items, ...rest.body.items];
    expect(all.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(all.map(({ post_url }) => post_url)).toEqual([
      'https://other.example/%C3%BC',
      null,
      'https://daily.example/b#top',
      'https://daily.example/a',
    ]);
    expect(rest.body.next_cursor).toBeNull();
  });
});
