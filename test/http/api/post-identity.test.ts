/** One article, however it is named: at every door, in every import, after it was renamed or merged. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { SOURCES, textOf } from '../../support/export-states.ts';
import { importFile, storedComments } from '../../support/imports.ts';
import { createAddressedSite, createTestSite, submission, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const slug = 'বাংলা-সংবাদ-শিরোনাম-'.repeat(12);
/** Each row is one article. */
const ARTICLES: readonly (readonly string[])[] = [
  ['/a', '/a/', '//a', '/A?utm_source=x', 'https://daily.example/a', 'http://www.daily.example//a/#top'],
  [`/${slug}`, `/${encodeURIComponent(slug)}`, `https://daily.example/${encodeURIComponent(slug)}/?fbclid=1`],
  [`/${'हिन्दी-'.repeat(40)}`, encodeURI(`/${'हिन्दी-'.repeat(40)}`)],
  [`/${'خبر-'.repeat(60)}`, encodeURI(`//${'خبر-'.repeat(60)}/`)],
  [
    `/${'新闻'.repeat(120)}`,
    encodeURI(`/${'新闻'.repeat(120)}`),
    encodeURI(`/${'新闻'.repeat(120)}?gclid=2`),
  ],
  ['/?p=12', '/?p=12&utm_medium=mail', 'https://daily.example/?p=12'],
  ['/s?b=2&a=1', '/s?a=1&b=2', '/s/?a=1&fbclid=x&b=2'],
  ['/caf\u00e9', '/cafe\u0301', '/caf%C3%A9'],
  [`/${'x'.repeat(1999)}`, `//${'X'.repeat(1999)}/`],
  [`/${'বা'.repeat(900)}`, `/${encodeURIComponent('বা'.repeat(900))}`],
  ['4711', ' 4711 '],
];

