/** Exports whose texts are HTML. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { importFile, storedComments } from '../../support/imports.ts';
import { createTestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const TEXTS: readonly (readonly [string, string])[] = [
  ['<p>Tom &amp; Jerry&#39;s &lt;b&gt; &quot;house&quot;</p>', 'Tom & Jerry\'s <b> "house"'],
  ['<p>One<br>two<br />three</p>\n\n<p>  Four  </p>', 'One\ntwo\nthree\n\nFour'],
  [
    '<p>See <a href="http://disq.us/url?url=https%3A%2F%2Fa.example%2Fx%3Fy%3D1%3AUv4-_x&amp;cuid=12" rel="nofollow noopener" title="https://a.example/x?y=1">https://a.example/x...</a> or <a href=\'https://b.example/?a=1&amp;b=2\'>this &amp; that</a></p>',
    'See https://a.example/x?y=1 or this & that (https://b.example/?a=1&b=2)',
  ],
  [
    '<p><img src="https://c.example/cat.jpg" alt="x"><script>alert(1)</script></p>',
    'https://c.example/cat.jpg',
  ],
  ['<b>bold</b>, <i>so</i> 5 < 6 > 4 <3 &unknown; & <', 'bold, so 5 < 6 > 4 <3 &unknown; & <'],
  ['Plain text,\n\nas of old', 'Plain text,\n\nas of old'],
  [
    '<ul><li>one</li><li>two</li></ul><blockquote><p>said</p></blockquote><p>end</p>',
    'one\ntwo\n\nsaid\n\nend',
  ],
  ['<a href="https://d.example">d.example', 'https://d.example'],
  [
    '<a title="1 > 0" href="https://e.example/?a=1&copy=2">sums</a> and <a href="https://f.example/>">more</a>',
    'sums (https://e.example/?a=1&copy=2) and more (https://f.example/>)',
  ],
  ['It ends <i>in a <tag &amp; no more', 'It ends in a <tag & no more'],
  [
    `${'<b>'.repeat(1200)}deep <a href="https://g.example">down</a>, ${'<p>'.repeat(9)}it goes on`,
    'deep down (https://g.example),\n\nit goes on',
  ],
];

describe.each(DATABASES)('texts in HTML on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  test('what Disqus exports becomes the text that its reader saw, with the addresses of links', async () => {
    const site = await createTestSite(service, 'disqus-html');
    const posts = TEXTS.map(
      ([html], at) =>
        `<post dsq:id="${at + 1}"><message><![CDATA[${html}]]></message><createdAt>2023-01-02T00:00:${10 + at}Z</createdAt><thread dsq:id="9"/></post>`,
    );
    const file = `<disqus xmlns:dsq="x"><thread dsq:id="9"><id>nine</id></thread>${posts.join('')}</disqus>`;
    expect(await importFile(service, site, 'disqus', file)).toMatchObject({ added: TEXTS.length });
    const rows = await storedComments(service, site);
    expect(rows.map(({ content }) => content)).toEqual(TEXTS.map(([, text]) => text));
  });

  test('an empty message is refused, and so is one of nothing but opened tags, at once', async () => {
    const site = await createTestSite(service, 'disqus-odd');
    const post = (id: number, html: string) =>
      `<post dsq:id="${id}"><message><![CDATA[${html}]]></message><createdAt>2023-01-02T00:00:00Z</createdAt><thread dsq:id="9"/></post>`;
    const long = [
      ...['<a ', '<!--', '<a href="', '<a href="x">.'].map((text) => text.repeat(60_000)),
      '<i>'.repeat(330_000),
      `${'<i>'.repeat(140_000)}${'</b>'.repeat(140_000)}`,
    ].map((text, at) => post(at + 2, text));
    const file = `<disqus xmlns:dsq="x"><thread dsq:id="9"><id>nine</id></thread>${post(1, '<p> </p>')}${long.join('')}</disqus>`;
    // Work that grows with the square of these lengths would not end in the time that a test has.
    const done = await importFile(service, site, 'disqus', file);
    expect(done).toMatchObject({ state: 'succeeded', refused: 7, records: 7 });
  });

  test('a Remark42 backup without what was written has its HTML read', async () => {
    const site = await createTestSite(service, 'remark-html');
    const row = {
      ...{ id: 'a', text: '<p>Salt &amp; pepper</p>\n', user: { name: 'Ada' } },
      ...{ locator: { url: 'https://daily.example/one' }, time: '2024-02-03T04:05:06Z' },
    };
    await importFile(service, site, 'remark42', JSON.stringify(row));
    expect((await storedComments(service, site))[0]?.content).toBe('Salt & pepper');
  });
});
