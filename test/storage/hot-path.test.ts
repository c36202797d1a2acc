import { type KyselyPlugin, type RootOperationNode, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../support/site.ts';

/** Comments of each site. */
const STORED = 5_000;
const SITES = 4;
/** The tables that grow with every comment. */
const LARGE = ['comment', 'near_duplicate', 'post', 'queue_item', 'event'];

/** Comments as the service would have written them, for some sites, without the planner being told of them. */
async function fill({ db }: TestService, siteIds: readonly string[]): Promise<void> {
  for (const siteId of siteIds) {
    await sql`insert into post (site_id, id, created_at)
      select ${siteId}::uuid, 'article-' || n, now() from generate_series(0, ${STORED}::int / 10) n`.execute(
      db,
    );
    await sql`insert into idempotency (key_id, idempotency_key, fingerprint, status, body, created_at)
      select 'k', ${siteId} || n, 'f', 201, '{}', now() from generate_series(1, ${STORED}::int) n`.execute(
      db,
    );
    await sql`insert into comment (id, site_id, post_id, author_name, author_email, author_email_loose, author_ip, content,
        content_hash, date_gmt, created_at, updated_at, status, verdict, disposition, threshold_ham, threshold_spam,
        model_version, near_duplicate_bands, campaign_id)
      select id, ${siteId}::uuid, 'article-' || n / 10, 'Reader ' || n, 't1:' || n, 't1:' || n, 't1:ip' || n,
        'comment ' || n, md5(n::text), now(), now(), now(), case when n % 3 = 0 then 'hold' else 'approved' end, 'ham',
        'publish', 0.3, 0.9, 'starter', array(select (n * 16 + b) % 50000 from generate_series(1, 16) b), id
      from (select n, gen_random_uuid() as id from generate_series(1, ${STORED}::int) n) numbers`.execute(db);
    await sql`insert into queue_item (comment_id, site_id, post_id, created_at, risk, uncertainty, reasons)
      select id, site_id, post_id, created_at, 0.5, 0.5, array['unsure'] from comment
      where site_id = ${siteId}::uuid and status = 'hold'`.execute(db);
  }
}

/** Sequential scans of the large tables, once what was inserted has been counted, too. */
async function countScans({ db }: TestService, inserted: number): Promise<Record<string, number>> {
  for (;;) {
    await sql`select pg_stat_force_next_flush()`.execute(db);
    await sql`select pg_stat_clear_snapshot()`.execute(db);
    const { rows } = await sql<{ relname: string; seq_scan: string; n_tup_ins: string }>`
      select relname, seq_scan, n_tup_ins from pg_stat_user_tables where relname = any(${LARGE}::text[])`.execute(
      db,
    );
    const comments = rows.find(({ relname }) => relname === 'comment');
    if (Number(comments?.n_tup_ins) >= inserted) {
      return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, Number(seq_scan)]));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Rows that were read through the indexes of the tables in which a check looks for one row. */
async function countIndexReads({ db }: TestService): Promise<Record<string, number>> {
  const { rows } = await sql<{ relname: string; read: string }>`
    select relname, sum(idx_tup_read) as read from pg_stat_user_indexes
    where relname in ('post', 'post_alias', 'idempotency') group by relname`.execute(db);
  return Object.fromEntries(rows.map(({ relname, read }) => [relname, Number(read)]));
}

/** Keeps what is asked of the database. */
function createRecorder(): KyselyPlugin & { readonly nodes: RootOperationNode[] } {
  const nodes: RootOperationNode[] = [];
  return {
    nodes,
    transformQuery: ({ node }) => {
      nodes.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

function scansIn(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansIn)].filter((name) => LARGE.includes(name));
}

describe.each(DATABASES)('the hot path on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  beforeAll(async () => {
    service = await createTestService(kind);
    site = await createTestSite(service, 'hot', { flood_seconds: 15 });
    const others = await Promise.all(['a', 'b', 'c'].map((slug) => createTestSite(service, slug)));
    await fill(
      service,
      [site, ...others].map(({ site: { id } }) => id),
    );
  });
  afterAll(() => service.close());

  it('scans no table that grows in 100 checks, alone, together, in a batch and from an Akismet client', async () => {
    const before = await countScans(service, SITES * STORED);
    const readBefore = await countIndexReads(service);
    const post = (fields = {}, key?: string) =>
      site.client.post(
        '/v1/comments',
        submission(fields),
        key === undefined ? {} : { headers: { 'idempotency-key': key } },
      );
    for (let at = 0; at < 25; at++) {
      expect((await post({ post: `article-${at}` }, `key-${at}`)).status).toBe(201);
    }
    const together = await Promise.all(Array.from({ length: 45 }, () => post({ author_ip: '192.0.2.7' })));
    // One address: after the first all are floods.
    expect(together.filter(({ status }) => status === 201)).toHaveLength(1);
    const content = 'The same advertisement for the same watches, again and again';
    const comments = Array.from({ length: 29 }, (_, at) => submission({ content, post: `article-${at}` }));
    const { status } = await site.client.post('/v1/comments/batch', { comments });
    expect(status).toBe(200);
    const after = await countScans(service, SITES * STORED + 55);
    expect(after).toEqual(before);
    // A site has 500 posts: a walk through their index would read them all for each group.
    const read = await countIndexReads(service);
    for (const table of Object.keys(read)) {
      expect([table, (read[table] ?? 0) - (readBefore[table] ?? 0) <= 10 * 100]).toEqual([table, true]);
    }
  });

  it('reads the queue and the public list without a scan', async () => {
    await sql`vacuum analyze`.execute(service.db);
    const recorder = createRecorder();
    const watched = { ...service, db: service.db.withPlugin(recorder) };
    const client = createClient(watched, await site.keyFor(['read', 'moderate']));
    const paths = [
      ...['order=risk', 'order=oldest', 'order=informative', 'post=article-7', 'author=reader%2070'].map(
        (query) => `/v1/queue?${query}`,
      ),
      '/v1/queue/counts',
      '/v1/comments?post=article-7',
      '/v1/queue?folder=approved',
    ];
    for (const path of paths) expect([path, (await client.get(path)).status]).toEqual([path, 200]);
    const executor = service.db.getExecutor();
    const asked = recorder.nodes.map((node) => executor.compileQuery(node, { queryId: 'test' }));
    const reads = asked.filter(({ sql: text }) => /^\s*(select|with)\b/i.test(text));
    expect(reads.length).toBeGreaterThan(paths.length);
    for (const read of reads) {
      const explained = { ...read, sql: `explain (format json) ${read.sql}`, query: sql``.toOperationNode() };
      const { rows } = await service.db.executeQuery<{ 'QUERY PLAN': [{ Plan: Plan }] }>(explained);
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      expect([read.sql, plan && scansIn(plan)]).toEqual([read.sql, []]);
    }
  });
});
