import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission } from '../../support/site.ts';

interface Item {
  id: string;
  comment: { status: string; content: string };
  claim: { by: string; mine: boolean; until: string } | null;
  decided: { decision: string; by: string; note: string | null } | null;
  notes: { by: string; text: string }[];
  author_history: Record<string, unknown>;
}
interface Page {
  items: Item[];
  next_cursor: string | null;
  total: number;
}
interface Bulk {
  results: { id: string; status?: string; code?: string; decided?: { mine: boolean } }[];
}
interface Own {
  items: { decision_id: string; id: string; decision: string; undoable: boolean; undone: boolean }[];
}

describe.each(DATABASES)('the modes of the queue on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  async function siteWith(slug: string, count: number, fields: Record<string, unknown> = {}) {
    const site = await createTestSite(service, slug, { premoderate: true, second_look_share: 0 });
    const other = site.client.as(await site.keyFor(['moderate'], 'night desk'));
    const ids: string[] = [];
    for (let at = 0; at < count; at += 100) {
      const comments = Array.from({ length: Math.min(100, count - at) }, () => submission(fields));
      const { body } = await site.client.post<{ results: { id: string }[] }>('/v1/comments/batch', {
        comments,
      });
      ids.push(...body.results.map(({ id }) => id));
      service.clock.advance(1);
    }
    return { ...site, other, ids };
  }

  async function readAll(client: Client, query: string, limit: number): Promise<string[]> {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const at: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Page = (await client.get<Page>(`/v1/queue?${query}&limit=${limit}${at}`)).body;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    return seen;
  }

  test('the most informative page mixes in random items and those that wait for more than a day', async () => {
    const { client, ids } = await siteWith('blend', 200);
    service.clock.advance(25 * 3600);
    const fresh = (await client.post<{ id: string }>('/v1/comments', submission())).body.id;
    // The younger the surer, but for the freshest: uncertainty alone would show the oldest at the very end.
    for (const [at, id] of [...ids, fresh].entries()) {
      await service.db
        .updateTable('queue_item')
        .set({ uncertainty: id === fresh ? 1 : at / 1000 })
        .where('comment_id', '=', id)
        .execute();
    }
    const seen = await readAll(client, 'order=informative', 7);
    expect([...seen].sort()).toEqual([...ids, fresh].sort());
    const drawn = (id: string | undefined) => id?.endsWith('0') ?? false;
    if (!drawn(fresh)) expect(seen[0]).toBe(fresh);
    const old = ids.filter((id) => !drawn(id)).sort();
    expect(seen.filter((_, at) => at % 10 === 4).slice(0, 5)).toEqual(old.slice(0, 5));
    const random = ids.filter(drawn).sort((a, b) => (a.slice(-12) < b.slice(-12) ? -1 : 1));
    expect(seen[9]).toBe(drawn(fresh) ? seen[9] : random[0]);
    expect((await readAll(client, 'order=informative', 50)).sort()).toEqual([...seen].sort());
  });

  test('a cursor of the informative order that was made up is refused', async () => {
    const { client } = await siteWith('blend-forged', 1);
    for (const forged of ['x', Buffer.from('{"shown":-1}').toString('base64url')]) {
      expect((await client.get(`/v1/queue?order=informative&cursor=${forged}`)).status).toBe(422);
    }
  });

  test('folders show what stands there, newest first, with who decided, narrowed by post, author and words', async () => {
    const { client, ids } = await siteWith('folders', 5, { post: 'p1' });
    await client.post('/v1/decisions', { decision: 'approve', ids: ids.slice(0, 3) });
    await client.post(`/v1/comments/${ids[3]}/decisions`, { decision: 'spam' });
    expect(await readAll(client, 'folder=approved', 2)).toEqual(ids.slice(0, 3).sort().reverse());
    const spam = (await client.get<Page>('/v1/queue?folder=spam&post=p1&q=mayor')).body;
    expect(spam.total).toBe(1);
    expect(spam.items[0]).toMatchObject({
      id: ids[3],
      comment: { status: 'spam' },
      decided: { decision: 'spam', by: 'desk' },
    });
    expect((await client.get<Page>('/v1/queue?folder=trash')).body).toMatchObject({ items: [], total: 0 });
    expect((await client.get<Page>('/v1/queue?folder=spam&author=nobody')).body.total).toBe(0);
    const refused = await client.get<{ errors: { pointer: string }[] }>(
      '/v1/queue?folder=spam&escalated=true',
    );
    expect([refused.status, refused.body.errors[0]?.pointer]).toEqual([422, '/query/escalated']);
  });

  test('a search finds words by their beginnings, hosts, and text written without spaces', async () => {
    const { client } = await createTestSite(service, 'searched', { premoderate: true });
    const texts = [
      'The bridge costs too much.',
      'See https://shop.example.com/win for more',
      '今日は天気がいい',
    ];
    for (const content of texts) await client.post('/v1/comments', submission({ content }));
    const found = async (q: string) =>
      (await client.get<Page>(`/v1/queue?q=${encodeURIComponent(q)}`)).body.items.map(
        ({ comment }) => comment.content,
      );
    expect(await found('BRIDG much')).toEqual([texts[0]]);
    expect(await found('much bridge')).toEqual([texts[0]]);
    expect(await found('idge')).toEqual([]);
    expect(await found('shop.example.com')).toEqual([texts[1]]);
    expect(await found('天気')).toEqual([texts[2]]);
    expect(await found("bri'dge \\ & | ! ( ) :* <->")).toEqual([]);
  });

  test('who holds an item is visible, others can leave it out, and it comes free by itself', async () => {
    const { client, other, ids } = await siteWith('held', 2);
    const claimed = await client.post<Page>('/v1/queue/claims', { ids: [ids[0]], seconds: 60 });
    expect(claimed.body.items.map(({ id, claim }) => [id, claim?.mine])).toEqual([[ids[0], true]]);
    expect((await other.post<Page>('/v1/queue/claims', { ids, seconds: 60 })).body.items).toHaveLength(1);
    const seen = (await other.get<Page>('/v1/queue?order=oldest')).body.items.find(({ id }) => id === ids[0]);
    expect(seen?.claim).toMatchObject({ by: 'desk', mine: false });
    expect(await readAll(other, 'available=true', 5)).toEqual([ids[1]]);
    const claims = (
      await other.get<{ items: { id: string; by: string; mine: boolean }[] }>('/v1/queue/claims')
    ).body.items;
    expect(claims.map(({ by, mine }) => [by, mine])).toEqual(
      expect.arrayContaining([
        ['desk', false],
        ['night desk', true],
      ]),
    );
    service.clock.advance(30);
    await client.post('/v1/queue/claims', { ids: [ids[0]], seconds: 60 });
    service.clock.advance(31);
    expect((await client.get<Page>('/v1/queue?available=true')).body.total).toBe(2);
    expect((await other.get<Page>('/v1/queue?available=true')).body.total).toBe(1);
    expect((await client.call('DELETE', '/v1/queue/claims', { body: { ids } })).body).toEqual({
      released: 1,
    });
    expect((await other.get<Page>('/v1/queue?available=true')).body.total).toBe(2);
  });

  test('a note stands with the item once, however often it is sent, for every moderator of the site alone', async () => {
    const { client, other, ids } = await siteWith('noted', 1);
    expect((await client.post(`/v1/comments/${ids[0]}/notes`, { text: 'Ask the desk.' })).status).toBe(201);
    expect((await client.post(`/v1/comments/${ids[0]}/notes`, { text: 'Ask the desk.' })).status).toBe(201);
    expect((await other.get<Page>('/v1/queue')).body.items[0]?.notes).toMatchObject([
      { by: 'desk', text: 'Ask the desk.' },
    ]);
    await client.post(`/v1/comments/${ids[0]}/decisions`, { decision: 'escalate', note: 'Libel?' });
    expect((await other.get<Page>('/v1/queue?escalated=true')).body.items[0]?.decided).toMatchObject({
      decision: 'escalate',
      note: 'Libel?',
    });
    const { client: foreign } = await siteWith('noted-elsewhere', 0);
    expect((await foreign.post(`/v1/comments/${ids[0]}/notes`, { text: 'x' })).status).toBe(404);
  });

  test('the own last decisions can be listed and undone; those of others are not among them', async () => {
    const { client, other, ids } = await siteWith('own', 4);
    const decide = (who: Client, id: string | undefined, decision: string) =>
      who.post(`/v1/comments/${id}/decisions`, { decision });
    for (const [at, decision] of ['approve', 'spam', 'escalate'].entries()) {
      service.clock.advance(4);
      await decide(client, ids[at], decision);
    }
    service.clock.advance(1);
    await decide(other, ids[3], 'approve');
    await decide(other, ids[2], 'spam');
    const own = async () => (await client.get<Own>('/v1/decisions')).body.items;
    expect((await own()).map(({ id, decision, undoable }) => [id, decision, undoable])).toEqual([
      [ids[2], 'escalate', false],
      [ids[1], 'spam', true],
      [ids[0], 'approve', true],
    ]);
    await client.post(`/v1/decisions/${(await own())[1]?.decision_id}/undo`);
    expect((await own()).map(({ undone }) => undone)).toEqual([false, true, false]);
    expect((await client.get('/v1/decisions/statistics')).body).toMatchObject({
      decided: 3,
      undone: 1,
      median_seconds: 4,
    });
    const since = service.now().toISOString();
    service.clock.advance(3600);
    expect(
      (await client.get(`/v1/decisions/statistics?since=${encodeURIComponent(service.now().toISOString())}`))
        .body,
    ).toMatchObject({ decided: 0, undone: 0, median_seconds: null });
    expect((await client.get(`/v1/decisions/statistics?since=${since.slice(0, 10)}`)).status).toBe(422);
  });

  test('what can be undone comes by press: a selection whole, and what was undone takes no place', async () => {
    const { client, ids } = await siteWith('presses', 8);
    const decide = (id: string | undefined) =>
      client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, { decision: 'spam' });
    const undoable = async (limit: number) =>
      (await client.get<Own>(`/v1/decisions?undoable=true&limit=${limit}`)).body.items.map(({ id }) => id);
    await decide(ids[0]);
    service.clock.advance(1);
    await client.post('/v1/decisions', { decision: 'approve', ids: ids.slice(1, 6) });
    for (const id of ids.slice(6)) {
      service.clock.advance(1);
      const { decision_id } = (await decide(id)).body;
      await client.post(`/v1/decisions/${decision_id}/undo`);
    }
    expect((await undoable(1)).sort()).toEqual(ids.slice(1, 6).sort());
    expect((await undoable(2)).sort()).toEqual(ids.slice(0, 6).sort());
    expect((await client.get('/v1/decisions?undoable=false')).status).toBe(422);
  });

  test('the author’s history tells of their other comments, in the queue and in every folder', async () => {
    const { client, ids } = await siteWith('history', 4, { author_email: 'ada@example.org' });
    const decide = async (id: string | undefined, decision: string) =>
      await client.post(`/v1/comments/${id}/decisions`, { decision, reason: 'insult' });
    const historyIn = async (query: string) =>
      (await client.get<Page>(`/v1/queue?${query}`)).body.items[0]?.author_history;
    await decide(ids[0], 'approve');
    await decide(ids[1], 'spam');
    await decide(ids[2], 'reject');
    expect(await historyIn('')).toMatchObject({ approved: 1, rejected: 1, spam: 1, held: 0 });
    expect(await historyIn('folder=approved')).toMatchObject({ approved: 0, rejected: 1, spam: 1, held: 1 });
    expect(await historyIn('folder=spam')).toMatchObject({ approved: 1, rejected: 1, spam: 0, held: 1 });
    expect(await historyIn('folder=trash')).toMatchObject({ approved: 1, rejected: 0, spam: 1, held: 1 });
    // Of an author only the newest 200 are looked at: an older one is none of them.
    const more = Array.from({ length: 205 }, () => submission({ author_email: 'ada@example.org' }));
    service.clock.advance(60);
    for (const comments of [more.slice(0, 100), more.slice(100, 200), more.slice(200)]) {
      await client.post('/v1/comments/batch', { comments });
      service.clock.advance(1);
    }
    expect(await historyIn('folder=approved')).toMatchObject({ approved: 0, spam: 0, held: 200 });
  });

  test('many decisions that stand are replaced at once, each by the version that was looked at', async () => {
    const { client, ids } = await siteWith('replaced', 3);
    await client.post('/v1/decisions', { decision: 'spam', ids });
    const bulk = async (body: Record<string, unknown>) => await client.post<Bulk>('/v1/decisions', body);
    const refused = (await bulk({ decision: 'approve', items: [{ id: ids[0] }] })).body.results;
    expect(refused).toMatchObject([{ id: ids[0], code: 'already_decided', decided: { mine: true } }]);
    const items = ids.map((id, at) => ({ id, version: at === 2 ? 1 : 2 }));
    const { results } = (await bulk({ decision: 'approve', items })).body;
    expect(results.map(({ id, status, code }) => [id, code ?? status])).toEqual([
      [ids[0], 'approved'],
      [ids[1], 'approved'],
      [ids[2], 'version_conflict'],
    ]);
    for (const body of [{}, { ids, items }, { items, campaign: ids[0] }, { items: [] }]) {
      expect((await bulk({ decision: 'approve', ...body })).status).toBe(422);
    }
  });
});
