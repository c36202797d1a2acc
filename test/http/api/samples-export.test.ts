import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';
import { uploadSamples } from '../../support/trained-site.ts';

const AWKWARD = [
  '=HYPERLINK("http://x.example")',
  '  =1+1',
  "'=1 was quoted by its writer",
  "''+1 twice",
  '-1.5',
  '@you: "yes", she said,\r\nand left',
  '\ttab before it',
  'an emoji 🧵 and U+2028 \u2028 in the line',
];

describe.each(DATABASES)('samples out and in on %s', (kind) => {
  let service: TestService;
  let from: TestSite;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
    from = await createTestSite(service, 'from');
    await uploadSamples(
      from.client,
      AWKWARD.map((content, at) => ({
        content,
        label: at % 2 === 0 ? 'spam' : 'ham',
        author_name: at % 3 === 0 ? '=Ada' : '',
        ...(at % 2 === 0 && { author_url: 'https://ada.example/a' }),
      })),
    );
    const sent = await from.client.post<{ id: string }>('/v1/comments', submission());
    await from.client.post(`/v1/comments/${sent.body.id}/decisions`, { decision: 'spam' });
    await from.client.post('/v1/comments', submission());
  });
  afterAll(() => service.close());

  const rows = (lines: string) =>
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .map((row) => JSON.stringify(row))
      .sort();

  async function exported({ client }: TestSite, format: string): Promise<string> {
    const answer = await client.get(`/v1/samples/export?format=${format}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.text;
  }

  async function imported(slug: string, format: string, file: string): Promise<TestSite> {
    const to = await createTestSite(service, slug);
    const { id } = (await to.client.post<{ id: string }>('/v1/imports', { format })).body;
    await to.client.call('PUT', `/v1/imports/${id}/parts/0`, { body: file });
    await to.client.post(`/v1/imports/${id}/start`);
    await service.settled();
    expect((await to.client.get(`/v1/imports/${id}`)).body).toMatchObject({
      state: 'succeeded',
      added: AWKWARD.length + 1,
      refused: 0,
    });
    return to;
  }

  test('JSON lines hold the decided comments and the uploads, and nothing undecided', async () => {
    const found = rows(await exported(from, 'jsonl')).map((row) => JSON.parse(row));
    expect(found).toHaveLength(AWKWARD.length + 1);
    expect(found.map(({ content }) => content)).toEqual(expect.arrayContaining(AWKWARD));
    expect(Object.keys(found.find(({ content }) => content === '-1.5') ?? {})).toEqual([
      'content',
      'label',
      'author_url',
    ]);
  });

  test.each(['jsonl', 'csv'])(
    'what goes out as %s and comes back in is the same, to the character',
    async (format) => {
      const to = await imported(`to-${format}`, format, await exported(from, format));
      expect(rows(await exported(to, 'jsonl'))).toEqual(rows(await exported(from, 'jsonl')));
      expect(await exported(to, format)).toHaveLength((await exported(from, format)).length);
    },
  );

  test('the JSON lines are what POST /v1/samples takes', async () => {
    const to = await createTestSite(service, 'posted');
    const answer = await to.client.post('/v1/samples', await exported(from, 'jsonl'), {
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(answer.body).toMatchObject({ added: AWKWARD.length + 1, refused: 0 });
  });

  test('no cell of the CSV begins like a formula, and a number stays one', async () => {
    const cells = (await exported(from, 'csv')).split(/,|\r\n/).map((cell) => cell.replace(/^"/, ''));
    expect(cells.filter((cell) => /^[\s]*[=+@\t-]/.test(cell))).toEqual(['-1.5']);
  });

  test('more samples than a page come in one stream, each once', async () => {
    const many = await createTestSite(service, 'many');
    const count = 2_300;
    await uploadSamples(
      many.client,
      Array.from({ length: count }, (_, at) => ({ content: `sample number ${at}`, label: 'ham' })),
    );
    expect(new Set(rows(await exported(many, 'jsonl'))).size).toBe(count);
    expect((await exported(many, 'csv')).trim().split('\r\n')).toHaveLength(count + 1);
  });

  test('needs the scope to train, and the log tells who exported', async () => {
    const reader = from.client.as(await from.keyFor(['read', 'moderate']));
    expect((await reader.get('/v1/samples/export')).status).toBe(403);
    const entry = await service.db
      .selectFrom('audit')
      .select(['actor', 'detail'])
      .where('action', '=', 'samples.export')
      .where('site_id', '=', from.site.id)
      .executeTakeFirst();
    expect(entry).toMatchObject({ actor: expect.stringMatching(/^key:/), detail: { format: 'jsonl' } });
  });
});
