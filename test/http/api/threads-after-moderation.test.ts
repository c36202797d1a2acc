/** What becomes of a thread whose comments are held, rejected or deleted: places stay, and nobody answers what is hidden. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const ORIGIN = 'https://daily.example';

interface Listed {
  readonly items: readonly { readonly id: string; readonly parent: string | null }[];
  readonly removed: readonly {
    readonly id: string;
    readonly parent: string | null;
    readonly held: boolean;
  }[];
}

/** What is done to a comment of a chain of five, and where. */
const ACTS = ['reject', 'spam', 'hold', 'edit to spam', 'delete', 'delete branch'] as const;
const PLACES = [[0], [2], [4], [1, 3]] as const;
const CASES = ACTS.flatMap((act) => PLACES.map((places) => ({ act, places, name: places.join(' and ') })));

describe.each(DATABASES)('threads after moderation on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  let publicKey: string;
  let secretKey: string;
  let count = 0;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
    site = await createTestSite(service, 'threads', { banned_words: ['forbiddenword'] });
    publicKey = await site.publicKeyFor(ORIGIN);
    secretKey = await site.keyFor(['submit', 'read']);
  });
  afterAll(() => service.close());

  const decide = async (id: string, decision: object) => {
    const { body } = await site.client.get<{ version: number }>(`/v1/comments/${id}`);
    const answer = await site.client.post(`/v1/comments/${id}/decisions`, {
      version: body.version,
      ...decision,
    });
    expect(answer.status, answer.text).toBe(200);
  };

  async function createChain(post: string): Promise<string[]> {
    const ids: string[] = [];
    for (let level = 0; level < 5; level++) {
      const parent = ids.at(-1);
      const sent = await site.client.post<{ id: string }>(
        '/v1/comments',
        submission({ post, ...(parent !== undefined && { parent }) }),
      );
      expect(sent.status, sent.text).toBe(201);
      await decide(sent.body.id, { decision: 'approve' });
      ids.push(sent.body.id);
      service.clock.advance(1);
    }
    return ids;
  }

  async function perform(act: (typeof ACTS)[number], id: string): Promise<void> {
    switch (act) {
      case 'reject':
        return await decide(id, { decision: 'reject', reason: 'insult' });
      case 'spam':
        return await decide(id, { decision: 'spam' });
      case 'hold':
        await site.client.post(`/wp-json/wp/v2/comments/${await numberOf(id)}`, { status: 'hold' });
        return;
      case 'edit to spam':
        await site.client.call('PATCH', `/v1/comments/${id}`, { body: { content: 'A forbiddenword.' } });
        return;
      case 'delete':
        await site.client.call('DELETE', `/v1/comments/${id}`);
        return;
      case 'delete branch':
        await site.client.call('DELETE', `/v1/comments/${id}?branch=true`);
    }
  }

  const numberOf = async (id: string) => {
    const row = await service.db
      .selectFrom('comment')
      .select('number')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.number ?? '999999';
  };

  const list = async (post: string, query = '') =>
    (await site.client.get<Listed>(`/v1/comments?post=${post}${query}`)).body;

  /** The names of the doors that took a reply. */
  async function replyAtEveryDoor(post: string, parent: string, number: string): Promise<string[]> {
    const fields = submission({ post, parent });
    const wordPress = { post, parent: Number(number), author_name: 'Ada', author_email: 'ada@example.org' };
    const content = () => `May I answer that? ${++count}`;
    const form = (sent: object) => new URLSearchParams({ ...sent } as Record<string, string>);
    const key = { key: secretKey };
    const answers = {
      api: await site.client.post('/v1/comments', { ...fields, content: content() }),
      batch: await site.client.post('/v1/comments/batch', { comments: [{ ...fields, content: content() }] }),
      page: await site.client.post(
        '/embed/comments',
        form({ ...fields, content: content(), key: publicKey }),
        {
          key: null,
          headers: { origin: ORIGIN },
        },
      ),
      rest: await site.client.post('/wp-json/wp/v2/comments', { ...wordPress, content: content() }, key),
      form: await site.client.post(
        '/wp-comments-post.php',
        form({
          ...{ comment_post_ID: post, comment_parent: number, comment: content() },
          ...{ author: 'Ada', email: 'ada@example.org' },
        }),
        key,
      ),
    };
    return Object.entries(answers).flatMap(([door, { status, text }]) =>
      door === 'batch' ? (/"code":/.test(text) ? [] : [door]) : status < 400 ? [door] : [],
    );
  }

  test.each(CASES)('$act of comment $name', async ({ act, places }) => {
    const post = `thread-${++count}`;
    const ids = await createChain(post);
    const numbers = await Promise.all(ids.map(numberOf));
    // From the end: a branch takes what is below it.
    for (const place of [...places].reverse()) await perform(act, ids[place] ?? '');
    const isGone = (at: number) =>
      act === 'delete branch' ? at >= places[0] : (places as readonly number[]).includes(at);
    const shown = ids.filter((_, at) => !isGone(at));
    for (const query of ['', '&order=newest', '&limit=1']) {
      const { items, removed } = await list(post, query);
      if (query === '') expect(items.map(({ id }) => id)).toEqual(shown);
      for (const { id, parent } of [...items, ...removed]) {
        expect(parent).toBe(ids[ids.indexOf(id) - 1] ?? null);
      }
      // Every reply has what it answers on its page or in `removed`, or it stands on a page before.
      const known = new Set([...removed.map(({ id }) => id), ...shown]);
      for (const { parent } of items) if (parent !== null) expect(known.has(parent)).toBe(true);
      expect(removed.every(({ held }) => held === (act === 'hold' || act === 'edit to spam'))).toBe(true);
      // Nothing of what was said or by whom.
      expect(Object.keys(removed[0] ?? { id: 0, parent: 0, date_gmt: 0, held: 0 }).sort()).toEqual([
        'date_gmt',
        'held',
        'id',
        'parent',
      ]);
    }
    const [place] = places;
    expect(await replyAtEveryDoor(post, ids[place] ?? '', numbers[place] ?? '')).toEqual([]);
  });

  test('a reply to what is published is taken at every door', async () => {
    const post = `thread-${++count}`;
    const [first = ''] = await createChain(post);
    const doors = await replyAtEveryDoor(post, first, await numberOf(first));
    expect(doors).toEqual(['api', 'batch', 'page', 'rest', 'form']);
  });

  test('a reply to a comment on another article is taken at no door', async () => {
    const [first = ''] = await createChain(`thread-${++count}`);
    expect(await replyAtEveryDoor(`thread-${++count}`, first, await numberOf(first))).toEqual([]);
  });

  test('hiding a whole branch in one act leaves the rest of the thread', async () => {
    const post = `thread-${++count}`;
    const ids = await createChain(post);
    const answer = await site.client.post<{ results: { decision_id?: string }[] }>('/v1/decisions', {
      decision: 'reject',
      reason: 'insult',
      branch: ids[2],
    });
    expect(answer.status, answer.text).toBe(200);
    expect((await list(post)).items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  });
});
