import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { seeToTime } from '../../src/moderation/background/maintenance.ts';
import { IMPORT_FORMATS, type ImportFormat, parserOf } from '../../src/moderation/import/import-formats.ts';
import { type ImportedRecord, ImportFormatError } from '../../src/moderation/import/import-record.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { announce, importFile, sendPart, whyFailed } from '../support/imports.ts';
import { createTestSite, type TestSite } from '../support/site.ts';

/** A file that grows without an end in one respect. */
interface Bomb {
  readonly start: string;
  readonly repeat: string;
}

const BOMBS: Readonly<Record<string, Bomb>> = {
  'elements within each other': { start: '<?xml version="1.0"?><rss><wp:x>', repeat: '<a>' },
  'elements of Disqus within each other': { start: '<?xml version="1.0"?><disqus>', repeat: '<thread>' },
  'attributes of one element': { start: '<?xml version="1.0"?><rss><wp:x ', repeat: 'a$=""\n' },
  'fields of one comment': { start: '<rss><channel><item><wp:comment>', repeat: '<f$>x</f$>' },
  'fields of one article': { start: '<rss><channel><wp:x/><item>', repeat: '<f$>x</f$>' },
  'fields of one post of Disqus': { start: '<disqus><post dsq:id="1">', repeat: '<f$>x</f$>' },
  'long fields of one comment': {
    start: '<rss><channel><item><wp:comment>',
    repeat: `<f$>${'x'.repeat(30_000)}</f$>`,
  },
  'text between two tags': { start: '<rss><wp:x>', repeat: 'x'.repeat(1000) },
  'cells of one row': { start: '', repeat: ',' },
  'one cell': { start: 'content,label\n"', repeat: 'x'.repeat(1000) },
  'arrays within each other': { start: '{"docs":', repeat: '[' },
  'objects within each other': { start: '', repeat: '{"a":' },
  'members of one object': { start: '{\n', repeat: '"a$":1,' },
  'items of one array': { start: '{"a":[', repeat: '0,' },
  'one string': { start: '{"a":"', repeat: 'x'.repeat(1000) },
};

const PIECE = 32 * 1024;
/** What a parser may be given of one record before it refuses the file. */
const MAX_CHARACTERS = 20 * 1024 * 1024;

/** How many characters a parser takes before it gives the file up; null: it never does. */
function feed(format: ImportFormat, { start, repeat }: Bomb): number | null {
  const records: ImportedRecord[] = [];
  const parser = parserOf(format)(records);
  let given = 0;
  let number = 0;
  try {
    parser.write(start);
    while (given < MAX_CHARACTERS) {
      let piece = '';
      while (piece.length < PIECE) piece += repeat.replaceAll('$', String(number++));
      parser.write(piece);
      given += piece.length;
      // What is refused line by line is stored and let go.
      records.length = 0;
    }
  } catch (error) {
    if (!(error instanceof ImportFormatError)) throw error;
    return given;
  }
  return null;
}

/** What grows within the parser of a format; of the others each piece is done with, or cut. */
const GROWS: Readonly<Record<ImportFormat, readonly string[]>> = {
  wxr: [
    'elements within each other',
    'attributes of one element',
    'fields of one comment',
    'fields of one article',
    'long fields of one comment',
    'text between two tags',
  ],
  disqus: ['elements of Disqus within each other', 'fields of one post of Disqus', 'text between two tags'],
  csv: ['cells of one row', 'one cell'],
  isso: ['objects within each other', 'members of one object', 'items of one array', 'one string'],
  remark42: ['objects within each other', 'members of one object'],
  jsonl: ['objects within each other', 'members of one object'],
  comments: ['objects within each other', 'members of one object'],
  cusdis: ['objects within each other', 'members of one object', 'items of one array', 'one string'],
  // These are read as a whole, up to 64 MiB.
  commento: [],
  comentario: [],
  waline: [],
  artalk: [],
  giscus: [],
  natural: ['arrays within each other', 'objects within each other', 'items of one array', 'one string'],
};

describe('a file that grows without an end', () => {
  const cases = IMPORT_FORMATS.flatMap((format) => GROWS[format].map((what) => [format, what] as const));

  it.each(cases)('is given up by %s when it has too many: %s', (format, what) => {
    const bomb = BOMBS[what];
    if (!bomb) throw new Error(what);
    expect(feed(format, bomb)).not.toBeNull();
  });
});

