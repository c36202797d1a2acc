/** The feed of a site: who may read it, and that whatever readers write stays text in it. */
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestService, type TestService } from '../../support/databases.ts';
import { INJECTIONS } from '../../support/naughty.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** @throws for what is not well-formed. */
function parse(document: string): Element {
  const parser = new SaxesParser();
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(document).close();
  return root.children[0] ?? root;
}

function all(element: Element, name: string): Element[] {
  return element.children.filter((child) => child.name === name);
}

/** Every element with its attributes, without what is in it: what a text could change if it became markup. */
function shapeOf({ name, attributes, children }: Element): unknown {
  return [name, Object.keys(attributes), children.map(shapeOf)];
}

let service: TestService;
let sites = 0;
beforeAll(async () => {
  service = await createTestService('pglite', { starter: trainOn(SMALL_SAMPLES) });
});
afterAll(() => service.close());

const withFeed = async () => await createTestSite(service, `feed-${++sites}`, { feed: true });
const feedOf = ({ site }: TestSite) => `/feeds/${site.slug}/comments.atom`;

async function publish({ client }: TestSite, fields: Record<string, unknown>): Promise<string> {
  const sent = await client.post<{ id: string }>('/v1/comments', submission(fields));
  expect(sent.status, sent.text).toBe(201);
  await client.post(`/v1/comments/${sent.body.id}/decisions`, { decision: 'approve' });
  service.clock.advance(1);
  return sent.body.id;
}

async function read(site: TestSite): Promise<Element> {
  const answer = await createClient(service).get(feedOf(site));
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
  return parse(answer.text);
}

describe('the feed of a site', () => {
  test('is not there unless the site has switched it on, and says the same of unknown sites', async () => {
    const site = await createTestSite(service, 'without-feed');
    const reader = createClient(service);
    for (const slug of ['without-feed', 'no-such-site', '%00', 'a%2Fb']) {
      const answer = await reader.get<{ code: string }>(`/feeds/${slug}/comments.atom`);
      expect([answer.status, answer.body.code], slug).toEqual([404, 'not_found']);
    }
    expect((await site.client.get(feedOf(site))).status).toBe(404);
  });

  test('has the newest approved comments, each with its article and what it answers, and nothing personal', async () => {
    const site = await withFeed();
    const address = 'https://daily.example/a?x=1&y=2#top';
    const first = await publish(site, { post: '/a', post_url: address, author_email: 'ada@example.org' });
    const reply = await publish(site, { post: '/a', parent: first, author_ip: '203.0.113.7' });
    await site.client.post('/v1/comments', submission({ content: 'Waits.', honeypot: 'x' }));
    const feed = await read(site);
    const entries = all(feed, 'entry');
    expect(entries.map((entry) => all(entry, 'id')[0]?.text)).toEqual([
      `urn:uuid:${reply}`,
      `urn:uuid:${first}`,
    ]);
    expect(all(entries[1] ?? feed, 'link')[0]?.attributes.href).toBe(
      `https://daily.example/a?x=1&y=2#comment-${first}`,
    );
    expect(all(entries[0] ?? feed, 'thr:in-reply-to')[0]?.attributes.ref).toBe(`urn:uuid:${first}`);
    const { text } = await createClient(service).get(feedOf(site));
    expect(text).not.toMatch(/example\.org|203\.0\.113/);
  });

  test('answers 304 until something changes', async () => {
    const site = await withFeed();
    await publish(site, {});
    const reader = createClient(service);
    const etag = (await reader.get(feedOf(site))).headers.get('etag') ?? '';
    const ask = async () => await reader.get(feedOf(site), { headers: { 'if-none-match': etag } });
    expect(await ask()).toMatchObject({ status: 304, text: '' });
    await publish(site, {});
    expect((await ask()).status).toBe(200);
  });

  test('stays well-formed with each hostile text in every place, and has it as text', async () => {
    const site = await withFeed();
    const texts = [
      ...INJECTIONS,
      ']]>',
      '<![CDATA[x]]>',
      '&#0;&lt;&amp;amp;',
      '\u0001\u000b\ufffe\uffff',
      '🐈'.repeat(110),
    ];
    expect(texts.length).toBeGreaterThan(14);
    const plain = {
      author_name: 'Ada',
      author_url: 'https://ada.example/',
      post_url: 'https://daily.example/a',
    };
    await publish(site, { ...plain, content: 'Plain words about the bridge.' });
    const [shape] = all(await read(site), 'entry').map(shapeOf);
    for (const text of texts) {
      const content = `${text} and the bridge ${Math.random()}`;
      const cut = `A${Array.from(text).slice(0, 60).join('')}`;
      await publish(site, {
        ...plain,
        author_name: cut,
        content,
        author_url: `https://ada.example/?${encodeURIComponent(cut).slice(0, 150)}`,
      });
      const [entry] = all(await read(site), 'entry');
      expect(entry && shapeOf(entry)).toEqual(shape);
      const shown = content.replace(/[\u0001\u000b\ufffe\uffff]/g, '\uFFFD');
      expect(entry?.children.find(({ name }) => name === 'content')?.text).toBe(shown);
    }
  });
});
