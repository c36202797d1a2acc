/** What is known around a comment, what becomes of an author and an article, and the search over all statuses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestService, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

interface Result {
  readonly id: string;
  readonly status: string;
}
interface Nearby {
  readonly id: string;
  readonly status: string;
}
interface Context {
  readonly thread: { ancestors: Nearby[]; siblings: Nearby[]; replies: Nearby[] };
  readonly article: { title: string | null; closed: boolean; premoderated: boolean; waiting: number };
  readonly author: {
    newest: Nearby[];
    standing: { disposition: string; until: string | null; reason: string | null } | null;
  };
  readonly similar: { comments: number; authors: number; samples: Nearby[]; hosts: string[] };
  readonly timeline: { kind: string; by: string | null; detail: string | null }[];
}
interface Page {
  readonly items: { id: string; comment: { status: string }; summary: { text: string }[] }[];
  readonly total: number;
}

const ids = (comments: readonly { id: string }[]) => comments.map(({ id }) => id);

describe.each(['pglite', 'postgres'] as const)('around a comment on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { now: () => new Date() });
  });
  afterAll(() => service?.close());

  const siteWith = async (slug: string, settings = {}) =>
    await createTestSite(service, slug, { premoderate: true, flood_seconds: 0, ...settings });
  const post = async (site: TestSite, fields: Record<string, unknown>) => {
    const { body, status, text } = await site.client.post<Result>('/v1/comments', submission(fields));
    expect(status, text).toBe(201);
    return body;
  };
  const approve = async (site: TestSite, { id }: Result) => {
    const path = `/v1/comments/${id}/decisions`;
    const { body, status, text } = await site.client.post<{ decision_id: string }>(path, {
      decision: 'approve',
    });
    expect(status, text).toBe(200);
    return body.decision_id;
  };
  const contextOf = async (site: TestSite, id: string) =>
    (await site.client.get<Context>(`/v1/queue/${id}/context`)).body;
  const search = async (site: TestSite, q: string) => {
    const { body, status, text } = await site.client.get<Page>(
      `/v1/queue?folder=all&q=${encodeURIComponent(q)}`,
    );
    expect(status, text).toBe(200);
    return body;
  };

  it('are its thread, its article, its author, near-copies and what happened, and the claim brings it along', async () => {
    const site = await siteWith('around');
    const post1 = { post: 'bridge', post_title: 'The bridge', post_url: 'https://news.example/local/bridge' };
    const top = await post(site, { ...post1, content: 'The bridge is old' });
    await approve(site, top);
    const parent = await post(site, { ...post1, content: 'It was old when I was young', parent: top.id });
    await approve(site, parent);
    const ada = { author_name: 'Ada', author_email: 'ada@a.example' };
    const one = await post(site, {
      ...post1,
      ...ada,
      content: 'Earn money at home, see http://earn.example now',
      parent: parent.id,
    });
    const sibling = await post(site, { ...post1, content: 'So was the tram', parent: parent.id });
    // It is answered while it is public, and held again after that.
    const published = await approve(site, one);
    const reply = await post(site, { ...post1, content: 'Is this a joke?', parent: one.id });
    await site.client.post(`/v1/decisions/${published}/undo`, {});
    const other = await post(site, { ...ada, post: 'tram', content: 'Something else by the same person' });
    await site.client.post(`/v1/comments/${other.id}/decisions`, { decision: 'spam' });
    await site.client.post(`/v1/comments/${one.id}/notes`, { text: 'Ask the desk' });
    const context = await contextOf(site, one.id);
    expect(ids(context.thread.ancestors)).toEqual([top.id, parent.id]);
    expect(ids(context.thread.siblings)).toEqual([sibling.id]);
    expect(ids(context.thread.replies)).toEqual([reply.id]);
    expect(context.article).toMatchObject({
      title: 'The bridge',
      closed: false,
      premoderated: false,
      waiting: 3,
    });
    expect(context.author.newest).toMatchObject([{ id: other.id, status: 'spam' }]);
    expect(context.similar.hosts).toEqual(['earn.example']);
    expect(context.timeline.map(({ kind: what }) => what)).toEqual(
      expect.arrayContaining(['submitted', 'scored', 'held', 'note']),
    );
    const claimed = await site.client.post<{ contexts: (Context & { id: string })[] }>('/v1/queue/claims', {
      ids: [one.id],
      context: true,
    });
    expect(claimed.body.contexts).toMatchObject([{ id: one.id, thread: context.thread }]);
    const shown = await site.client.get<{ id: string }>(`/v1/queue/${other.id}`);
    expect(shown.body.id).toBe(other.id);
    const stranger = await siteWith('around-stranger');
    expect((await stranger.client.get(`/v1/queue/${one.id}/context`)).status).toBe(404);
    expect((await stranger.client.get(`/v1/queue/${one.id}`)).status).toBe(404);
    expect(
      (await stranger.client.call('PUT', `/v1/queue/${one.id}/author`, { body: { standing: 'ban' } })).status,
    ).toBe(404);
  });

  it('count the authors of a campaign, with samples', async () => {
    const site = await siteWith('around-campaign');
    const sent: Result[] = [];
    for (const n of [1, 2, 3, 4]) {
      sent.push(
        await post(site, {
          content: `Dear readers number ${n}, earn money from home with our wonderful system, visit us at http://earn.example today`,
          author_email: `a${n % 2}@earn.example`,
        }),
      );
    }
    const { similar } = await contextOf(site, sent[3]?.id ?? '');
    expect(similar).toMatchObject({ comments: 4, authors: 2, hosts: ['earn.example'] });
    expect(similar.samples).toHaveLength(3);
  });

  it.each([
    ['trust', 'publish', 'approved'],
    ['hold', 'hold', 'hold'],
    ['mute', 'spam', 'spam'],
    ['ban', 'discard', 'trash'],
  ])(
    '%s an author: the next comment is as told, until it is taken back',
    async (standing, disposition, status) => {
      const site = await siteWith(`standing-${standing}`);
      const author = { author_name: 'Bo', author_email: 'bo@b.example' };
      const first = await post(site, { ...author, content: 'A letter on the mayor and the council' });
      const wanted = { standing, until: '2100-01-01T00:00:00Z', reason: 'Agreed with the desk' };
      const set = await site.client.call<Context>('PUT', `/v1/queue/${first.id}/author`, { body: wanted });
      expect(set.status, set.text).toBe(200);
      expect(set.body.author.standing).toEqual({
        disposition,
        until: '2100-01-01T00:00:00.000Z',
        reason: 'Agreed with the desk',
      });
      expect(
        (await post(site, { ...author, content: 'Another letter on the mayor and the tram' })).status,
      ).toBe(status);
      expect(
        (await post(site, { author_email: 'x@b.example', content: 'A letter of somebody else' })).status,
      ).toBe('hold');
      const back = await site.client.call<Context>('PUT', `/v1/queue/${first.id}/author`, {
        body: { standing: 'none' },
      });
      expect(back.body.author.standing).toBeNull();
      expect((await post(site, { ...author, content: 'The last letter on the harbour' })).status).toBe(
        'hold',
      );
    },
  );

  it('refuses to decide about an author who left no address, or until a time that is over', async () => {
    const site = await siteWith('standing-refused', { require_email: false });
    const nobody = await post(site, { author_email: undefined, content: 'A letter without an address' });
    const refused = await site.client.call<{ code: string }>('PUT', `/v1/queue/${nobody.id}/author`, {
      body: {
        standing: 'ban',
      },
    });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_value']);
    const somebody = await post(site, { content: 'A letter with an address' });
    const past = { standing: 'ban', until: '2001-01-01T00:00:00Z' };
    expect((await site.client.call('PUT', `/v1/queue/${somebody.id}/author`, { body: past })).status).toBe(
      422,
    );
  });

  it('all comments of an author are decided on at once, also those decided on before, and each can be undone', async () => {
    const site = await siteWith('all-of-theirs');
    const author = { author_email: 'many@b.example' };
    const theirs = [];
    for (const n of [1, 2, 3])
      theirs.push(await post(site, { ...author, content: `Letter ${n} on the harbour` }));
    const other = await post(site, { content: 'A letter of somebody else' });
    const [first] = theirs;
    await site.client.post(`/v1/comments/${first?.id}/decisions`, { decision: 'approve' });
    const { body } = await site.client.post<{
      results: { id: string; decision_id: string; status: string }[];
    }>('/v1/decisions', { decision: 'spam', author: theirs[1]?.id });
    expect(body.results.map(({ id }) => id).sort()).toEqual(ids(theirs).sort());
    expect(body.results.every(({ status }) => status === 'spam')).toBe(true);
    const made = body.results.find(({ id }) => id === first?.id);
    await site.client.post(`/v1/decisions/${made?.decision_id}/undo`, {});
    const { body: shown } = await site.client.get<Result>(`/v1/comments/${first?.id}`);
    expect(shown.status).toBe('approved');
    expect((await site.client.get<Result>(`/v1/comments/${other.id}`)).body.status).toBe('hold');
  });

  it('an article can have every comment held, and be closed, each by itself', async () => {
    const site = await siteWith('article', { premoderate: false, hold_first_time_authors: false });
    const on = (n: number) => ({
      post: 'hot',
      content: `Thank you for this article on the bridge, part ${n}`,
    });
    const calm = await post(site, on(1));
    await site.client.post(`/v1/comments/${calm.id}/decisions`, { decision: 'approve', version: 1 });
    const patched = await site.client.call<{ closed: boolean; premoderated: boolean }>(
      'PATCH',
      '/v1/posts/hot',
      {
        body: {
          premoderated: true,
        },
      },
    );
    expect(patched.body).toMatchObject({ closed: false, premoderated: true });
    const held = await post(site, on(2));
    expect(held.status).toBe('hold');
    expect((await contextOf(site, held.id)).article).toMatchObject({ premoderated: true, closed: false });
    const unchanged = await site.client.call('PATCH', '/v1/posts/hot', { body: {} });
    expect(unchanged.body).toMatchObject({ closed: false, premoderated: true });
    await site.client.call('PATCH', '/v1/posts/hot', { body: { closed: true } });
    expect((await site.client.post('/v1/comments', submission(on(3)))).status).toBe(403);
  });

  it('search finds all statuses, words within HTML, hosts by their parents, disguised words and operators', async () => {
    const site = await siteWith('search');
    const html = await post(site, {
      content: '<script>alert(1)</script> <b>bold</b> “quotes” <a href="https://www.x.example/a">click</a>',
      author_name: 'Promo Queen',
    });
    const disguised = await post(site, { content: 'My pr\u043ef\u200bile is over there', post: 'bridge' });
    const plain = await post(site, { content: 'The notx.example of the Brücke' });
    await site.client.post(`/v1/comments/${html.id}/decisions`, { decision: 'spam' });
    await site.client.post(`/v1/comments/${plain.id}/decisions`, { decision: 'approve' });
    for (const [q, found] of [
      ['alert', [html]],
      ['script bold', [html]],
      ['quotes', [html]],
      ['x.example', [html]],
      ['domain:x.example', [html]],
      ['domain:www.x.example', [html]],
      ['domain:y.example', []],
      ['profile', [disguised]],
      ['brucke', [plain]],
      ['author:"promo queen"', [html]],
      [`author:${plain.id} status:approved`, [plain]],
      ['status:hold', [disguised]],
      ['post:bridge', [disguised]],
      ['status:spam bold', [html]],
      ['status:approved bold', []],
      ['before:2000-01-01', []],
    ] as const) {
      const { items, total } = await search(site, q);
      expect([q, ids(items).sort(), total]).toEqual([q, ids(found).sort(), found.length]);
    }
    const refused = await site.client.get<{ code: string }>('/v1/queue?folder=all&q=before:soon');
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_value']);
  });

  it('what waits can be narrowed to a language', async () => {
    const site = await siteWith('language');
    const german = await post(site, {
      content:
        'Das ist doch nicht wahr, und ich habe auch von der Brücke noch nie etwas gehört, aber wir sind oft da',
    });
    await post(site, {
      content: 'This is not true and I have never heard of the bridge, but we are there all the time',
    });
    const found = async (query: string) => (await site.client.get<Page>(`/v1/queue?${query}`)).body.items;
    expect(ids(await found('language=de'))).toEqual([german.id]);
    expect(ids(await found('q=language:de'))).toEqual([german.id]);
    expect(await found('language=fr')).toEqual([]);
  });

  it('the explanation says what moved the score in the language that is asked for', async () => {
    const site = await siteWith('words');
    const { id } = await post(site, {
      content: 'Hey guys check out my channel and subscribe http://bit.ly/abc',
    });
    const summary = async (language: string) => {
      const answer = await site.client.get<{ summary: { code: string; text: string }[] }>(
        `/v1/comments/${id}/explanation`,
        { headers: { 'accept-language': language } },
      );
      return answer.body.summary;
    };
    const [english, german] = [await summary('en'), await summary('de-AT')];
    expect(english.length).toBeGreaterThan(0);
    expect(english.length).toBeLessThanOrEqual(5);
    expect(german.map(({ code }) => code)).toEqual(english.map(({ code }) => code));
    expect(german.map(({ text }) => text)).not.toEqual(english.map(({ text }) => text));
  });
});
