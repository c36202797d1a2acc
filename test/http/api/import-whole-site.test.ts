/** Exports as whole sites have them: replies before what they answer, other encodings, CRLF, pieces of posts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { importFile, storedComments, whyFailed } from '../../support/imports.ts';
import { createTestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

interface Comment {
  readonly id: number;
  readonly parent?: number;
  readonly content?: string;
  readonly approved?: string;
  readonly minute?: number;
}

function wxr(comments: readonly Comment[], encoding = 'UTF-8'): string {
  const body = comments.map(
    ({ id, parent = 0, content = `Remark ${id}`, approved = '1', minute = id }) => `<wp:comment>
<wp:comment_id>${id}</wp:comment_id><wp:comment_author><![CDATA[Zoë]]></wp:comment_author>
<wp:comment_date_gmt>2024-05-01 ${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00</wp:comment_date_gmt>
<wp:comment_content><![CDATA[${content.replaceAll(']]>', ']]]]><![CDATA[>')}]]></wp:comment_content>
<wp:comment_approved>${approved}</wp:comment_approved><wp:comment_parent>${parent}</wp:comment_parent></wp:comment>`,
  );
  return `<?xml version="1.0" encoding="${encoding}"?>
<!-- generator="WordPress/6.6" created="2024-05-02 10:00" -->
<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>Über</title><wp:post_id>7</wp:post_id>
${body.join('\n')}
</item></channel></rss>`;
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe.each(DATABASES)('exports of whole sites on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  let sites = 0;
  const createSite = () => createTestSite(service, `whole-${++sites}`);

  test('a reply finds what it answers, also when that comes after it, in another batch', async () => {
    const site = await createSite();
    const replies = numbers(2, 700).map((id) => ({
      id,
      parent: id === 700 ? 9999 : id % 2 === 0 ? 1 : id - 1,
    }));
    const file = wxr([...replies.reverse(), { id: 1 }]);
    expect(await importFile(service, site, 'wxr', file)).toMatchObject({ added: 700, refused: 0 });
    const check = async () => {
      const rows = await storedComments(service, site);
      const byText = new Map(rows.map((row) => [row.content, row.id]));
      expect(Object.fromEntries(rows.map((row) => [row.content, row.parent_id]))).toEqual({
        'Remark 1': null,
        ...Object.fromEntries(
          replies.map(({ id, parent }) => [`Remark ${id}`, byText.get(`Remark ${parent}`) ?? null]),
        ),
      });
    };
    await check();
    expect(await importFile(service, site, 'wxr', file)).toMatchObject({ added: 0, known: 700 });
    await check();
  });

  test('comments that answer each other in a circle do not come to answer themselves', async () => {
    const site = await createSite();
    const file = wxr([
      { id: 1, parent: 3 },
      { id: 2, parent: 1 },
      { id: 3, parent: 2 },
      { id: 4, parent: 4 },
    ]);
    expect(await importFile(service, site, 'wxr', file)).toMatchObject({ added: 4 });
    const rows = await storedComments(service, site);
    const parentOf = new Map(rows.map(({ id, parent_id }) => [id, parent_id]));
    for (const { id } of rows) {
      const above: (string | null)[] = [];
      for (
        let at = parentOf.get(id) ?? null;
        at !== null && above.length < 9;
        at = parentOf.get(at) ?? null
      ) {
        above.push(at);
      }
      expect(above).not.toContain(id);
    }
    expect(rows.filter(({ parent_id }) => parent_id !== null)).toHaveLength(2);
  });

  test.each([
    ['UTF-8 with a byte order mark', 'UTF-8', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['Latin-1', 'ISO-8859-1', (text: string) => Buffer.from(text, 'latin1')],
    ['UTF-8 that says it is Latin-1', 'iso-8859-1', (text: string) => Buffer.from(text)],
    ['UTF-16', 'UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('letters stay what they are in %s', async (_, encoding, encode) => {
    const site = await createSite();
    const content = 'Größe à la carte';
    const file = wxr(
      numbers(1, 300).map((id) => ({ id, content: `${'x'.repeat(id)} ${content}` })),
      encoding,
    );
    expect(await importFile(service, site, 'wxr', new Uint8Array(encode(file)))).toMatchObject({
      ...{ state: 'succeeded', added: 300, refused: 0 },
    });
    const rows = await storedComments(service, site);
    expect(rows.filter((row) => row.content.endsWith(content) && row.author_name === 'Zoë')).toHaveLength(
      300,
    );
  });

  test('a file that is not what it says of its encoding, or of one that nobody knows, fails and says so', async () => {
    for (const encoding of ['UTF-8', 'x-unheard-of']) {
      const site = await createSite();
      const file = new Uint8Array(Buffer.from(wxr([{ id: 1 }], encoding), 'latin1'));
      const done = await importFile(service, site, 'wxr', file);
      expect([done.state, await whyFailed(site, done)]).toEqual(['failed', expect.stringContaining('UTF-8')]);
    }
  });

  test('line ends, ends of CDATA in a text, trashed posts and pingbacks are what WordPress means by them', async () => {
    const site = await createSite();
    const file = wxr([
      { id: 1, content: 'one\ntwo ]]> three ]]]]> & <b>four</b>' },
      { id: 2, approved: 'post-trashed' },
      { id: 3, approved: 'trash' },
    ]).replaceAll('\n', '\r\n');
    expect(await importFile(service, site, 'wxr', file)).toMatchObject({ added: 3, refused: 0 });
    const rows = await storedComments(service, site);
    expect(rows.map(({ content, status }) => [content, status])).toEqual([
      ['one\ntwo ]]> three ]]]]> & four', 'approved'],
      ['Remark 2', 'trash'],
      ['Remark 3', 'trash'],
    ]);
  });
});
