import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import BayesClassifier from 'natural/lib/natural/classifiers/bayes_classifier.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/moderation/actor.ts';
import { jobHandlersOf, startImport } from '../../../src/moderation/background/job-kinds.ts';
import { importFile as importWork } from '../../../src/moderation/import/import-run.ts';
import { runJobs } from '../../../src/moderation/jobs.ts';
import type { Service } from '../../../src/service.ts';
import { type JobRow, takeJob } from '../../../src/storage/jobs.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { announce, importFile, sendPart, show, whyFailed } from '../../support/imports.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';
import { plainSamples, trainAndActivate } from '../../support/trained-site.ts';

interface WxrComment {
  id: number;
  content: string;
  approved: string;
  parent?: number;
  email?: string;
  type?: string;
  date?: string;
}

function wxr(comments: readonly WxrComment[], post = 7): string {
  const body = comments.map(
    ({ id, content, approved, parent = 0, email = `reader${id}@example.org`, type = 'comment', date }) => `
    <wp:comment>
      <wp:comment_id>${id}</wp:comment_id>
      <wp:comment_author><![CDATA[Reader ${id}]]></wp:comment_author>
      <wp:comment_author_email>${email}</wp:comment_author_email>
      <wp:comment_author_url>https://reader.example/${id}</wp:comment_author_url>
      <wp:comment_author_IP>203.0.113.${id % 250}</wp:comment_author_IP>
      <wp:comment_date_gmt>${date ?? `2024-05-01 10:${String(id % 60).padStart(2, '0')}:00`}</wp:comment_date_gmt>
      <wp:comment_content><![CDATA[${content}]]></wp:comment_content>
      <wp:comment_approved>${approved}</wp:comment_approved>
      <wp:comment_type>${type}</wp:comment_type>
      <wp:comment_parent>${parent}</wp:comment_parent>
    </wp:comment>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Daily</title><wp:wxr_version>1.2</wp:wxr_version>
  <item><title>The bridge &amp; the mayor</title><link>https://daily.example/bridge</link>
    <content:encoded><![CDATA[<p>Long article</p>]]></content:encoded>
    <wp:post_id>${post}</wp:post_id><wp:post_date_gmt>2024-04-30 08:00:00</wp:post_date_gmt>${body.join('')}
  </item></channel></rss>`;
}

const THREE: readonly WxrComment[] = [
  { id: 1, content: 'The bridge should be <b>repaired</b> before winter &amp; soon', approved: '1' },
  { id: 2, content: 'Buy cheap pills at our shop, best price of all', approved: 'spam' },
  { id: 3, content: 'I agree with you about the bridge', approved: '1', parent: 1 },
];

describe.each(DATABASES)('imports on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  let sites = 0;
  const createSite = () => createTestSite(service, `imports-${++sites}`);

  /** Starts an import as another process would, which then takes its job. */
  async function queueAndTake(site: TestSite, id: string): Promise<JobRow> {
    const other: Service = { ...service, background: () => undefined };
    const actor: Actor = {
      kind: 'system',
      id: 'other',
      name: 'other',
      siteId: site.site.id,
      scopes: ['train'],
    };
    await startImport(other, site.site.id, actor, id);
    const job = await takeJob(service.db, ['import'], service.now());
    if (!job) throw new Error('there is no job to take');
    return job;
  }

  const comments = (site: TestSite) =>
    service.db.selectFrom('comment').selectAll().where('site_id', '=', site.site.id).orderBy('id').execute();

  test('a WordPress export becomes posts, comments with their replies, and labels', async () => {
    const site = await createSite();
    const more = [
      ...THREE,
      { id: 4, content: 'What about the old road, then?', approved: '0' },
      { id: 5, content: 'An insult', approved: 'trash' },
      { id: 6, content: 'Elsewhere it says so', approved: '1', type: 'pingback' },
    ];
    const done = await importFile(service, site, 'wxr', wxr(more));
    expect(done).toMatchObject({ state: 'succeeded', records: 6, added: 5, refused: 0, passed_over: 1 });
    const rows = await comments(site);
    expect(rows.map(({ status, label }) => [status, label])).toEqual([
      ['approved', 'ham'],
      ['spam', 'spam'],
      ['approved', 'ham'],
      ['hold', null],
      ['trash', null],
    ]);
    expect(rows[2]?.parent_id).toBe(rows[0]?.id);
    const published = await site.client.get<{ items: { content: string; date_gmt: string }[] }>(
      '/v1/comments?post=7',
    );
    expect(published.body.items[0]).toMatchObject({
      content: 'The bridge should be repaired before winter & soon',
      date_gmt: '2024-05-01T10:01:00.000Z',
      author_url: 'https://reader.example/1',
    });
    const post = await site.client.get<{ title: string }>('/v1/posts/7');
    expect(post.body).toMatchObject({ title: 'The bridge & the mayor', url: 'https://daily.example/bridge' });
    const queue = await site.client.get<{ items: unknown[] }>('/v1/queue');
    expect(queue.body.items).toHaveLength(1);
  });

  test('no address stays in clear, in no row and in no part while the import waits', async () => {
    const site = await createSite();
    const id = await announce(site, 'wxr');
    await sendPart(
      site,
      id,
      0,
      wxr([{ ...THREE[0], id: 1, content: 'one', approved: '1', email: 'secret@example.org' }]),
    );
    const parts = await service.db
      .selectFrom('import_part')
      .selectAll()
      .where('import_id', '=', id)
      .execute();
    expect(parts).toHaveLength(1);
    expect(Buffer.from(parts[0]?.bytes ?? []).toString('latin1')).not.toMatch(/secret@example|203\.0\.113/);
    await site.client.post(`/v1/imports/${id}/start`);
    await service.settled();
    const [row] = await comments(site);
    expect(JSON.stringify(row)).not.toMatch(/secret@example|203\.0\.113/);
    expect(row?.author_email).toMatch(/^t1:/);
    expect(row?.author_ip).toMatch(/^t1:/);
    expect(
      await service.db.selectFrom('import_part').selectAll().where('import_id', '=', id).execute(),
    ).toEqual([]);
  });

  test('whoever comments again is known from the imported comments', async () => {
    const site = await createSite();
    await importFile(
      service,
      site,
      'wxr',
      wxr([{ id: 1, content: 'first', approved: '1', email: 'ada@example.org' }]),
    );
    const sent = await site.client.post<{ id: string }>(
      '/v1/comments',
      submission({ author_email: 'ada@example.org' }),
    );
    expect(sent.status).toBe(201);
    const rows = await comments(site);
    expect(new Set(rows.map((row) => row.author_email)).size).toBe(1);
  });

  test('the same file again adds nothing; with labels off, nothing is learnt from it', async () => {
    const site = await createSite();
    expect(await importFile(service, site, 'wxr', wxr(THREE), { labels: false })).toMatchObject({
      added: 3,
      known: 0,
    });
    expect(await importFile(service, site, 'wxr', wxr(THREE))).toMatchObject({ added: 0, known: 3 });
    expect((await comments(site)).map(({ label }) => label)).toEqual([null, null, null]);
  });

  test('records that cannot be taken are told by line, and the others are kept', async () => {
    const site = await createSite();
    const bad = [
      ...THREE,
      { id: 4, content: '   ', approved: '1' },
      { id: 5, content: 'when?', approved: '1', date: '0000-00-00 00:00:00' },
      { id: 6, content: 'what?', approved: 'perhaps' },
      { id: 7, content: 'x'.repeat(70_000), approved: '1' },
    ];
    const done = await importFile(service, site, 'wxr', wxr(bad));
    expect(done).toMatchObject({ state: 'succeeded', added: 3, refused: 4 });
    expect(done.refusals.map(({ code }) => code)).toEqual([
      'required',
      'invalid_date',
      'unknown_status',
      'too_long',
    ]);
    const lines = wxr(bad).split('\n');
    for (const { line } of done.refusals) expect(lines[line - 1]).toContain('<wp:comment>');
  });

  test('a gzipped file in many parts is put together; a missing part is named', async () => {
    const site = await createSite();
    const many = Array.from({ length: 1200 }, (_, at) => ({
      id: at + 1,
      content: `comment number ${at}`,
      approved: '1',
    }));
    const bytes = new Uint8Array(gzipSync(wxr(many)));
    const id = await announce(site, 'wxr');
    const third = Math.ceil(bytes.length / 3);
    for (const part of [2, 0]) await sendPart(site, id, part, bytes.slice(part * third, (part + 1) * third));
    const early = await site.client.post<{ code: string; detail: string }>(`/v1/imports/${id}/start`);
    expect(early.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('Part 1') });
    await sendPart(site, id, 1, bytes.slice(third, 2 * third));
    expect((await site.client.post(`/v1/imports/${id}/start`)).status).toBe(202);
    await service.settled();
    expect(await show(site, id)).toMatchObject({ state: 'succeeded', added: 1200 });
    expect((await sendPart(site, id, 3, bytes)).status).toBe(409);
    expect((await site.client.post(`/v1/imports/${id}/start`)).status).toBe(409);
  });

  test('an import whose process was lost goes on where it stopped', async () => {
    const site = await createSite();
    const many = Array.from({ length: 1300 }, (_, at) => ({
      id: at + 1,
      content: `comment number ${at}`,
      approved: '1',
      parent: at === 0 ? 0 : 1,
    }));
    const whole = wxr(many);
    const id = await announce(site, 'wxr');
    await sendPart(site, id, 0, whole);
    // The process is lost once its first batch is stored: nobody hears of it again.
    const job = await queueAndTake(site, id);
    const lost = importWork(service, job, () => Promise.reject(new Error('lost')));
    await expect(lost).rejects.toThrow('lost');
    expect(await show(site, id)).toMatchObject({ state: 'running', records: 500, added: 500 });
    service.clock.advance(60);
    await runJobs(service, jobHandlersOf(service));
    expect(await show(site, id)).toMatchObject({ state: 'succeeded', records: 1300, added: 1300, known: 0 });
    const rows = await comments(site);
    expect(rows).toHaveLength(1300);
    const replies = rows.filter(({ parent_id }) => parent_id !== null);
    expect(replies).toHaveLength(1299);
  });

  test('a file of another format, damaged gzip and broken XML end the import with a reason', async () => {
    const site = await createSite();
    for (const [format, file, why] of [
      ['wxr', '{"not":"xml"}', /no such XML/],
      ['wxr', '<rss><channel/></rss>', /nothing of this format/],
      ['disqus', wxr(THREE), /nothing of this format/],
      ['wxr', new Uint8Array(gzipSync(wxr(THREE))).slice(0, 300), /gzip/],
      ['csv', 'name,text\na,b', /head of the CSV/],
      ['natural', '{"docs":1}', /BayesClassifier/],
      ['jsonl', new Uint8Array([0xff, 0xfe, 0x00]), /UTF-8/],
    ] as const) {
      const done = await importFile(service, site, format, file);
      expect(done.state, `${format} ${why}`).toBe('failed');
      expect(await whyFailed(site, done)).toMatch(why);
    }
  });

  test('a Disqus export keeps threads, parents, spam and deletions', async () => {
    const site = await createSite();
    const file = `<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
  <category dsq:id="1"><title>General</title></category>
  <thread dsq:id="10"><id>article-9</id><link>https://daily.example/nine</link><title>Nine</title>
    <createdAt>2023-01-01T00:00:00Z</createdAt><author><name>Editor</name></author></thread>
  <post dsq:id="100"><id/><message><![CDATA[<p>Good point</p>]]></message><createdAt>2023-01-02T00:00:00Z</createdAt>
    <isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Ada</name><email>ada@example.org</email></author>
    <ipAddress>203.0.113.9</ipAddress><thread dsq:id="10"/></post>
  <post dsq:id="101"><id/><message>Free money</message><createdAt>2023-01-02T01:00:00Z</createdAt>
    <isDeleted>false</isDeleted><isSpam>true</isSpam><author><name>Deals</name></author><thread dsq:id="10"/>
    <parent dsq:id="100"/></post>
  <post dsq:id="102"><id/><message>gone</message><createdAt>2023-01-02T02:00:00Z</createdAt>
    <isDeleted>true</isDeleted><isSpam>false</isSpam><author><name>Bob</name></author><thread dsq:id="11"/></post>
</disqus>`;
    const done = await importFile(service, site, 'disqus', file);
    expect(done).toMatchObject({ added: 2, refused: 1 });
    const rows = await comments(site);
    expect(
      rows.map(({ post_id, author_name, status, label }) => [post_id, author_name, status, label]),
    ).toEqual([
      ['article-9', 'Ada', 'approved', 'ham'],
      ['article-9', 'Deals', 'spam', 'spam'],
    ]);
    expect(rows[1]?.parent_id).toBe(rows[0]?.id);
  });

  test('a Remark42 backup and rows of Isso are taken', async () => {
    const site = await createSite();
    const remark = [
      { version: 1, users: [], posts: [] },
      {
        id: 'a',
        pid: '',
        text: '<p>Hello</p>',
        orig: 'Hello',
        user: { name: 'Ada', id: 'u1', ip: 'x' },
        locator: { site: 's', url: 'https://daily.example/one' },
        score: 1,
        time: '2024-02-03T04:05:06.789Z',
      },
      {
        id: 'b',
        pid: 'a',
        text: '',
        user: { name: 'Bob' },
        locator: { site: 's', url: 'https://daily.example/one' },
        time: '2024-02-03T05:00:00Z',
        delete: true,
      },
    ];
    const remarked = await importFile(
      service,
      site,
      'remark42',
      new Uint8Array(gzipSync(remark.map((row) => JSON.stringify(row)).join('\n'))),
    );
    expect(remarked).toMatchObject({ state: 'succeeded', added: 1, passed_over: 1, refused: 0 });
    const isso = [
      {
        id: 1,
        parent: null,
        created: 1_700_000_000.5,
        mode: 1,
        remote_addr: '203.0.113.0',
        text: 'First',
        author: 'Ada',
        email: null,
        website: null,
        uri: '/two',
        title: 'Two',
      },
      {
        id: 2,
        parent: 1,
        created: 1_700_000_100,
        mode: 2,
        remote_addr: null,
        text: 'Waiting',
        author: null,
        email: 'b@example.org',
        website: 'ftp://x',
        uri: '/two',
        title: 'Two',
      },
      { id: 3, parent: 1, created: 1_700_000_200, mode: 9, text: 'odd', uri: '/two' },
    ];
    const text = `[${isso.map((row) => JSON.stringify(row)).join(',\n')}]\n`;
    const taken = await importFile(service, site, 'isso', text);
    expect(taken).toMatchObject({ state: 'succeeded', added: 2, refused: 1 });
    expect(taken.refusals).toMatchObject([{ line: 3, code: 'unknown_status' }]);
  });

  test('samples come as JSON lines, as CSV and as what natural saved', async () => {
    const site = await createSite();
    const lines = [
      '{"text":"cheap pills","label":"spam"}',
      'no json',
      '{"content":"the bridge","label":"ham"}',
      '{"text":"x","label":"maybe"}',
    ];
    const jsonl = await importFile(service, site, 'jsonl', lines.join('\n'));
    expect(jsonl).toMatchObject({ added: 2, refused: 2 });
    expect(jsonl.refusals.map(({ line }) => line)).toEqual([2, 4]);
    const csv =
      '\ufefflabel,content,author\r\nham,"He said ""hello"", and\nleft",Ada\r\nspam,\'=cheap(),x\r\nmaybe,z,\r\n';
    const table = await importFile(service, site, 'csv', csv);
    expect(table).toMatchObject({ added: 2, refused: 1 });
    expect(table.refusals).toMatchObject([{ line: 5 }]);
    const natural = {
      classifier: {},
      docs: [
        { label: 'spam', text: ['buy', 'cheap', 'watch'] },
        { label: 'ham', text: ['council', 'vote'] },
      ],
      features: {},
    };
    expect(await importFile(service, site, 'natural', JSON.stringify(natural))).toMatchObject({
      added: 2,
      refused: 0,
    });
    const stored = await service.db
      .selectFrom('sample')
      .select(['content', 'label', 'source'])
      .where('site_id', '=', site.site.id)
      .execute();
    expect(stored).toHaveLength(6);
    expect(stored).toEqual(
      expect.arrayContaining([
        { content: '=cheap()', label: 'spam', source: 'import:csv' },
        { content: 'He said "hello", and\nleft', label: 'ham', source: 'import:csv' },
        { content: 'buy cheap watch', label: 'spam', source: 'import:natural' },
        { content: 'cheap pills', label: 'spam', source: 'import:jsonl' },
        { content: 'council vote', label: 'ham', source: 'import:natural' },
        { content: 'the bridge', label: 'ham', source: 'import:jsonl' },
      ]),
    );
  });

  test('what natural itself saved is read, and trains a filter that tells its documents apart', async () => {
    const site = await createSite();
    const natural = new BayesClassifier();
    const documents = plainSamples(300);
    for (const { content, label } of documents) natural.addDocument(content, label);
    natural.train();
    const file = join(mkdtempSync(join(tmpdir(), 'natural-')), 'classifier.json');
    await promisify(natural.save.bind(natural))(file);
    const taken = await importFile(service, site, 'natural', readFileSync(file));
    rmSync(dirname(file), { recursive: true });
    expect(taken).toMatchObject({ state: 'succeeded', records: documents.length, refused: 0 });
    expect(taken.added + taken.known).toBe(documents.length);
    const version = await trainAndActivate(service, site.client);
    for (const [content, spam] of [
      ['Earn money from home and click here, alpha!', true],
      ['The council voted on the budget, says alpha.', false],
    ] as const) {
      expect(natural.classify(content)).toBe(spam ? 'spam' : 'ham');
      const { body } = await site.client.post<{ spam_probability: number; model_version: string }>(
        '/v1/comments',
        submission({ content }),
      );
      expect([body.model_version, body.spam_probability > 0.5]).toEqual([version, spam]);
    }
  });

  test('tells how far it is also within the one part that most files are', async () => {
    const site = await createSite();
    const id = await announce(site, 'wxr');
    const many = Array.from({ length: 1500 }, (_, at) => ({
      id: at + 1,
      content: `Remark ${at} on the bridge`,
      approved: '1',
    }));
    await sendPart(site, id, 0, wxr(many));
    const job = await queueAndTake(site, id);
    const shares: number[] = [];
    await importWork(service, job, (done, total) => {
      shares.push(done / (total ?? Number.NaN));
      return Promise.resolve();
    });
    await service.db.updateTable('job').set({ state: 'succeeded' }).where('id', '=', job.id).execute();
    expect(shares.at(-1)).toBe(1);
    expect(shares.filter((share) => share > 0 && share < 0.9).length).toBeGreaterThan(0);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  test('the parts that are there are told until the file is read, so that a client sends the others alone', async () => {
    const site = await createSite();
    const id = await announce(site, 'wxr');
    const file = wxr(THREE);
    await sendPart(site, id, 2, file.slice(200));
    await sendPart(site, id, 0, file.slice(0, 100));
    const parts = (await site.client.get<{ parts: unknown[] }>(`/v1/imports/${id}`)).body.parts;
    expect(parts).toEqual([
      { part: 0, bytes: Buffer.byteLength(file.slice(0, 100)) },
      { part: 2, bytes: Buffer.byteLength(file.slice(200)) },
    ]);
    await sendPart(site, id, 1, file.slice(100, 200));
    await site.client.post(`/v1/imports/${id}/start`);
    await service.settled();
    expect(await show(site, id)).toMatchObject({ state: 'succeeded', added: 3, parts: [] });
  });

  test('what its author had erased does not come back; what they wrote later comes', async () => {
    const site = await createSite();
    await importFile(service, site, 'wxr', wxr(THREE));
    const admin = await createAdminClient(service);
    const erased = await admin.post(`/v1/privacy/erasures?site=${site.site.slug}`, {
      email: 'Reader1+news@example.org',
    });
    expect(erased.body).toMatchObject({ comments: 1 });
    const tomorrow = new Date(service.now().getTime() + 86_400_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ');
    const later = { id: 4, content: 'Here I am again', approved: '1', email: 'reader1@example.org' };
    const again = await importFile(service, site, 'wxr', wxr([...THREE, { ...later, date: tomorrow }]));
    expect(again).toMatchObject({ records: 4, known: 2, added: 1, refused: 1 });
    expect(again.refusals).toEqual([expect.objectContaining({ code: 'erased' })]);
    const stored = await comments(site);
    expect(stored.map(({ content }) => content).sort()).toEqual(
      [THREE[1]?.content, THREE[2]?.content, later.content].sort(),
    );
    expect(stored.map(({ parent_id }) => parent_id)).toEqual([null, null, null]);
  });

  test('another site sees nothing of an import', async () => {
    const site = await createSite();
    const id = await announce(site, 'wxr');
    const other = await createSite();
    expect((await other.client.get(`/v1/imports/${id}`)).status).toBe(404);
    expect((await sendPart(other, id, 0, 'x')).status).toBe(404);
    expect((await other.client.get<{ items: unknown[] }>('/v1/imports')).body.items).toEqual([]);
  });
});
