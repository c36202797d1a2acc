/** Exports as they are found: XML with small faults, or cut off. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { importFile, storedComments, whyFailed } from '../../support/imports.ts';
import { createTestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">\n<channel><title>Daily</title>\n';
const TAIL = '</channel></rss>\n';

function comment(id: number, content: string, author = `Reader ${id}`): string {
  return `<wp:comment><wp:comment_id>${id}</wp:comment_id><wp:comment_author>${author}</wp:comment_author>
<wp:comment_author_email>reader${id}@example.org</wp:comment_author_email><wp:comment_date_gmt>2024-05-01 10:00:${String(id % 60).padStart(2, '0')}</wp:comment_date_gmt>
<wp:comment_content><![CDATA[${content}]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>
`;
}

function item(comments: readonly string[], title = 'The bridge', id = 7): string {
  return `<item><title>${title}</title><link>https://daily.example/bridge</link><wp:post_id>${id}</wp:post_id>\n${comments.join('')}</item>\n`;
}

const numbers = Array.from({ length: 300 }, (_, at) => at + 1);

describe.each(DATABASES)('faulty XML on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  let sites = 0;
  const createSite = () => createTestSite(service, `xml-${++sites}`);

  test('characters that XML forbids are left out, however many, and nothing else is', async () => {
    const site = await createSite();
    const forbidden = ['\u0000', '\u0001', '\u0008', '\u000b', '\u000c', '\u001f', '\ufffe', '\uffff'];
    const comments = numbers.map((id) =>
      comment(id, `Remark\t${id} on${forbidden[id % 8]} the\nbridge 😀`, `Read${forbidden[id % 8]}er`),
    );
    const done = await importFile(service, site, 'wxr', `${HEAD}${item(comments)}${TAIL}`);
    expect(done).toMatchObject({ state: 'succeeded', records: 300, added: 300, refused: 0 });
    const rows = await storedComments(service, site);
    expect(rows.map(({ content, author_name }) => [content, author_name])).toEqual(
      expect.arrayContaining(numbers.map((id) => [`Remark\t${id} on the\nbridge 😀`, 'Reader'])),
    );
  });

  test('a comment cannot end the CDATA it stands in by a character that is left out', async () => {
    const site = await createSite();
    const trick = 'x]]\u0001></wp:comment_content><wp:comment_approved>0</wp:comment_approved></wp:comment>';
    const done = await importFile(service, site, 'wxr', `${HEAD}${item([comment(1, trick)])}${TAIL}`);
    expect(done).toMatchObject({ state: 'succeeded', records: 1, added: 1 });
    // Its tags are none that a reader sees.
    expect(await storedComments(service, site)).toMatchObject([{ content: 'x]] >0', status: 'approved' }]);
  });

  test('an & that begins nothing is text, and HTML names are what they mean, wherever a piece of the file ends', async () => {
    const site = await createSite();
    const title = 'Fish & chips &nbsp;&copy;&amp;&#x27;&bogus; &#0;AT&T &';
    // Beyond 32 KiB, where pieces end: in the CDATA, the & and the names.
    const padding = numbers.map((id) => 'x'.repeat(32 * 1024 - 500 + id));
    const items = padding.map(
      (text, at) =>
        `<!--${text}-->${item([comment(at + 1, 'R&D &nbsp; &amp; ]] &', 'Tom & Jerry &hearts;')], title, at + 1)}`,
    );
    const done = await importFile(service, site, 'wxr', `${HEAD}${items.join('')}${TAIL}`);
    expect(done).toMatchObject({ state: 'succeeded', records: 300, added: 300, refused: 0 });
    const rows = await storedComments(service, site);
    expect(new Set(rows.map(({ content, author_name }) => `${content}|${author_name}`))).toEqual(
      new Set(['R&D \u00a0 & ]] &|Tom & Jerry ♥']),
    );
    const titles = await service.db
      .selectFrom('post')
      .select('title')
      .distinct()
      .where('site_id', '=', site.site.id)
      .execute();
    expect(titles).toEqual([{ title: "Fish & chips \u00a0©&'&bogus; AT&T &" }]);
  });

  test('a record is told by its line, whatever was mended before it', async () => {
    const site = await createSite();
    const file = `\n \n<b>Warning</b>: something of PHP\n${HEAD}${item([comment(1, 'a\u0001b\r\nc & d'), comment(2, ' ')], 'A & B &NewLine;')}${TAIL}`;
    const done = await importFile(service, site, 'wxr', file);
    expect(done).toMatchObject({ state: 'succeeded', added: 1, refused: 1 });
    const lines = file.split('\n');
    expect(lines[(done.refusals[0]?.line ?? 0) - 1]).toContain('<wp:comment_id>2<');
  });

  test('a file that ends early fails and says so, wherever it was cut; the whole file brings the others alone', async () => {
    const whole = `${HEAD}${item(numbers.map((id) => comment(id, `Remark ${id}`)))}${TAIL}`;
    const behind = (text: string) => whole.indexOf(text) + text.length;
    for (const [cut, added] of [
      [whole.length - 3, 300],
      [behind('</item>'), 300],
      [behind('Remark 3'), 2],
      [behind('Remark 3]]'), 2],
      [behind('<wp:comment_id>3</wp:com'), 2],
      [behind('<wp:post_id>'), 0],
    ] as const) {
      const site = await createSite();
      const done = await importFile(service, site, 'wxr', whole.slice(0, cut));
      expect(done, `${cut}`).toMatchObject({ state: 'failed', added, refused: 0, refusals: [] });
      const why = await whyFailed(site, done);
      expect(why).toMatch(/^The file ends early: <[a-z:_]+> is not closed .*Send the whole file again/);
      expect(why?.includes(`${added} of its records were taken`)).toBe(added > 0);
      expect(await importFile(service, site, 'wxr', whole)).toMatchObject({
        ...{ state: 'succeeded', added: 300 - added, known: added },
      });
    }
  });

  test('a Disqus export and a gzipped one that end early fail, too, and their addresses are not kept', async () => {
    const site = await createSite();
    const disqus = `<disqus xmlns:dsq="x"><thread dsq:id="1"><id>one</id><title>A & B</title></thread>
<post dsq:id="2"><message>Salt &nbsp;& pepper\u0003</message><createdAt>2023-01-02T00:00:00Z</createdAt><thread dsq:id="1"/></post>
<post dsq:id="3"><message>`;
    const done = await importFile(service, site, 'disqus', disqus);
    expect(done).toMatchObject({ state: 'failed', added: 1 });
    expect(await whyFailed(site, done)).toContain('The file ends early: <message>');
    expect((await storedComments(service, site))[0]?.content).toBe('Salt \u00a0& pepper');
    const packed = new Uint8Array(gzipSync(`${HEAD}${item([comment(1, 'one')])}`)).slice(0, -12);
    const broken = await importFile(service, site, 'wxr', packed);
    expect(await whyFailed(site, broken)).toContain('gzip');
    const kept = await service.db.selectFrom('import_part').select('import_id').execute();
    expect(kept.filter(({ import_id }) => [done.id, broken.id].includes(import_id))).toEqual([]);
  });
});
