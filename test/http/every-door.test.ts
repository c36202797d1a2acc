/** What a reader may write is the same at every door: the API, the form in a page, WordPress's two doors, an import. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { importFile } from '../support/imports.ts';
import { createTestSite, type TestSite } from '../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../support/small-filter.ts';

const ORIGIN = 'https://daily.example';

interface Written {
  readonly post: string;
  readonly author_name: string;
  readonly author_email: string;
  readonly author_url?: string;
  readonly content: string;
}

/** Each value with what is kept of it; null: it is refused. */
type Values = readonly (readonly [string, string | null])[];

const same = (...values: readonly string[]): Values => values.map((value) => [value, value]);
const refused = (...values: readonly string[]): Values => values.map((value) => [value, null]);

const WEBSITES: Values = [
  ['example.org', 'http://example.org'],
  ['example.org:8080/me?x=1', 'http://example.org:8080/me?x=1'],
  ['  https://ada.example/  ', 'https://ada.example/'],
  ['münchen.example/über', 'http://münchen.example/über'],
  ['例子.中国', 'http://例子.中国'],
  ...same(
    'HTTPS://Ada.Example',
    'http://xn--fsqu00a.xn--fiqs8s/',
    'https://ada.example:443/#me',
    'http://[2001:db8::1]/',
  ),
  ...same(`https://ada.example/${'x'.repeat(180)}`),
  [`${'x'.repeat(190)}.org`, `http://${'x'.repeat(190)}.org`],
  ...refused(
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://ada.example/',
    'mailto:ada@example.org',
    'ada',
  ),
  ...refused(
    'https://ada:secret@ada.example/',
    'https://a b.example/',
    'https://ada.example/\\b',
    'https://',
  ),
  ...refused(`https://ada.example/${'x'.repeat(181)}`, 'java\tscript:alert(1)'),
];
const EMAILS: Values = [
  ...same('ada@example.org', 'müller@example.org', 'ada@müller.example', '用户@例子.中国', 'ADA@EXAMPLE.ORG'),
  ...same(
    "o'neill+news@example.co.uk",
    'δοκιμή@παράδειγμα.δοκιμή',
    '  ada@example.org  ',
    'ada@xn--mller-kva.example',
  ),
  ...refused('ada', 'ada@', '@example.org', 'a b@example.org', 'ada@exa mple.org', 'ada@example..org'),
  ...refused(`${'x'.repeat(90)}@example.org`, 'ada@@example.org', 'ada@example.org, bob@example.org'),
];
const CONTENTS: Values = [
  ...same(
    '.',
    '😀',
    '👍🏽',
    '<3',
    '&',
    'হ্যাঁ',
    'نعم',
    '好',
    'ครับ',
    '<p>Yes</p>',
    'a\nb',
    '&nbsp;x',
    '<p>&lt;</p>',
  ),
  ...refused(
    '<p></p>',
    '&nbsp;',
    '<p>&nbsp;</p>\n<br/>',
    '\u200b\u200d',
    '\u2800',
    '\u3164\u00ad',
    ' \t\n ',
    '\ufeff',
  ),
  ...refused(
    '<div><span class="x"></span></div>',
    '<p><br></p>',
    '&#160;&#xA0;',
    '<ul><li></li></ul>',
    '\u202e',
  ),
];
const NAMES: Values = [
  ...same('Ada', 'Åsa Öst', 'ঐশ্বর্য', '王小明', 'محمد', '👩‍💻', "O'Neill", 'x'.repeat(245)),
  ['  Ada  ', 'Ada'],
  ...refused('\u200b', '&nbsp;', ' ', '\u2800', 'x'.repeat(246)),
];