describe.each(DATABASES)('the identity of posts on %s', (kind) => {
  let service: TestService;
  let sites = 0;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  const createNamedSite = () => createAddressedSite(service, `identity-${++sites}`);
  const list = async ({ client }: TestSite, post: string) => {
    const answer = await client.get<{ items: { id: string; post: string }[] }>(
      `/v1/comments?post=${encodeURIComponent(post)}`,
    );
    expect(answer.status, answer.text).toBe(200);
    return answer.body.items;
  };
  const send = async ({ client }: TestSite, post: string, more = {}) =>
    await client.post<{ id: string }>('/v1/comments', submission({ post, ...more }));

  test.each(ARTICLES.map((ways) => ({ name: (ways[0] ?? '').slice(0, 30), ways })))(
    'one thread for every way to write $name',
    async ({ ways }) => {
      const site = await createNamedSite();
      const reader = createClient(service, await site.keyFor(['read']));
      const ids: string[] = [];
      for (const way of ways) {
        const sent = await send(site, way);
        expect(sent.status, sent.text).toBe(201);
        ids.push(sent.body.id);
        service.clock.advance(1);
      }
      for (const id of ids) await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
      for (const way of ways) {
        expect((await list(site, way)).map(({ id }) => id)).toEqual(ids);
        const queue = await site.client.get<{ items: { comment: { id: string } }[] }>(
          `/v1/queue?folder=approved&post=${encodeURIComponent(way)}`,
        );
        expect(queue.body.items.length).toBe(ids.length);
        if (!way.includes(',')) {
          const wordpress = await reader.get<unknown[]>(
            `/wp-json/wp/v2/comments?post=${encodeURIComponent(way)}`,
          );
          expect(wordpress.body.length, wordpress.text).toBe(ids.length);
        }
        expect((await site.client.get(`/v1/posts/${encodeURIComponent(way)}`)).status).toBe(200);
      }
    },
  );

  test('refuses a name of more than 2,000 characters and names the field', async () => {
    const site = await createNamedSite();
    const sent = await send(site, `/${'x'.repeat(2000)}`);
    expect(sent.status).toBe(422);
    expect(sent.body).toMatchObject({ errors: [{ pointer: '/post', code: 'too_long' }] });
  });

  test('renames a thread; its old name leads to it, and a taken name is refused', async () => {
    const site = await createNamedSite();
    const { id } = (await send(site, '/old')).body;
    await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    await send(site, '/taken');
    const rename = async (name: string, body: object) =>
      await site.client.call('PATCH', `/v1/posts/${encodeURIComponent(name)}`, { body });
    const renamed = await rename('/old', { id: '/New/' });
    expect(renamed.body).toMatchObject({ id: '/new' });
    for (const name of ['/old', '/new']) expect(await list(site, name)).toMatchObject([{ id, post: '/new' }]);
    expect((await send(site, '/old', { parent: id })).status).toBe(201);
    const taken = await site.client.call('PATCH', `/v1/posts/${encodeURIComponent('/new')}`, {
      body: { id: '/taken' },
    });
    expect(taken).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await rename('/new', {})).body).toMatchObject({ id: '/new' });
    for (const body of [{ id: '/x', merge_into: '/taken' }, { merge_into: '/nowhere' }]) {
      const answer = await site.client.call('PATCH', `/v1/posts/${encodeURIComponent('/new')}`, { body });
      expect([404, 422]).toContain(answer.status);
    }
  });

  test('keeps every name of a thread through a chain of renames and merges, and gives none away', async () => {
    const site = await createNamedSite();
    const change = async (name: string, body: object) =>
      (await site.client.call('PATCH', `/v1/posts/${encodeURIComponent(name)}`, { body })).status;
    const ids: string[] = [];
    for (const post of ['/a', '/b', '/বাংলা']) {
      const { id } = (await send(site, post)).body;
      await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
      ids.push(id);
      service.clock.advance(1);
    }
    const steps: readonly (readonly [string, object, number])[] = [
      ['/a', { id: '/a2' }, 200],
      ['/b', { id: '/a' }, 409],
      ['/a2', { id: '/A' }, 200],
      ['/a', { id: '/a2?utm_source=x' }, 200],
      ['/a', { merge_into: '/a2' }, 200],
      ['/b', { merge_into: 'https://daily.example/a/' }, 200],
      ['/b', { id: '/%E0%A6%AC%E0%A6%BE%E0%A6%82%E0%A6%B2%E0%A6%BE' }, 409],
      ['/বাংলা', { merge_into: '/b' }, 200],
      ['/বাংলা', { id: '/last' }, 200],
      ['/none', { id: '/other' }, 404],
    ];
    for (const [name, body, status] of steps)
      expect([name, body, await change(name, body)]).toEqual([name, body, status]);
    for (const name of ['/a', '/a2', '/b', '/বাংলা', '/last', '//LAST/']) {
      expect((await list(site, name)).map(({ id, post }) => [id, post])).toEqual(
        ids.map((id) => [id, '/last']),
      );
    }
  });

  test('merges two threads with all that waits in them', async () => {
    const site = await createNamedSite();
    const sent = [];
    for (const post of ['/one', '/two', '/two']) sent.push((await send(site, post)).body.id);
    for (const id of sent.slice(0, 2)) {
      await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    }
    const merged = await site.client.call('PATCH', `/v1/posts/${encodeURIComponent('/two')}`, {
      body: { merge_into: '/one' },
    });
    expect(merged.body).toMatchObject({ id: '/one' });
    for (const name of ['/one', '/two']) expect((await list(site, name)).length).toBeGreaterThanOrEqual(2);
    const rows = await storedComments(service, site);
    expect(new Set(rows.map((row) => row.post_id))).toEqual(new Set(['/one']));
  });

  test('an import puts two articles of one address into one thread, and says so', async () => {
    const site = await createNamedSite();
    const file = [
      { id: 1, post: 'dsq-1', post_url: 'https://daily.example/same/' },
      { id: 2, post: 'dsq-2', post_url: 'http://www.daily.example/Same?utm_source=x' },
      { id: 3, post: 'dsq-3', post_url: 'https://daily.example/' },
      { id: 4, post: 'dsq-4', post_url: 'https://daily.example/' },
    ].map((row) =>
      JSON.stringify({ ...row, content: textOf(row.id), date: '2024-01-02T03:04:05Z', status: 'approved' }),
    );
    const done = await importFile(service, site, 'comments', file.join('\n'));
    expect(done).toMatchObject({ added: 4, merged: [{ post: 'dsq-2', into: 'dsq-1' }] });
    for (const name of ['/same', 'dsq-1', 'dsq-2', 'https://daily.example/same']) {
      expect((await list(site, name)).length, name).toBe(2);
    }
    expect((await list(site, 'dsq-4')).length).toBe(1);
    const again = await importFile(service, site, 'comments', file.join('\n'));
    expect(again).toMatchObject({ added: 0, known: 4, merged: [] });
  });

  test.each(SOURCES)('$format: a reader of the page finds the thread by its address', async (source) => {
    const site = await createNamedSite();
    const article = source.articles.find(({ isClosed, isHidden }) => !isClosed && !isHidden)?.name ?? '';
    const comment = source.comments.find(({ status }) => status === 'approved')?.name ?? '';
    const file = source.write([{ number: 1, article, comment }]);
    await importFile(service, site, source.format, file);
    const names = ['cusdis'].includes(source.format)
      ? [source.post(1)]
      : ['/bridge-1', 'https://daily.example/bridge-1/'];
    for (const name of names) expect((await list(site, name)).length, name).toBe(1);
  });

  test.each(SOURCES)(
    '$format: a form in a page finds the thread, though the site has no address',
    async (source) => {
      const site = await createTestSite(service, `identity-${++sites}`);
      const article = source.articles.find(({ isClosed, isHidden }) => !isClosed && !isHidden)?.name ?? '';
      const comment = source.comments.find(({ status }) => status === 'approved')?.name ?? '';
      const write = (numbers: readonly number[]) =>
        source.write(numbers.map((number) => ({ number, article, comment })));
      if (source.format === 'cusdis') return;
      const { id } = (await send(site, '/bridge-2')).body;
      await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
      await importFile(service, site, source.format, write([1, 2]));
      expect((await list(site, '/bridge-1')).length).toBe(1);
      expect((await list(site, '//Bridge-2/?utm_source=x')).length).toBe(2);
      expect(await importFile(service, site, source.format, write([1, 2]))).toMatchObject({
        added: 0,
        merged: [],
      });
    },
  );

  test('two hosts of a site without an address keep two articles of one path apart', async () => {
    const site = await createTestSite(service, `identity-${++sites}`);
    const file = ['one', 'two'].map((host) =>
      JSON.stringify({
        ...{ id: host, post: `https://${host}.example/a`, content: `Said on ${host}.` },
        ...{ date: '2024-01-02T03:04:05Z', status: 'approved' },
      }),
    );
    await importFile(service, site, 'comments', file.join('\n'));
    for (const host of ['one', 'two']) {
      expect(await list(site, `https://${host}.example/a`)).toMatchObject([{ content: `Said on ${host}.` }]);
    }
  });

  test('an import joins the thread that readers have begun already', async () => {
    const site = await createNamedSite();
    const { id } = (await send(site, '/bridge-1')).body;
    await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    const wxr = SOURCES.find(({ format }) => format === 'wxr');
    const done = await importFile(
      service,
      site,
      'wxr',
      wxr?.write([{ number: 1, article: 'publish:open:', comment: '1' }]) ?? '',
    );
    expect(done).toMatchObject({ added: 1, merged: [{ post: '1', into: '/bridge-1' }] });
    expect((await list(site, '/bridge-1')).length).toBe(2);
  });
});