describe.each(DATABASES)('uploads on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  beforeAll(async () => {
    service = await createTestService(kind);
    site = await createTestSite(service, 'uploads');
  });
  afterAll(() => service.close());

  const keptParts = async () => await service.db.selectFrom('import_part').select('import_id').execute();

  test.each([
    ['wxr', '<?xml version="1.0"?><rss><wp:x>', '<a>', 3_000_000, /nested more than 200 elements deep/],
    ['csv', '', ',', 20_000_000, /line 1 has more than 1000 cells/],
    ['jsonl', '{"content":"a","label":"ham"}\n', ' ', 100_000_000, /unpacks to more than 200 times its size/],
  ])(
    'a small %s that unpacks to a large one fails and says why',
    async (format, start, repeat, times, why) => {
      const bomb = gzipSync(Buffer.concat([Buffer.from(start), Buffer.alloc(repeat.length * times, repeat)]));
      expect(bomb.length).toBeLessThan(120_000);
      const done = await importFile(service, site, format, bomb);
      expect(done.state).toBe('failed');
      expect(await whyFailed(site, done)).toMatch(why);
      expect(await keptParts()).toEqual([]);
    },
  );

  it('lose their parts however their job ends', async () => {
    const ways: Readonly<Record<string, (job: string) => Promise<unknown>>> = {
      cancelled: async (job) => await site.client.call('DELETE', `/v1/jobs/${job}`),
      failed: async (job) =>
        await service.db.updateTable('job').set({ state: 'failed' }).where('id', '=', job).execute(),
      succeeded: async (job) =>
        await service.db.updateTable('job').set({ state: 'succeeded' }).where('id', '=', job).execute(),
    };
    for (const [state, end] of Object.entries(ways)) {
      const id = await announce(site, 'csv');
      await sendPart(site, id, 0, 'content,label\nHello,ham\n');
      const job = '00000000-0000-7000-8000-0000000000'.concat(String(10 + Object.keys(ways).indexOf(state)));
      const at = service.now();
      await service.db
        .insertInto('job')
        .values({
          id: job,
          site_id: site.site.id,
          kind: 'import',
          state: 'queued',
          input: '{}',
          total: null,
          error: null,
          created_by: 'key:test',
          created_at: at,
        })
        .execute();
      await service.db
        .updateTable('import_run')
        .set({ job_id: job, parts: 1 })
        .where('id', '=', id)
        .execute();
      expect(await keptParts()).toHaveLength(1);
      await end(job);
      expect(await keptParts(), state).toEqual([]);
    }
  });

  it('lose their parts when they are withdrawn, and after a day without a start', async () => {
    const withdrawn = await announce(site, 'csv');
    await sendPart(site, withdrawn, 0, 'content,label\nHello,ham\n');
    expect((await site.client.call('DELETE', `/v1/imports/${withdrawn}`)).status).toBe(204);
    expect((await site.client.get(`/v1/imports/${withdrawn}`)).status).toBe(404);
    const left = await announce(site, 'csv');
    await sendPart(site, left, 0, 'content,label\nHello,ham\n');
    await seeToTime(service);
    expect(await keptParts()).toHaveLength(1);
    service.clock.advance(24 * 3600 + 1);
    await seeToTime(service);
    expect(await keptParts()).toEqual([]);
  });

  it('that wait for parts are at most twenty of a site', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 20; count++) ids.push(await announce(site, 'csv'));
    const more = await site.client.post<{ code: string }>('/v1/imports', { format: 'csv' });
    expect([more.status, more.body.code]).toEqual([409, 'conflict']);
    for (const id of ids) await site.client.call('DELETE', `/v1/imports/${id}`);
    expect((await site.client.post('/v1/imports', { format: 'csv' })).status).toBe(201);
  });

  it('with a status that every object has take the other records all the same', async () => {
    const comment = (id: number, status: string) =>
      `<wp:comment><wp:comment_id>${id}</wp:comment_id><wp:comment_author>Ada</wp:comment_author>` +
      '<wp:comment_date_gmt>2024-05-01 10:00:00</wp:comment_date_gmt>' +
      `<wp:comment_content>Text ${id}</wp:comment_content><wp:comment_approved>${status}</wp:comment_approved></wp:comment>`;
    const words = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty'];
    const bad = words.map((word, at) => comment(at + 2, word)).join('');
    const file = `<rss><channel><item><wp:post_id>1</wp:post_id>${comment(1, '1')}${bad}${comment(9, '1')}</item></channel></rss>`;
    const done = await importFile(service, site, 'wxr', file);
    expect(done).toMatchObject({ state: 'succeeded', added: 2, refused: words.length });
    const key = await site.keyFor(['read', 'moderate']);
    for (const word of words) {
      const path = `/wp-json/wp/v2/comments?status=${word}`;
      expect((await site.client.as(key).get(path)).status, word).toBe(400);
    }
  });

  it('of samples with nothing but faults keep 1,000 of them and let others have a turn', async () => {
    const lines = 200_000;
    const headers = { 'content-type': 'application/x-ndjson' };
    let turns = 0;
    let over = false;
    const turn = () => {
      turns += 1;
      if (!over) setImmediate(turn);
    };
    turn();
    const answer = await site.client.post<{ refused: number; errors: unknown[] }>(
      '/v1/samples',
      '1\n'.repeat(lines),
      { headers },
    );
    over = true;
    expect(answer.body).toMatchObject({ refused: lines });
    expect(answer.body.errors).toHaveLength(1000);
    expect(turns).toBeGreaterThan(lines / 200);
    const tooMany = await site.client.post<{ code: string }>('/v1/samples', '\n'.repeat(1_000_001), {
      headers,
    });
    expect([tooMany.status, tooMany.body.code]).toEqual([422, 'invalid_value']);
  });
});
