/** JSON and CSV as other tools write them. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { importFile, storedComments, storedSamples, whyFailed } from '../../support/imports.ts';
import { createTestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const isso = (id: number) => ({
  ...{ tid: 1, id, parent: id > 1 ? 1 : null, created: 1_700_000_000.25 + id, modified: null, mode: 1 },
  ...{
    remote_addr: '203.0.113.0',
    text: `Remark ${id}: "quoted" {not} [a] \\ row,\nsecond line`,
    author: null,
  },
  ...{
    email: 'a@example.org',
    website: null,
    likes: 0,
    dislikes: 0,
    voters: '\u0000\u0001',
    notification: 0,
  },
  ...{ uri: '/two', title: 'Two' },
});
const ROWS = Array.from({ length: 700 }, (_, at) => isso(at + 1));

const remark = (id: number) => ({
  ...{
    id: `r${id}`,
    pid: '',
    text: `<p>Remark ${id}</p>`,
    orig: `Remark ${id}`,
    votes: { a: true },
    edits: [{ a: 1 }],
  },
  user: { name: 'Ada', id: 'u1', ip: 'x' },
  ...{ locator: { site: 's', url: 'https://daily.example/one' }, time: '2024-02-03T04:05:06Z' },
});
const META = { version: 1, users: [{ id: 'u1', blocked: {} }], posts: [{ url: 'x' }] };

describe.each(DATABASES)('rows of other tools on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  let sites = 0;
  const createSite = () => createTestSite(service, `rows-${++sites}`);

  test.each([
    ['over many lines', JSON.stringify(ROWS, null, 2)],
    ['as one array on one line', JSON.stringify(ROWS)],
    ['as objects over many lines', ROWS.map((row) => JSON.stringify(row, null, '\t')).join('\r\n')],
    ['within an object', JSON.stringify({ ok: true, next: null, query: { sql: '[{' }, rows: ROWS, ms: 1.5 })],
    [
      'within an object in an array',
      JSON.stringify([{ type: 'table', name: 'comments', data: ROWS }], null, 1),
    ],
    ['a line each, with a byte order mark', `\ufeff${ROWS.map((row) => JSON.stringify(row)).join('\n')}`],
  ])('Isso’s rows are taken %s', async (_, file) => {
    const site = await createSite();
    const done = await importFile(service, site, 'isso', file);
    expect(done).toMatchObject({ state: 'succeeded', records: 700, added: 700, refused: 0 });
    const rows = await storedComments(service, site);
    expect(rows.map(({ content }) => content)).toEqual(ROWS.map(({ text }) => text));
    expect(rows.filter(({ parent_id }) => parent_id === rows[0]?.id)).toHaveLength(699);
  });

  test('a Remark42 backup is taken as it comes, printed anew and as one array', async () => {
    const rows = [META, remark(1), remark(2)];
    for (const file of [
      rows.map((row) => JSON.stringify(row)).join('\n'),
      rows.map((row) => JSON.stringify(row, null, 2)).join('\n'),
      JSON.stringify(rows),
      JSON.stringify(rows, null, 2),
    ]) {
      const site = await createSite();
      const done = await importFile(service, site, 'remark42', file);
      expect(done).toMatchObject({ state: 'succeeded', records: 2, added: 2, refused: 0 });
    }
  });

  test('a broken row is told by its line, and the rows of other lines are read', async () => {
    const site = await createSite();
    const lines = [
      '{"content":"no end","label":"ham"',
      '{"content":"the first","label":"ham"}',
      '{"content":"no quote,"label":"ham}',
      '{"content":"the second","label":"spam"},',
      '{"content":"a quote is missing',
      '  {"content": "the third", "label": "ham"}\r',
      '',
      '{"content": nothing, "label":"ham"}',
      '12',
      `{"content":"${'x'.repeat(2_100_000)}","label":"ham"}`,
      '{"content":"the fourth","label":"HAM"}',
    ];
    const done = await importFile(service, site, 'jsonl', lines.join('\n'));
    expect(done).toMatchObject({ state: 'succeeded', added: 4, refused: 6 });
    expect(done.refusals.map(({ line, code }) => [line, code])).toEqual([
      [1, 'bad_json'],
      [3, 'bad_json'],
      [5, 'bad_json'],
      [8, 'bad_json'],
      [9, 'bad_json'],
      [10, 'too_long'],
    ]);
    expect((await storedSamples(service, site)).map(({ content }) => content)).toEqual([
      'the first',
      'the fourth',
      'the second',
      'the third',
    ]);
  });

  test('where nothing tells the next row, or the file ends in one, the import fails and says where', async () => {
    const one = '{"content":"taken","label":"ham"}';
    for (const [file, why] of [
      [`[${one},{"content":"x" "label":"ham"},${one}]`, /line 1 is not JSON\..* 1 of its/],
      [
        JSON.stringify([JSON.parse(one), { x: 1 }], null, 2).replace('1', 'one'),
        /line 7 is not JSON\..* 1 of its/,
      ],
      [`[\n${one},\n${'['.repeat(300)}`, /line 3 is nested too deeply\..* 1 of its/],
      [gzipSync(`[\n${one},\n"${'x'.repeat(17 * 1024 * 1024)}"]`), /before line 3 is too large\..* 1 of its/],
      [`[${one},\n${one}`, /ends early: what begins in line 1 is not closed.* 1 of its/],
      [`[\n${one},\n{"content":\n"ta`, /ends early: what begins in line 3 is not closed.* 1 of its/],
      [`${one}\n{"content":"ta`, /ends early: what begins in line 2 is not closed.* 1 of its/],
    ] as const) {
      const site = await createSite();
      const done = await importFile(service, site, 'jsonl', file);
      expect(done).toMatchObject({ state: 'failed', added: 1 });
      expect(await whyFailed(site, done)).toMatch(why);
    }
  });

  test('in a document, too, a row that is too long or none is told by its line, and the others are read', async () => {
    const site = await createSite();
    const row = (content: string) => ({ content, label: 'ham', more: [{ of: { it: [1] } }] });
    const rows = [row('one'), row('x'.repeat(3_000_000)), 12, row('two')];
    const done = await importFile(service, site, 'jsonl', JSON.stringify(rows, null, 1));
    expect(done).toMatchObject({ state: 'succeeded', added: 2, refused: 2 });
    expect(done.refusals).toMatchObject([
      { line: 15, code: 'too_long' },
      { line: 28, code: 'bad_json' },
    ]);
  });

  test('Isso’s rows without their pages are told what is missing', async () => {
    const site = await createSite();
    const done = await importFile(service, site, 'isso', JSON.stringify([{ ...isso(1), uri: undefined }]));
    expect(done.refusals).toMatchObject([{ detail: expect.stringContaining('threads') }]);
  });

  test.each([
    ['semicolons, as a German Excel writes', '\ufeffLabel;Content;Author_Name\r\n', ';'],
    ['semicolons behind Excel’s own line', 'sep=;\r\nlabel;text;author\r\n', ';'],
    ['tabs', 'label\ttext\tauthor\n', '\t'],
    ['commas', 'label,text,author\n', ','],
  ])('samples come as CSV with %s, and labels in any case', async (_, head, separator) => {
    const site = await createSite();
    const rows = [
      ['Spam', '"cheap; pills, here\tnow"', 'Bob'],
      ['HAM', '"the ""bridge"""', ''],
      [' ham ', 'the council', ''],
    ];
    const file = head + rows.map((row) => `${row.join(separator)}\r\n`).join('');
    expect(await importFile(service, site, 'csv', file)).toMatchObject({ added: 3, refused: 0 });
    expect(await storedSamples(service, site)).toMatchObject([
      { content: 'cheap; pills, here\tnow', label: 'spam', author_name: 'Bob' },
      { content: 'the "bridge"', label: 'ham', author_name: null },
      { content: 'the council', label: 'ham' },
    ]);
  });

  // As `wp comment list --fields=… --format=json` prints it: one line, slashes and letters escaped, statuses as texts.
  const WP_JSON = String.raw`[{"comment_content":"Buy <a href=\"http:\/\/pills.example\/\">cheap pills<\/a>\r\nnow \u00fc","comment_approved":"spam","comment_author":"Deals","comment_author_url":"http:\/\/pills.example","comment_type":"comment"},{"comment_content":"The bridge is old","comment_approved":"1","comment_author":"Ada","comment_author_url":"","comment_type":""},{"comment_content":"[&#8230;] we wrote","comment_approved":"1","comment_author":"Other","comment_author_url":"http:\/\/o.example","comment_type":"pingback"},{"comment_content":"Waits","comment_approved":"0","comment_author":"Bob","comment_author_url":"","comment_type":"comment"}]`;
  const WP_CSV = `comment_content,comment_approved,comment_author,comment_author_url,comment_type
"Buy <a href=""http://pills.example/"">cheap pills</a>\r\nnow ü",spam,Deals,http://pills.example,comment
"The bridge is old",1,Ada,,
"[&#8230;] we wrote",1,Other,http://o.example,pingback
Waits,0,Bob,,comment
`;

  test.each([
    ['jsonl', WP_JSON, '\r\n'],
    ['csv', WP_CSV, '\r\n'],
  ])(
    'what wp-cli lists is taken as samples by %s: its spam, too, which no export of WordPress has',
    async (format, file, end) => {
      const site = await createSite();
      const done = await importFile(service, site, format, file);
      expect(done).toMatchObject({ state: 'succeeded', added: 2, passed_over: 2, refused: 0 });
      expect(await storedSamples(service, site)).toEqual([
        {
          content: `Buy <a href="http://pills.example/">cheap pills</a>${end}now ü`,
          ...{ label: 'spam', author_name: 'Deals', author_url: 'http://pills.example' },
        },
        { content: 'The bridge is old', label: 'ham', author_name: 'Ada', author_url: null },
      ]);
    },
  );

  test('a head that does not fit is told with its columns; a row that does not fit the head is refused', async () => {
    const site = await createSite();
    const wrong = await importFile(service, site, 'csv', 'Kommentar;Klasse;Autor\nx;spam;y\n');
    const why = await whyFailed(site, wrong);
    expect(why).toContain('“kommentar”, “klasse”, “autor”');
    expect(why).toMatch(/needs “content” \(or “text”\) and “label”/);
    const rows = 'label;content\nham;Yes; of course\nham;No;\n';
    const done = await importFile(service, site, 'csv', rows);
    expect(done).toMatchObject({ added: 1, refused: 1, refusals: [{ line: 2 }] });
    const cut = await importFile(service, site, 'csv', 'label;content\nham;"not clo');
    expect(await whyFailed(site, cut)).toContain('The file ends early: line 2');
  });
});
