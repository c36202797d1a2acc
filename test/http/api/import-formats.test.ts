import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/moderation/actor.ts';
import { jobHandlersOf, startImport } from '../../../src/moderation/background/job-kinds.ts';
import { importFile } from '../../../src/moderation/import/import-run.ts';
import { runJobs } from '../../../src/moderation/jobs.ts';
import { takeJob } from '../../../src/storage/jobs.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

/** More than a batch, so that an import can be lost after its first. */
const COUNT = 520;

interface Format {
  readonly format: string;
  /** A line a record, from line 1; the one at line 3 cannot be taken. */
  readonly lines: string[];
  readonly refusal: string;
  /** How many of each status, and the labels that come of them. */
  readonly statuses: Readonly<Record<string, number>>;
}

const numbers = Array.from({ length: COUNT }, (_, at) => at);
const address = (at: number) => `reader${at}@example.org`;

const disqusPost = (at: number) =>
  `<post dsq:id="${at}"><message>Remark ${at} on the bridge</message><createdAt>${at === 1 ? 'never' : '2023-01-02T00:00:00Z'}</createdAt>` +
  `<isSpam>${at === 2}</isSpam><isDeleted>${at === 3}</isDeleted><isApproved>${at !== 4}</isApproved>` +
  `<author><name>R${at}</name><email>${address(at)}</email></author><ipAddress>203.0.113.${at % 250}</ipAddress><thread dsq:id="9000"/></post>`;
const disqusHead =
  '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"><thread dsq:id="9000"><id>nine</id><link>https://daily.example/nine</link><title>Nine</title></thread>';

const issoRow = (at: number) =>
  JSON.stringify({
    ...{ id: at + 1, parent: at > 5 ? 1 : null, created: 1_700_000_000 + at, uri: '/two', title: 'Two' },
    mode: at === 2 ? 9 : at === 3 ? 2 : at === 4 ? 4 : 1,
    ...{
      text: `Remark ${at} on the bridge`,
      author: `R${at}`,
      email: address(at),
      remote_addr: `203.0.113.${at % 250}`,
    },
  });

const remarkRow = (at: number) =>
  JSON.stringify({
    ...{ id: `r${at}`, pid: at > 5 ? 'r0' : '', text: at === 1 ? ' ' : `Remark ${at} on the bridge` },
    user: { name: `R${at}`, id: 'u', ip: `203.0.113.${at % 250}`, email: address(at) },
    ...{ locator: { url: 'https://daily.example/one' }, time: '2024-02-03T04:05:06Z', delete: at === 3 },
  });

const FORMATS: readonly Format[] = [
  {
    format: 'disqus',
    lines: [disqusHead, ...numbers.map(disqusPost), '</disqus>'],
    refusal: 'invalid_date',
    statuses: { approved: COUNT - 4, spam: 1, trash: 1, hold: 1 },
  },
  {
    format: 'isso',
    lines: numbers
      .map(issoRow)
      .map((row, at) => `${at === 0 ? '[' : ''}${row}${at === COUNT - 1 ? ']' : ','}`),
    refusal: 'unknown_status',
    statuses: { approved: COUNT - 3, hold: 1, trash: 1 },
  },
  {
    format: 'remark42',
    lines: ['{"version":1,"users":[]}', ...numbers.map(remarkRow)],
    refusal: 'required',
    statuses: { approved: COUNT - 2, trash: 1 },
  },
];

describe.each(DATABASES)('exports of other systems on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  test.each(FORMATS)(
    '$format: a lost import goes on, statuses become labels, addresses pseudonyms, and a bad record is told by line',
    async ({ format, lines, refusal, statuses }) => {
      const { site, client } = await createTestSite(service, format);
      const { id } = (await client.post<{ id: string }>('/v1/imports', { format })).body;
      await client.call('PUT', `/v1/imports/${id}/parts/0`, { body: lines.join('\n') });
      const actor: Actor = { kind: 'system', id: 'x', name: 'x', siteId: site.id, scopes: ['train'] };
      await startImport({ ...service, background: () => undefined }, site.id, actor, id);
      const job = await takeJob(service.db, ['import'], service.now());
      if (!job) throw new Error('there is no job to take');
      await expect(importFile(service, job, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
      expect((await client.get(`/v1/imports/${id}`)).body).toMatchObject({ state: 'running', records: 500 });
      service.clock.advance(60);
      await runJobs(service, jobHandlersOf(service));
      const done = await client.get(`/v1/imports/${id}`);
      expect(done.body).toMatchObject({
        ...{ state: 'succeeded', records: COUNT, added: COUNT - 1, known: 0, refused: 1 },
        refusals: [{ line: 3, code: refusal }],
      });
      const rows = await service.db
        .selectFrom('comment')
        .selectAll()
        .where('site_id', '=', site.id)
        .execute();
      const counts: Record<string, number> = {};
      for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
      expect(counts).toEqual(statuses);
      const labels = { approved: 'ham', spam: 'spam', hold: null, trash: null };
      expect(rows.filter(({ status, label }) => labels[status] !== label)).toEqual([]);
      expect(JSON.stringify(rows)).not.toMatch(/@example\.org|203\.0\.113/);
      // Remark42 exports neither: what its users have under these names is not read.
      const pseudonym = format === 'remark42' ? null : expect.stringMatching(/^t1:/);
      expect(rows.map(({ author_email, author_ip }) => [author_email, author_ip])).toEqual(
        rows.map(() => [pseudonym, pseudonym]),
      );
    },
  );
});
