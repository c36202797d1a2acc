import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseModel, serialiseModel } from '../../../src/core/filter/model-format.ts';
import type { Actor } from '../../../src/moderation/actor.ts';
import { restoreSite as restoreWork } from '../../../src/moderation/archive/restore-site.ts';
import { jobHandlersOf, startImport } from '../../../src/moderation/background/job-kinds.ts';
import { runJobs } from '../../../src/moderation/jobs.ts';
import { ensureDefaultSite } from '../../../src/moderation/site/sites.ts';
import { ARCHIVED_TABLES, NOT_ARCHIVED } from '../../../src/storage/archive.ts';
import { takeJob } from '../../../src/storage/jobs.ts';
import { contentOf, exportSite, linesOf, restoreSite, sealed, sendArchive } from '../../support/archive.ts';
import type { Client } from '../../support/client.ts';
import {
  createTestService,
  DATABASES,
  type DatabaseKind,
  drawingAll,
  type TestService,
} from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';
import { plainSamples, trainAndActivate, uploadSamples } from '../../support/trained-site.ts';

const starter = trainOn(SMALL_SAMPLES);
const COMMENTS = 510;

/** A site with something in every table that an export holds. */
async function fillSite(service: TestService, slug: string): Promise<TestSite> {
  const site = await createTestSite(service, slug, {
    premoderate: true,
    second_look_share: 0.2,
    max_links: 1,
  });
  const { client } = site;
  await uploadSamples(client, plainSamples(700));
  await trainAndActivate(service, client);
  const comments = Array.from({ length: COMMENTS }, (_, at) =>
    submission({
      post: `article-${at % 7}`,
      author_email: `reader${at}@example.org`,
      author_ip: `203.0.113.${at % 250}`,
    }),
  );
  const sent = await client.post<{ results: { id: string }[] }>('/v1/comments/batch', { comments });
  const ids = sent.body.results.map(({ id }) => id);
  const decide = async (at: number, decision: string, more = {}) =>
    (await client.post<{ decision_id: string }>(`/v1/comments/${ids[at]}/decisions`, { decision, ...more }))
      .body.decision_id;
  for (let at = 0; at < 40; at++) {
    service.clock.advance(1);
    await decide(at, at % 3 === 0 ? 'spam' : 'approve');
  }
  await decide(50, 'reject', { reason: 'insult', note: 'rude' });
  await decide(51, 'escalate');
  const undone = await decide(52, 'spam');
  // An undo whose id is older than that of what it undoes, as a clock that is set back makes it.
  service.clock.advance(-1);
  expect((await client.post(`/v1/decisions/${undone}/undo`)).status).toBe(200);
  service.clock.advance(1);
  expect((await client.post(`/v1/comments/${ids[53]}/notes`, { text: 'Ask the desk.' })).status).toBeLessThan(
    300,
  );
  expect((await client.post('/v1/queue/claims', { limit: 2, seconds: 600 })).status).toBe(200);
  // A reply whose id is older than that of what it answers, as imports with odd dates have it.
  const [first, , third] = [...ids].sort();
  await service.db
    .updateTable('comment')
    .set({ parent_id: third ?? '' })
    .where('id', '=', first ?? '')
    .execute();
  return site;
}

/** What a moderator and an admin see of the site. */
async function look(client: Client, slug: string, ids: readonly string[]) {
  const get = async (path: string) =>
    (await client.get(`${path}${path.includes('?') ? '&' : '?'}site=${slug}`)).body;
  return {
    risk: await get('/v1/queue?order=risk&limit=100'),
    oldest: await get('/v1/queue?order=oldest&limit=100'),
    informative: await get('/v1/queue?order=informative&limit=100'),
    published: await get('/v1/comments?post=article-1'),
    explanations: await Promise.all(ids.map((id) => get(`/v1/comments/${id}/explanation`))),
    models: await get('/v1/models'),
    sites: ((await client.get<{ items: { slug: string }[] }>('/v1/sites')).body.items ?? []).find(
      (site) => site.slug === slug,
    ),
  };
}

