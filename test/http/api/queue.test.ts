import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

interface Item {
  id: string;
  version: number;
  comment: { content: string; status: string };
  spam_probability: number;
  evidence: { feature: string; log_odds: number }[];
  highlights: { start: number; end: number }[];
  reasons: { rule: string }[];
  near_duplicates: { campaign: string | null; count: number };
  author_history: { held: number };
  escalated: boolean;
}
interface Page {
  items: Item[];
  next_cursor: string | null;
  total: number;
}
interface Decided {
  id: string;
  decision_id: string;
  status: string;
  version: number;
  code?: string;
  decided?: { decision: string; by: string };
}

describe.each(DATABASES)('the queue on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  /** A site that reads everything before it is shown, with so many held comments. */
  async function siteWith(
    slug: string,
    count: number,
    fields: Record<string, unknown> = {},
  ): Promise<TestSite & { ids: string[] }> {
    const site = await createTestSite(service, slug, { premoderate: true });
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      service.clock.advance(1);
      ids.push((await site.client.post<{ id: string }>('/v1/comments', submission(fields))).body.id);
    }
    return { ...site, ids };
  }

  test('an item carries what is needed to decide, and no address', async () => {
    const { client } = await siteWith('whole', 2, {
      author_email: 'someone@example.org',
      content: 'Visit https://example.com/win now!',
      post: 'a',
    });
    const { body, text } = await client.get<Page>('/v1/queue');
    const item = body.items[0];
    expect(body.total).toBe(1);
    expect(item?.reasons.map(({ rule }) => rule)).toContain('premoderation');
    expect(item?.evidence.length).toBeGreaterThan(0);
    for (const { start, end } of item?.highlights ?? []) expect(end).toBeGreaterThan(start);
    expect(text).not.toContain('someone@');
    expect(text).not.toMatch(/t1:[\w-]{43}/);
  });

  test.each(['risk', 'oldest', 'informative'])('pages in order of %s give every item once', async (order) => {
    const { client, ids } = await siteWith(`paged-${order}`, 7);
    const seen: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const at: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Page = (await client.get<Page>(`/v1/queue?order=${order}&limit=3${at}`)).body;
      seen.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(seen.map(({ id }) => id).sort()).toEqual([...ids].sort());
    if (order === 'oldest') expect(seen.map(({ id }) => id)).toEqual(ids);
    if (order === 'risk') {
      const risks = seen.map((item) => item.spam_probability);
      expect(risks).toEqual([...risks].sort((a, b) => b - a));
    }
  });

  test('a forged cursor, or one of another order, is refused', async () => {
    const { client } = await siteWith('cursor', 3);
    const { next_cursor } = (await client.get<Page>('/v1/queue?order=oldest&limit=1')).body;
    for (const cursor of ['x', next_cursor, Buffer.from('["risk",1,"; drop table"]').toString('base64url')]) {
      expect((await client.get(`/v1/queue?order=risk&cursor=${cursor}`)).status).toBe(422);
    }
    expect((await client.get('/v1/queue?order=created_at;drop')).status).toBe(422);
    expect((await client.get('/v1/queue?limit=0')).status).toBe(422);
    expect((await client.get('/v1/queue?sort=x')).status).toBe(422);
  });

  test('filters narrow the queue by reason, post, author and words, taking wildcards literally', async () => {
    const { client } = await createTestSite(service, 'filtered', {
      premoderate: true,
      suspect_words: ['bridge'],
    });
    await client.post(
      '/v1/comments',
      submission({ post: 'p1', content: 'The bridge is 100% safe.', author_name: 'Ada' }),
    );
    await client.post(
      '/v1/comments',
      submission({ post: 'p2', content: 'The tunnel is better.', author_name: 'Bo' }),
    );
    const total = async (filter: string) => (await client.get<Page>(`/v1/queue?${filter}`)).body.total;
    expect(await total('reason=suspect_word')).toBe(1);
    expect(await total('reason=premoderation')).toBe(2);
    expect(await total('post=p2')).toBe(1);
    expect(await total('author=ada')).toBe(1);
    expect(await total('author=a%25')).toBe(0);
    expect(await total('q=TUNNEL')).toBe(1);
    expect(await total(`q=${encodeURIComponent('100%')}`)).toBe(1);
    expect(await total(`q=${encodeURIComponent('%')}`)).toBe(1);
    expect(await total(`q=${encodeURIComponent("' OR 1=1--")}`)).toBe(0);
    const [first] = (await client.get<Page>('/v1/queue?author=Ada')).body.items;
    expect(await total(`author=${first?.id}`)).toBe(1);
  });

  test('an author is found by name and by another comment, in whatever way a comment came into the queue', async () => {
    const { client } = await createTestSite(service, 'authors', { premoderate: true });
    const make = async (path: string, body: object): Promise<string> => {
      const answer = await client.post<{ id: string; decision_id?: string }>(path, body);
      expect(answer.status).toBeLessThan(300);
      return answer.body.decision_id ?? answer.body.id;
    };
    const author = { author_name: 'Mary Ann', author_email: 'mary@example.org' };
    const send = (content: string) => make('/v1/comments', submission({ ...author, content }));
    const waiting = await send('The first letter on the bridge.');
    const undone = await send('The second letter, on the tunnel.');
    const escalated = await send('The third letter, on the road.');
    const decide = (id: string, decision: string) => make(`/v1/comments/${id}/decisions`, { decision });
    await make(`/v1/decisions/${await decide(undone, 'approve')}/undo`, {});
    await decide(escalated, 'escalate');
    for (const wanted of ['mary%20ANN', waiting]) {
      const { items } = (await client.get<Page>(`/v1/queue?author=${wanted}`)).body;
      expect(items.map(({ id }) => id).sort()).toEqual([waiting, undone, escalated].sort());
    }
  });

  test('two who claim at once never get one item, and a claim ends with its time', async () => {
    const { client, keyFor } = await siteWith('claims', 10);
    const other = createClient(service, await keyFor(['moderate'], 'other'));
    const claims = await Promise.all(
      [client, other, client, other].map((who) =>
        who.post<Page>('/v1/queue/claims', { limit: 2, seconds: 60 }),
      ),
    );
    const held = claims.flatMap(({ body }) => body.items.map(({ id }) => id));
    expect(held).toHaveLength(8);
    expect(new Set(held).size).toBe(8);
    expect((await other.post<Page>('/v1/queue/claims', { limit: 10, seconds: 60 })).body.items).toHaveLength(
      2,
    );
    expect((await other.post<Page>('/v1/queue/claims', { limit: 10, seconds: 60 })).body.items).toHaveLength(
      0,
    );
    service.clock.advance(61);
    expect((await other.post<Page>('/v1/queue/claims', { limit: 10, seconds: 60 })).body.items).toHaveLength(
      10,
    );
  });

  test('each decision gives its status and label, and leaves the queue', async () => {
    const { client, ids } = await siteWith('decided', 3);
    const decide = async (id: string | undefined, body: Record<string, unknown>) =>
      (await client.post<Decided>(`/v1/comments/${id}/decisions`, body)).body.status;
    expect(await decide(ids[0], { decision: 'approve' })).toBe('approved');
    expect(await decide(ids[1], { decision: 'spam' })).toBe('spam');
    expect(
      (await client.post<Decided>(`/v1/comments/${ids[2]}/decisions`, { decision: 'reject' })).body.code,
    ).toBe('reason_required');
    expect(await decide(ids[2], { decision: 'reject', reason: 'insult' })).toBe('trash');
    const labels = await service.db
      .selectFrom('comment')
      .select(['id', 'label'])
      .where('id', 'in', ids)
      .orderBy('id')
      .execute();
    expect(labels.map(({ label }) => label)).toEqual(['ham', 'spam', null]);
    expect((await client.get<Page>('/v1/queue')).body.total).toBe(0);
  });

  test('two who decide at once: one wins, the other learns who decided what', async () => {
    const { client, ids, keyFor } = await siteWith('race', 1);
    const other = createClient(service, await keyFor(['moderate'], 'night desk'));
    const answers = await Promise.all([
      client.post<Decided>(`/v1/comments/${ids[0]}/decisions`, { decision: 'approve' }),
      other.post<Decided>(`/v1/comments/${ids[0]}/decisions`, { decision: 'spam' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409)?.body;
    expect(lost?.code).toBe('already_decided');
    expect(['desk', 'night desk']).toContain(lost?.decided?.by);
    expect(['approve', 'spam']).toContain(lost?.decided?.decision);
  });

  test.each(['approve', 'spam', 'reject'] as const)(
    'answers the same %s again, with or without its version, as the first time and stores nothing',
    async (decision) => {
      const { client, ids, keyFor } = await siteWith(`again-${decision}`, 2);
      const other = createClient(service, await keyFor(['moderate'], 'night desk'));
      const reason = decision === 'reject' ? { reason: 'insult' } : {};
      for (const version of [{}, { version: 1 }]) {
        const path = `/v1/comments/${ids[version.version === undefined ? 0 : 1]}/decisions`;
        const sent = { decision, ...reason, ...version };
        const first = await client.post<Decided>(path, sent);
        const again = await client.post<Decided>(path, sent);
        expect([again.status, again.body]).toEqual([200, first.body]);
        expect((await other.post(path, sent)).status, 'of another person').toBe(409);
        expect((await client.post(path, { ...sent, note: 'and why' })).status, 'with a note').toBe(409);
      }
      const bulk = await client.post<{ results: Decided[] }>('/v1/decisions', { decision, ...reason, ids });
      expect(bulk.body.results.map(({ code, status }) => code ?? status)).toEqual([
        expect.stringMatching(/^(approved|spam|trash)$/),
        expect.stringMatching(/^(approved|spam|trash)$/),
      ]);
    },
  );

  test('a decision that stands is replaced only with the version that was looked at', async () => {
    const { client, ids } = await siteWith('versions', 1);
    const path = `/v1/comments/${ids[0]}/decisions`;
    const first = (await client.post<Decided>(path, { decision: 'approve', version: 1 })).body;
    expect((await client.post<Decided>(path, { decision: 'spam', version: 1 })).body.code).toBe(
      'version_conflict',
    );
    expect((await client.post<Decided>(path, { decision: 'spam', version: first.version })).body.status).toBe(
      'spam',
    );
  });

  test('an undo brings status, label and the place in the queue back', async () => {
    const { client, ids } = await siteWith('undone', 2);
    const before = (await client.get<Page>('/v1/queue')).body;
    const decided = (await client.post<Decided>(`/v1/comments/${ids[0]}/decisions`, { decision: 'spam' }))
      .body;
    const undo = await client.post<Decided>(`/v1/decisions/${decided.decision_id}/undo`);
    expect(undo.body.status).toBe('hold');
    const after = (await client.get<Page>('/v1/queue')).body;
    expect(after.items.map(({ id }) => id)).toEqual(before.items.map(({ id }) => id));
    const row = await service.db
      .selectFrom('comment')
      .select(['label', 'status'])
      .where('id', '=', ids[0] ?? '')
      .executeTakeFirst();
    expect(row).toEqual({ label: null, status: 'hold' });
    expect((await client.post<Decided>(`/v1/decisions/${decided.decision_id}/undo`)).body.code).toBe(
      'not_undoable',
    );
  });

  test('an escalated item stays in the queue, marked, until somebody decides', async () => {
    const { client, ids } = await siteWith('escalated', 1);
    await client.post(`/v1/comments/${ids[0]}/decisions`, { decision: 'escalate', note: 'libel?' });
    expect((await client.get<Page>('/v1/queue?escalated=true')).body.items[0]?.escalated).toBe(true);
    expect(
      (await client.post<Decided>(`/v1/comments/${ids[0]}/decisions`, { decision: 'approve' })).body.status,
    ).toBe('approved');
  });

  test('decisions in bulk answer each id in order, also the wrong ones', async () => {
    const { client, ids } = await siteWith('bulk', 3);
    await client.post(`/v1/comments/${ids[1]}/decisions`, { decision: 'approve' });
    const nobody = '00000000-0000-7000-8000-000000000000';
    const { body } = await client.post<{ results: Decided[] }>('/v1/decisions', {
      decision: 'spam',
      ids: [...ids, nobody],
    });
    expect(body.results.map(({ status, code }) => code ?? status)).toEqual([
      'spam',
      'already_decided',
      'spam',
      'not_found',
    ]);
    expect(body.results.map(({ id }) => id)).toEqual([...ids, nobody]);
  });

  test('a thousand ids in one call are decided', async () => {
    const { client, site } = await siteWith('thousand', 0);
    for (let at = 0; at < 10; at++) {
      await client.post('/v1/comments/batch', { comments: Array.from({ length: 100 }, () => submission()) });
    }
    const rows = await service.db
      .selectFrom('queue_item')
      .select('comment_id')
      .where('site_id', '=', site.id)
      .execute();
    const ids = rows.map((row) => row.comment_id);
    expect(ids).toHaveLength(1000);
    const { body } = await client.post<{ results: Decided[] }>('/v1/decisions', { decision: 'approve', ids });
    expect(body.results.filter(({ status }) => status === 'approved')).toHaveLength(1000);
    expect((await client.get<Page>('/v1/queue')).body.total).toBe(0);
  });

  test('a campaign of near-copies is counted in the queue and decided at once', async () => {
    const { client } = await createTestSite(service, 'campaign', { premoderate: true });
    for (let at = 0; at < 5; at++) {
      await client.post(
        '/v1/comments',
        submission({
          post: `p${at}`,
          content: `Earn $${at}00 a day from home, write to agent${at} now and get rich quickly!`,
        }),
      );
    }
    await client.post('/v1/comments', submission());
    const item = (await client.get<Page>('/v1/queue')).body.items.find(({ comment }) =>
      comment.content.startsWith('Earn'),
    );
    expect(item?.near_duplicates.count).toBe(4);
    const { body } = await client.post<{ results: Decided[] }>('/v1/decisions', {
      decision: 'spam',
      campaign: item?.near_duplicates.campaign,
    });
    expect(body.results.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'spam'));
    expect((await client.get<Page>('/v1/queue')).body.total).toBe(1);
  });

  test('of a campaign those that wait are counted, also for one that does not wait any more', async () => {
    const { client } = await createTestSite(service, 'campaign-elsewhere', { premoderate: true });
    for (let at = 0; at < 5; at++) {
      await client.post(
        '/v1/comments',
        submission({
          content: `Earn $${at}00 a day from home, write to agent${at} now and get rich quickly!`,
        }),
      );
    }
    const countIn = async (query: string) =>
      (await client.get<Page>(`/v1/queue?${query}`)).body.items[0]?.near_duplicates.count;
    const [first, ...others] = (await client.get<Page>('/v1/queue')).body.items.map(({ id }) => id);
    await client.post(`/v1/comments/${first}/decisions`, { decision: 'approve' });
    expect(await countIn('folder=approved')).toBe(4);
    expect(await countIn('order=oldest')).toBe(3);
    await client.post('/v1/decisions', { decision: 'spam', ids: others });
    expect(await countIn('folder=approved')).toBe(0);
  });

  test('an edit is scored anew and never makes a comment more visible', async () => {
    const site = await createTestSite(service, 'edited', { suspect_words: ['casino'] });
    const sent = (await site.client.post<Item>('/v1/comments', submission())).body;
    await site.client.post(`/v1/comments/${sent.id}/decisions`, { decision: 'approve' });
    const edited = await site.client.call<Item & { label: string | null }>(
      'PATCH',
      `/v1/comments/${sent.id}`,
      { body: { content: 'Join the casino.' } },
    );
    expect(edited.body).toMatchObject({ status: 'hold', label: null });
    expect((await site.client.get<Page>('/v1/queue')).body.items.map(({ id }) => id)).toEqual([sent.id]);
  });

  test('the public list has approved comments alone, and a deleted one is gone', async () => {
    const { client, ids } = await siteWith('public', 3, { post: 'story' });
    await client.post('/v1/decisions', { decision: 'approve', ids: ids.slice(0, 2) });
    const list = async () =>
      (await client.get<{ items: Record<string, unknown>[] }>('/v1/comments?post=story')).body.items;
    const items = await list();
    expect(items.map((item) => item.id)).toEqual(ids.slice(0, 2));
    expect(Object.keys(items[0] ?? {}).sort()).toEqual([
      'author_name',
      'author_url',
      'content',
      'date_gmt',
      'id',
      'parent',
      'post',
    ]);
    expect((await client.call('DELETE', `/v1/comments/${ids[0]}`)).status).toBe(204);
    expect((await list()).map((item) => item.id)).toEqual([ids[1]]);
    expect((await client.get(`/v1/comments/${ids[0]}`)).status).toBe(404);
  });

  test('the explanation adds up to the score, bit for bit', async () => {
    const { client, ids } = await siteWith('explained', 1, {
      content: 'Check out my channel http://example.com FREE $$$',
    });
    const { body } = await client.get<{
      prior: number;
      evidence: { log_odds: number }[];
      log_odds: number;
      model_version: string;
    }>(`/v1/comments/${ids[0]}/explanation`);
    expect(body.evidence.reduce((sum, { log_odds }) => sum + log_odds, body.prior)).toBe(body.log_odds);
    const row = await service.db
      .selectFrom('comment')
      .select('log_odds')
      .where('id', '=', ids[0] ?? '')
      .executeTakeFirst();
    expect(body.log_odds).toBe(row?.log_odds);
  });
});
