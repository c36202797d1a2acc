/** Who sends counts at the Akismet door: trackbacks and pingbacks, names, websites. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, type TestSite } from '../../support/site.ts';

interface Sent {
  readonly type?: string;
  readonly author?: string;
  readonly url?: string;
  readonly content?: string;
}

const EXCERPTS = [
  '[...] nice [...]',
  '[…] The town council explains why the old bridge must be repaired before winter […]',
  'Great article, thank you for sharing.',
  '<strong>Links of the week</strong> [&#8230;] as the Daily writes [&#8230;]',
  '',
];
const SENDERS = [
  { author: 'Home', url: 'http://x4d9.example/abc' },
  { author: 'Weekend links | A garden blog', url: 'https://garden.example/2026/11/weekend-links/' },
  { author: 'Cheap Viagra Online', url: 'http://pills.example/buy-viagra' },
];
const TRACKBACKS: readonly Sent[] = ['trackback', 'pingback', 'Trackback', ' PINGBACK '].flatMap((type) =>
  EXCERPTS.flatMap((content) => SENDERS.map((sender) => ({ type, content, ...sender }))),
);

const PRAISE = 'Thanks for this article, it was a very good read.';
const ADVERTISING: readonly Sent[] = [
  'http://www.cheap-bags.example',
  'www.cheap-bags.com',
  'cheap bags dot com',
  'info@cheap-loans.example',
  'Call +44 7911 123 456',
  'Cheap Viagra Online',
  'Emergency Plumber London',
  'SEO Services',
  'casino bonus',
  'best payday loans online',
  'казино онлайн',
  '娱乐城',
].flatMap((author) =>
  [{ author }, { author, url: 'https://site.example/' }].map((one) => ({ ...one, content: PRAISE })),
);

const GOOD: readonly Sent[] = [
  { author: 'Ada Lovelace' },
  { author: 'Ada Lovelace', url: 'https://ada.example/' },
  { author: 'George Best', type: 'reply' },
  { author: 'Max.Weber', type: 'forum-post' },
  { author: '王小明', type: '' },
].map((one) => ({ ...one, content: 'I agree with the mayor: the bridge should be repaired before winter.' }));

describe.each(DATABASES)('who sends, at the Akismet door on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  let key: string;
  beforeAll(async () => {
    service = await createTestService(kind);
    site = await createTestSite(service, 'daily');
    key = await site.keyFor(['akismet']);
  });
  afterAll(() => service.close());

  let count = 0;
  async function check({ type = 'comment', author = '', url = '', content = '' }: Sent, own = key) {
    count += 1;
    const body = new URLSearchParams({
      api_key: own,
      blog: 'https://daily.example/',
      permalink: 'https://daily.example/2026/bridge/',
      user_ip: `192.0.2.${count % 250}`,
      comment_type: type,
      comment_author: author,
      comment_author_url: url,
      comment_content: content,
    });
    const answer = await site.client.post('/1.1/comment-check', body, { key: null });
    const [, id = ''] = /comments\/([0-9a-f-]+)/.exec(answer.headers.get('link') ?? '') ?? [];
    return { answer: answer.text, id };
  }

  const show = async (id: string) =>
    (
      await site.client.get<{ comment_type: string | null; status: string; reasons: { rule: string }[] }>(
        `/v1/comments/${id}`,
      )
    ).body;

  test(`answers true for ${TRACKBACKS.length} trackbacks and pingbacks, and keeps what they are`, async () => {
    for (const sent of TRACKBACKS) {
      const { answer, id } = await check(sent);
      expect([sent, answer]).toEqual([sent, 'true']);
      const kept = await show(id);
      expect(kept).toMatchObject({ comment_type: sent.type?.trim().toLowerCase(), status: 'hold' });
      expect(kept.reasons.map(({ rule }) => rule)).toContain('trackback');
    }
  });

  test(`answers true for ${ADVERTISING.length} names that advertise, whatever the text`, async () => {
    for (const sent of ADVERTISING) expect([sent, (await check(sent)).answer]).toEqual([sent, 'true']);
  });

  test('answers false for readers', async () => {
    for (const sent of GOOD) expect([sent, (await check(sent)).answer]).toEqual([sent, 'false']);
  });

  test('takes no article that links to another of its site for a trackback', async () => {
    for (const url of ['https://www.daily.example/2026/next/', 'http://daily.example/?p=2']) {
      const { id } = await check({
        author: 'The Daily',
        type: 'pingback',
        url,
        content: `As we wrote: ${url}`,
      });
      expect((await show(id)).reasons.map(({ rule }) => rule)).not.toContain('trackback');
    }
  });

  test('leaves both to the filter where a site says so', async () => {
    const settings = { hold_trackbacks: false, hold_advertising_names: false };
    const lenient = await createTestSite(service, 'lenient', settings);
    const own = await lenient.keyFor(['akismet']);
    expect((await check({ ...SENDERS[1], type: 'pingback', content: EXCERPTS[1] ?? '' }, own)).answer).toBe(
      'false',
    );
    expect((await check({ author: 'www.cheap-bags.com', content: GOOD[0]?.content ?? '' }, own)).answer).toBe(
      'false',
    );
  });

  test('an approved trackback is answered false when it is asked about again, and stays what it is', async () => {
    const { id } = await check({
      ...SENDERS[1],
      type: 'trackback',
      content: 'As the Daily writes of the bridge.',
    });
    await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    const edited = await site.client.call<{ status: string; comment_type: string }>(
      'PATCH',
      `/v1/comments/${id}`,
      {
        body: { content: 'As the Daily writes of the old bridge.' },
      },
    );
    expect(edited.body).toMatchObject({ status: 'hold', comment_type: 'trackback' });
  });
});