/** The bytes of the next model, without its name. */
async function trainNext(service: TestService, client: Client, slug: string): Promise<string> {
  const { job } = (await client.post<{ job: string }>(`/v1/models?site=${slug}`, {})).body;
  await service.settled();
  const done = await client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`);
  const { bytes } = await service.db
    .selectFrom('model')
    .select('bytes')
    .where('version', '=', done.body.result.model_version)
    .executeTakeFirstOrThrow();
  return Buffer.from(serialiseModel({ ...parseModel(new Uint8Array(bytes)), version: 'next' })).toString(
    'base64',
  );
}

const ways: readonly [DatabaseKind, DatabaseKind][] = [
  ['pglite', 'postgres'],
  ['postgres', 'pglite'],
];

describe.each(ways)('a site from %s to %s', (from, to) => {
  let source: TestService;
  let target: TestService;
  let sourceAdmin: Client;
  let targetAdmin: Client;
  let site: TestSite;
  let file = '';
  beforeAll(async () => {
    source = await createTestService(from, { starter, random: drawingAll });
    target = await createTestService(to, { starter });
    sourceAdmin = await createAdminClient(source);
    targetAdmin = await createAdminClient(target);
    site = await fillSite(source, 'daily');
    await createTestSite(source, 'other');
    file = await exportSite(sourceAdmin, site.site.id);
    target.clock.set(source.now());
  });
  afterAll(async () => {
    await source.close();
    await target.close();
  });

  test('the export has something of everything, no address in clear, and ends with what it counted', () => {
    const lines = linesOf(file);
    const counts: Record<string, number> = lines.at(-1)?.end?.counts ?? {};
    expect(counts).toMatchObject({ comment: COMMENTS, sample: 700, note: 1, model: 1 });
    expect(counts.decision).toBeGreaterThan(43);
    expect(counts.second_look).toBeGreaterThan(0);
    expect(counts.queue_item).toBeGreaterThan(400);
    expect(lines.filter(({ link }) => link)).not.toHaveLength(0);
    expect(lines.at(-1)?.end?.lines).toBe(lines.length - 1);
    expect(file).not.toMatch(/@example\.org|203\.0\.113/);
  });

  test('what comes back is the same: rows, queue, explanations, published comments, models', async () => {
    const done = await restoreSite(target, targetAdmin, file, new Uint8Array(gzipSync(file)));
    expect(done).toMatchObject({ error: null, state: 'succeeded', passed_over: 0 });
    expect(done.records).toBe(linesOf(file).length - 2);
    // Claims are not restored: whoever holds one is a key of the other service.
    expect(file).toMatch(/"claimed_by":"key:/);
    await source.db.updateTable('queue_item').set({ claimed_by: null, claimed_until: null }).execute();
    expect(contentOf(await exportSite(targetAdmin, site.site.id))).toEqual(
      contentOf(await exportSite(sourceAdmin, site.site.id)),
    );
    const ids = linesOf(file).flatMap(({ table, row }) =>
      table === 'comment' && row ? [String(row.id)] : [],
    );
    const asked = ids.filter((_, at) => at % 20 === 0);
    const there = await look(targetAdmin, 'daily', asked);
    expect(there).toEqual(await look(sourceAdmin, 'daily', asked));
    expect(JSON.stringify(there.explanations)).toContain('log_odds');
  });

  test('the next training gives the same model, to the bit', async () => {
    const there = await trainNext(target, targetAdmin, 'daily');
    expect(there.length).toBeGreaterThan(1000);
    expect(there === (await trainNext(source, sourceAdmin, 'daily'))).toBe(true);
  });

  test('whoever comments again is known by the restored pseudonyms, and the log tells of the restore', async () => {
    const next = { ...submission({ author_email: 'reader1@example.org' }) };
    const sent = await targetAdmin.post<{ id: string }>('/v1/comments?site=daily', next);
    expect(sent.status, sent.text).toBe(201);
    const pseudonyms = await target.db
      .selectFrom('comment')
      .select('author_email')
      .where('id', '=', sent.body.id)
      .execute();
    expect(file).toContain(String(pseudonyms[0]?.author_email));
    const entry = await target.db
      .selectFrom('audit')
      .select('detail')
      .where('action', '=', 'site.restore')
      .executeTakeFirstOrThrow();
    expect(entry.detail).toMatchObject({ sha256: linesOf(file).at(-1)?.end?.sha256 });
  });

  test('a site that is there already is not written over', async () => {
    const head = linesOf(file)[0];
    const body = { ...head?.site, settings: undefined, active_model: undefined, pseudonym_keys: {} };
    const again = await targetAdmin.post<{ code: string }>('/v1/restores', { ...body, slug: 'another' });
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
  });
});

describe.each(DATABASES)('restores on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  beforeAll(async () => {
    service = await createTestService(kind, { starter });
    admin = await createAdminClient(service);
  });
  afterAll(() => service.close());

  let sites = 0;
  /** A site of a few comments, exported and then deleted, so that its file can come back. */
  async function takeOut(comments = 3, samples = 4): Promise<{ file: string; id: string; slug: string }> {
    const slug = `out-${++sites}`;
    const { site, client } = await createTestSite(service, slug);
    const sent = Array.from({ length: comments }, () => submission());
    expect((await client.post('/v1/comments/batch', { comments: sent })).status).toBe(200);
    await uploadSamples(client, plainSamples(samples));
    const file = await exportSite(admin, site.id);
    await remove(site.id);
    return { file, id: site.id, slug };
  }

  async function remove(id: string): Promise<void> {
    expect((await admin.call('DELETE', `/v1/sites/${id}`)).status).toBe(204);
  }

  test('what the public does not see comes back so; an export of before there was such a thing is restored as listed', async () => {
    const slug = `out-${++sites}`;
    const { site, client, keyFor } = await createTestSite(service, slug);
    const check = new URLSearchParams({
      api_key: await keyFor(['akismet']),
      blog: 'https://news.example',
      user_ip: '192.0.2.7',
      comment_post_ID: 'article-1',
      comment_content: 'The mayor should answer the questions of the council about the bridge',
    });
    expect((await client.post('/1.1/comment-check', check, { key: null })).text).toBe('false');
    const file = await exportSite(admin, site.id);
    const before = linesOf(file).map((line) => {
      if (line.table !== 'comment' || !line.row) return line;
      const { listed: _, ...row } = line.row;
      return { ...line, row };
    });
    for (const [restored, shown] of [
      [file, 0],
      [sealed(before), 1],
    ] as const) {
      await remove(site.id);
      expect(await restoreSite(service, admin, restored)).toMatchObject({ state: 'succeeded' });
      const list = await admin.get<{ items: unknown[] }>(`/v1/comments?site=${slug}&post=article-1`);
      expect(list.body.items).toHaveLength(shown);
    }
    await remove(site.id);
  });

  const countComments = async (id: string) =>
    (await service.db.selectFrom('comment').select('id').where('site_id', '=', id).execute()).length;

  test('every table of the database is either in an export or named as left out', async () => {
    const tables = await service.db.introspection.getTables();
    const own = tables.map(({ name }) => name).filter((name) => !name.startsWith('kysely_'));
    expect(own.sort()).toEqual([...ARCHIVED_TABLES.map(({ name }) => name), ...NOT_ARCHIVED].sort());
  });

  const swap = (lines: string[], a: number, b: number) =>
    lines.map((line, at) => (at === a ? lines[b] : at === b ? lines[a] : line));
  const damages: readonly [string, (lines: string[]) => (string | undefined)[], RegExp][] = [
    [
      'a changed character',
      (lines) => lines.with(4, lines[4]?.replace('mayor', 'major') ?? ''),
      /line 5: it was changed/,
    ],
    ['a changed head', (lines) => lines.with(0, lines[0]?.replace('"slug"', '"slog"') ?? ''), /line 1: /],
    [
      'a line taken out',
      (lines) => lines.toSpliced(4, 1),
      /line 5: it was changed, or a line before it is missing/,
    ],
    ['two lines changed round', (lines) => swap(lines, 3, 4), /line 4: /],
    ['a line twice', (lines) => lines.toSpliced(4, 0, lines[3] ?? ''), /line 5: /],
    ['the end cut off', (lines) => lines.toSpliced(-2, 1), /line \d+: the file ends here/],
    [
      'the file cut within a line',
      (lines) => [...lines.slice(0, 5), lines[5]?.slice(0, 30)],
      /line 6: the file ends within it/,
    ],
    [
      'something behind the end',
      (lines) => lines.toSpliced(-1, 0, lines[3] ?? ''),
      /line \d+: it stands behind the end/,
    ],
  ];
  test.each(damages)(
    '%s is refused by its line, and nothing of the file is stored',
    async (_, damage, why) => {
      const { file, id } = await takeOut();
      const broken = damage(file.split('\n')).join('\n');
      expect(broken).not.toBe(file);
      const done = await restoreSite(service, admin, file, broken);
      expect([done.state, done.error]).toEqual(['failed', expect.stringMatching(why)]);
      expect([done.records, await countComments(id)]).toEqual([0, 0]);
      await remove(id);
    },
  );

  test('rows of another site, unknown tables and columns, and models without their bytes are refused though they are sealed', async () => {
    const { site: other } = await createTestSite(service, 'victim');
    const { file, id } = await takeOut();
    const lines = linesOf(file);
    const at = lines.findIndex(({ table }) => table === 'comment');
    const { row = {} } = lines[at] ?? {};
    const forged: readonly [Record<string, unknown>, string, RegExp][] = [
      [{ ...row, site_id: other.id }, 'comment', /belongs to another site/],
      [row, 'api_key', /table “api_key” is unknown/],
      [{ ...row, '"; drop table comment': 1 }, 'comment', /column “.*” is unknown/],
      [{ ...row, status: 'odd' }, 'comment', /no such comment \(SQLSTATE 23514\)/],
      [{ site_id: null, version: 'x', sha256: 'x', bytes: 'AAAA' }, 'model', /do not fit their checksum/],
    ];
    for (const [changed, table, why] of forged) {
      const done = await restoreSite(service, admin, file, sealed(lines.with(at, { table, row: changed })));
      expect([done.state, done.error]).toEqual(['failed', expect.stringMatching(why)]);
      expect(done.error).toMatch(new RegExp(`line ${at + 1}:`));
      await remove(id);
    }
  });

  test('a restore whose process was lost goes on where it stopped', async () => {
    const { file, id, slug } = await takeOut(3, 1200);
    const run = await sendArchive(admin, file);
    const actor: Actor = { kind: 'system', id: 'other', name: 'other', siteId: null, scopes: ['admin'] };
    await startImport({ ...service, background: () => undefined }, id, actor, run);
    const job = await takeJob(service.db, ['restore'], service.now());
    if (!job) throw new Error('there is no job to take');
    // The process is lost in its second batch of samples: what was stored before stays.
    let calls = 0;
    const lost: TestService = Object.assign(Object.create(service), {
      db: new Proxy(service.db, {
        get: (db, name) => {
          if (name === 'transaction' && ++calls > 4) throw new Error('lost');
          const value = Reflect.get(db, name);
          return typeof value === 'function' ? value.bind(db) : value;
        },
      }),
    });
    await expect(restoreWork(lost, job, () => Promise.resolve())).rejects.toThrow('lost');
    const stored = await service.db.selectFrom('sample').select('id').where('site_id', '=', id).execute();
    expect([await countComments(id), stored.length]).toEqual([3, 500]);
    service.clock.advance(60);
    await runJobs(service, jobHandlersOf(service));
    const done = (await admin.get<{ state: string }>(`/v1/imports/${run}?site=${slug}`)).body;
    expect(done.state).toBe('succeeded');
    expect(contentOf(await exportSite(admin, id))).toEqual(contentOf(file));
  });

  test('what was erased or deleted after the export stays away, with all that hung on it', async () => {
    const { site, client } = await createTestSite(service, 'erasing', { premoderate: true });
    const post = async (fields: Record<string, unknown>) =>
      (await client.post<{ id: string }>('/v1/comments', submission(fields))).body.id;
    const hers = await post({
      author_email: 'cleo@example.org',
      content: 'This is what Cleo said of the bridge.',
    });
    await client.post(`/v1/comments/${hers}/decisions`, { decision: 'approve' });
    const answer = await post({ parent: hers, content: 'Write to CLEO@example.org about it, she knows.' });
    const deleted = await post({ content: 'A comment that is deleted for good by its site.' });
    const kept = await post({ content: 'A comment that stays where it is, bridge or not.' });
    await client.post(`/v1/comments/${hers}/notes`, { text: 'She called.' });
    await uploadSamples(client, [{ content: 'This is what Cleo said of the bridge.', label: 'spam' }]);
    const file = await exportSite(admin, site.id);
    expect(file).toContain('CLEO@example.org');
    service.clock.advance(60);
    const erased = await admin.post('/v1/privacy/erasures?site=erasing', { email: 'cleo@example.org' });
    expect(erased.body).toEqual({ comments: 1, samples: 1, mentions: 1 });
    expect((await admin.call('DELETE', `/v1/comments/${deleted}?site=erasing`)).status).toBe(204);
    await remove(site.id);
    const done = await restoreSite(service, admin, file);
    expect(done).toMatchObject({ state: 'succeeded', error: null });
    expect(done.passed_over).toBeGreaterThanOrEqual(5);
    const again = await exportSite(admin, site.id);
    expect(again).not.toMatch(/cleo@example|Cleo said|She called|deleted for good/i);
    const comments = linesOf(again).filter(({ table }) => table === 'comment');
    expect(comments.map(({ row }) => row?.id).sort()).toEqual([answer, kept].sort());
    expect(comments.find(({ row }) => row?.id === answer)?.row).toMatchObject({
      parent_id: null,
      content: 'Write to […] about it, she knows.',
    });
    const tombstones = linesOf(again).filter(({ table }) => table === 'tombstone');
    expect(tombstones.map(({ row }) => row?.kind).sort()).toEqual([
      'comment',
      'comment',
      'mention',
      'sample',
    ]);
  });

  test('the untouched site that gave way comes back as it was when the restore fails or is abandoned, after a kill, too', async () => {
    const { file, id, slug } = await takeOut();
    const url = 'https://daily.example/';
    const made = await admin.post<{ id: string }>('/v1/sites', {
      ...{ slug, name: 'fresh', url },
      settings: { premoderate: true },
    });
    const before = (await admin.get(`/v1/sites/${made.body.id}`)).body;
    const accepted = async () =>
      (await admin.post(`/v1/comments?site=${slug}`, submission({ post: 'after' }))).status;
    const cutShort = file.slice(0, -20);
    const failures: readonly (() => Promise<unknown>)[] = [
      () => restoreSite(service, admin, file, cutShort),
      () => sendArchive(admin, file),
      async () => {
        await sendArchive(admin, file);
        // Another process finds what a killed one has left.
        await ensureDefaultSite(await service.joined());
      },
    ];
    for (const fail of failures) {
      await fail();
      await remove(id);
      expect((await admin.get(`/v1/sites/${made.body.id}`)).body).toEqual(before);
    }
    expect(await accepted()).toBe(201);
  });

  test('an untouched site of the same slug gives way, a used one does not', async () => {
    const { file, id, slug } = await takeOut();
    const untouched = await admin.post<{ id: string }>('/v1/sites', { slug, name: 'fresh' });
    expect((await restoreSite(service, admin, file)).state).toBe('succeeded');
    expect((await admin.get(`/v1/sites/${untouched.body.id}`)).status).toBe(404);
    await remove(id);
    const used = await createTestSite(service, slug);
    const head = linesOf(file)[0]?.site;
    const body = { id, slug, name: 'x', created_at: head?.created_at, pseudonym_keys: {} };
    expect((await admin.post('/v1/restores', body)).status).toBe(409);
    expect((await admin.get(`/v1/sites/${used.site.id}`)).status).toBe(200);
    const moved = await restoreSite(service, admin, file, file, { slug: `${slug}-again` });
    expect(moved.state).toBe('succeeded');
  });

  test('an export whose pseudonyms no key here has made is refused, unless that is wanted', async () => {
    const { file } = await takeOut();
    const keys = { t1: 'A'.repeat(43) };
    const head = linesOf(file)[0]?.site;
    const { id, slug, name, url, created_at } = head ?? {};
    const refused = await admin.post<{ detail: string }>('/v1/restores', {
      ...{ id, slug, name, url, created_at },
      pseudonym_keys: keys,
    });
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('pseudonym key t1')]);
    const done = await restoreSite(service, admin, file, file, { pseudonym_keys: keys, without_keys: true });
    expect(done.state).toBe('succeeded');
  });

  test('only an admin exports, announces, sends and starts', async () => {
    const { file, id, slug } = await takeOut();
    const { client, site } = await createTestSite(service, 'plain');
    expect((await client.get(`/v1/sites/${site.id}/export`)).status).toBe(403);
    expect((await client.post('/v1/restores', {})).status).toBe(403);
    const run = await sendArchive(admin, file);
    const { key } = (
      await admin.post<{ key: string }>('/v1/keys', { site: slug, name: 'trainer', scopes: ['train'] })
    ).body;
    const trainer = client.as(key);
    expect((await trainer.call('PUT', `/v1/imports/${run}/parts/0`, { body: 'x' })).status).toBe(404);
    expect((await trainer.post(`/v1/imports/${run}/start`)).status).toBe(404);
    await remove(id);
    expect((await admin.get(`/v1/sites/${id}/export`)).status).toBe(404);
  });
});