describe.each(DATABASES)('every door on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  let publicKey: string;
  let secretKey: string;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
    site = await createTestSite(service, 'doors');
    publicKey = await site.publicKeyFor(ORIGIN);
    secretKey = await site.keyFor(['submit', 'read']);
  });
  afterAll(() => service.close());

  const wordPress = ({ post, author_name, author_email, author_url, content }: Written) => ({
    form: {
      ...{ comment_post_ID: post, author: author_name, email: author_email, comment: content },
      ...(author_url !== undefined && { url: author_url }),
    },
    rest: { post, author_name, author_email, content, ...(author_url !== undefined && { author_url }) },
  });
  const form = (fields: object) => new URLSearchParams({ ...fields });
  const key = () => ({ key: secretKey });

  /** Status codes of what each door makes of the fields. */
  const DOORS: Readonly<Record<string, (fields: Written) => Promise<boolean>>> = {
    api: async (fields) => (await site.client.post('/v1/comments', fields)).status === 201,
    'api-form': async (fields) => (await site.client.post('/v1/comments', form(fields))).status === 201,
    batch: async (fields) => {
      const answer = await site.client.post<{ results: { id?: string }[] }>('/v1/comments/batch', {
        comments: [fields],
      });
      return answer.body.results[0]?.id !== undefined;
    },
    page: async (fields) => {
      const headers = { origin: ORIGIN };
      const sent = form({ ...fields, key: publicKey });
      return (await site.client.post('/embed/comments', sent, { key: null, headers })).status === 201;
    },
    'wordpress-rest': async (fields) =>
      (await site.client.post('/wp-json/wp/v2/comments', wordPress(fields).rest, key())).status === 201,
    'wordpress-form': async (fields) =>
      (await site.client.post('/wp-comments-post.php', form(wordPress(fields).form), key())).status === 302,
    import: async (fields) => {
      const row = { id: fields.post, date: '2024-01-02T03:04:05Z', status: 'approved', ...fields };
      return (await importFile(service, site, 'comments', JSON.stringify(row))).added === 1;
    },
  };

  let count = 0;
  /** What is stored of a field by each door; null: nothing. */
  async function keep(fields: Partial<Written>, doors: readonly string[]) {
    const kept: Record<string, Awaited<ReturnType<typeof findRow>> | null> = {};
    for (const [door, send] of Object.entries(DOORS)) {
      if (!doors.includes(door)) continue;
      const post = `case-${++count}`;
      const isTaken = await send({
        ...{
          post,
          author_name: 'Ada',
          author_email: 'ada@example.org',
          content: `The bridge, point ${count}`,
        },
        ...fields,
      });
      const row = await findRow(post);
      expect([door, fields, row !== undefined]).toEqual([door, fields, isTaken]);
      kept[door] = row ?? null;
    }
    return kept;
  }

  const findRow = async (post: string) =>
    await service.db
      .selectFrom('comment')
      .select(['author_name', 'author_url', 'author_email', 'content'])
      .where('site_id', '=', site.site.id)
      .where('post_id', '=', post)
      .executeTakeFirst();

  const READERS = Object.keys(DOORS).filter((door) => door !== 'import');
  const FIELDS = [
    { field: 'author_url', values: WEBSITES, doors: READERS },
    { field: 'author_name', values: NAMES, doors: READERS },
    { field: 'content', values: CONTENTS, doors: Object.keys(DOORS) },
  ] as const;
  const cases = FIELDS.flatMap(({ field, values, doors }) =>
    values.map(([value, expected]) => ({
      field,
      value,
      expected,
      doors,
      name: JSON.stringify(value).slice(0, 40),
    })),
  );

  test.each(cases)('$field $name', async ({ field, value, expected, doors }) => {
    const kept = await keep({ [field]: value }, doors);
    const values = Object.entries(kept).map(([door, row]) => [door, row?.[field] ?? null]);
    expect(values).toEqual(doors.map((door) => [door, expected]));
  });

  test.each(EMAILS.map(([email, expected]) => ({ email, expected, name: email.slice(0, 40) })))(
    'author_email $name',
    async ({ email, expected }) => {
      const kept = await keep({ author_email: email }, READERS);
      const pseudonyms = new Set(Object.values(kept).map((row) => row?.author_email ?? null));
      expect(pseudonyms.size).toBe(1);
      expect(pseudonyms.has(null)).toBe(expected === null);
    },
  );

  test('an import keeps the website that a form would keep, and drops one that it would refuse', async () => {
    for (const [website, expected] of WEBSITES) {
      const { import: row } = await keep({ author_url: website }, ['import']);
      expect([website, row?.author_url]).toEqual([website, expected]);
    }
  });

  describe('what readers did not write', () => {
    const metadata: readonly Record<string, unknown>[] = [
      { author_user_agent: 'Mozilla '.repeat(1000) },
      { referrer: `https://search.example/?q=${'%E0%A6%AC'.repeat(1000)}` },
      { post_title: 'বাংলা '.repeat(500) },
      { post_title: '😀'.repeat(400) },
      { post_url: `https://daily.example/${'x'.repeat(3000)}` },
      { post_url: 'android-app://com.google' },
      { post_url: 'about:srcdoc' },
      { post_url: '' },
      { referrer: '\u0000' },
      { author_user_agent: 'a\u0000b\ud800' },
      { date_gmt: '2199-01-01T00:00:00Z' },
      { date_gmt: '9999-12-31T23:59:59Z' },
    ];
    test.each(metadata.map((fields) => ({ fields, name: JSON.stringify(fields).slice(0, 50) })))(
      'costs nobody a comment: $name',
      async ({ fields }) => {
        const sent = {
          ...{ post: `meta-${++count}`, author_name: 'Ada', author_email: 'ada@example.org' },
          ...{ content: `The bridge, point ${count}`, ...fields },
        };
        const answer = await site.client.post('/v1/comments', sent);
        expect(answer.status, answer.text).toBe(201);
        const [name = ''] = Object.keys(fields);
        if (fields[name] !== '') expect(answer.headers.get('adjusted-fields')).toBe(name);
        const page = await site.client.post(
          '/embed/comments',
          new URLSearchParams({ ...sent, post: `${sent.post}-page`, key: publicKey } as Record<
            string,
            string
          >),
          { key: null, headers: { origin: ORIGIN, 'user-agent': 'x'.repeat(5000) } },
        );
        expect(page.status, page.text).toBe(201);
      },
    );

    test('a date in the future becomes the present one at every door that takes dates', async () => {
      const later = '2199-01-01T00:00:00Z';
      const key = await site.keyFor(['akismet']);
      const fields = { author_name: 'Ada', author_email: 'ada@example.org' };
      const content = () => `A remark of tomorrow ${++count}`;
      await site.client.post('/v1/comments', {
        ...fields,
        post: 'later',
        content: content(),
        date_gmt: later,
      });
      await site.client.post('/wp-json/wp/v2/comments', {
        ...fields,
        post: 'later',
        content: content(),
        date_gmt: later,
      });
      await site.client.post(
        '/1.1/comment-check',
        new URLSearchParams({
          ...{ api_key: key, blog: ORIGIN, user_ip: '192.0.2.1', comment_post_ID: 'later' },
          ...{ comment_content: content(), comment_date_gmt: later },
        }),
        { key: null },
      );
      const row = {
        ...fields,
        id: 'later',
        post: 'later',
        content: content(),
        date: later,
        status: 'approved',
      };
      await importFile(service, site, 'comments', JSON.stringify(row));
      const again = await importFile(service, site, 'comments', JSON.stringify(row));
      expect(again).toMatchObject({ added: 0, known: 1 });
      const rows = await service.db
        .selectFrom('comment')
        .select(['date_gmt', 'created_at'])
        .where('site_id', '=', site.site.id)
        .where('post_id', '=', 'later')
        .execute();
      expect(rows.length).toBe(4);
      for (const { date_gmt, created_at } of rows) {
        expect(date_gmt.getTime()).toBeLessThanOrEqual(service.now().getTime());
        expect(created_at.getTime()).toBeLessThanOrEqual(service.now().getTime());
      }
    });
  });
});
