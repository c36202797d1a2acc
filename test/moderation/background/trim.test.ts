import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeToTime } from '../../../src/moderation/background/maintenance.ts';
import { trimTables } from '../../../src/moderation/background/trim.ts';
import type { Database } from '../../../src/storage/schema/database.ts';
import { CANDIDATES_KEPT, TRIMMED } from '../../../src/storage/trim.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite } from '../../support/site.ts';

/** Why nothing trims a table: a new one is either trimmed or named here. */
const NOT_TRIMMED: Partial<Record<keyof Database, string>> = {
  site: 'made by an administrator',
  api_key: 'made by an administrator',
  person: 'made by an administrator',
  rule: 'made by an administrator',
  webhook: 'made by an administrator',
  coral_connection: 'one a site',
  akismet_callback_key: 'one a key',
  pseudonym_key: 'one a key',
  overdue_alarm: 'one a site',
  expired_day: 'one a day',
  post: 'what the service is for',
  post_alias: 'goes with its post',
  removed_comment: 'goes with its post',
  comment: 'by each site’s own settings (deleteByAge)',
  near_duplicate: 'goes with its comment, or after 30 days (forgetOldBands)',
  queue_item: 'goes with its comment or its decision',
  decision: 'goes with its comment',
  second_look: 'goes with its comment',
  note: 'goes with its comment',
  shadow_score: 'goes with its comment',
  sample: 'what the filter learns from',
  model: 'candidates but the newest (deleteOldCandidates)',
  model_report: 'goes with its model',
  model_flip: 'goes with its model',
  import_part: 'goes with its import',
  import_refusal: 'goes with its import',
  webhook_attempt: 'goes with its delivery',
  audit: 'append-only by design',
  tombstone: 'keeps erased people away from restores',
  erasure: 'keeps erased people away from imports',
};

const ROWS = 2_300;
const DAY_MS = 86_400_000;

describe.each(DATABASES)('old rows on %s', (kind) => {
  let service: TestService;
  let siteId: string;
  beforeAll(async () => {
    service = await createTestService(kind);
    siteId = (await createTestSite(service, 'daily')).site.id;
  });
  afterAll(() => service.close());

  const count = async (table: string) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
      service.db,
    );
    return rows[0]?.n ?? 0;
  };

  /** A row of each trimmed table that is kept until a time, numbered `n`. */
  function insertOf(table: keyof Database, at: Date, rows: number): RawBuilder<unknown> {
    const n = sql`from generate_series(1, ${rows}) n`;
    const uuid = sql`gen_random_uuid()`;
    const site = sql`${siteId}::uuid`;
    const made = sql`${at}::timestamptz`;
    const values: Partial<Record<keyof Database, RawBuilder<unknown>>> = {
      idempotency: sql`insert into idempotency (key_id, idempotency_key, fingerprint, status, body, created_at) select 'k', ${at.toISOString()} || n, 'f', 201, '{}', ${made} ${n}`,
      sign_in_failure: sql`insert into sign_in_failure (subject, failures, since) select ${at.toISOString()} || n, 1, ${made} ${n}`,
      spent_challenge: sql`insert into spent_challenge (site_id, nonce, expires_at) select ${site}, ${at.toISOString()} || n, ${made} ${n}`,
      session: sql`insert into session (token_sha256, person_id, created_at, seen_at, expires_at) select ${at.toISOString()} || n, p.id, ${made}, ${made}, ${made} from generate_series(1, ${rows}) n, (select id from person limit 1) p`,
      invitation: sql`insert into invitation (token_sha256, person_id, created_at, expires_at) select ${at.toISOString()} || n, p.id, ${made}, ${made} from generate_series(1, ${rows}) n, (select id from person limit 1) p`,
      event: sql`insert into event (site_id, kind, created_at) select ${site}, 'comment.held', ${made} ${n}`,
      webhook_delivery: sql`insert into webhook_delivery (webhook_id, site_id, event, data, created_at, state, next_at, finished_at) select w.id, ${site}, 'comment.held', '{}', ${made}, 'delivered', ${made}, ${made} from generate_series(1, ${rows}) n, (select id from webhook limit 1) w`,
      akismet_check: sql`insert into akismet_check (id, site_id, key_id, blog, spam, created_at) select ${uuid}, ${site}, 'k', 'b', true, ${made} ${n}`,
      akismet_callback: sql`insert into akismet_callback (id, site_id, check_id, spam, created_at) select ${uuid}, ${site}, c.id, true, ${made} from generate_series(1, ${rows}) n, (select id from akismet_check limit 1) c`,
      job: sql`insert into job (id, site_id, kind, state, created_by, created_at, finished_at) select ${uuid}, ${site}, 'replay', 'succeeded', 'x', ${made}, ${made} ${n}`,
      import_run: sql`insert into import_run (id, site_id, format, created_by, created_at) select ${uuid}, ${site}, 'wxr', 'x', ${made} ${n}`,
      shadow_run: sql`insert into shadow_run (id, site_id, model_version, started_by, started_at, stopped_at) select ${uuid}, ${site}, 'm', 'x', ${made}, ${made} ${n}`,
    };
    const insert = values[table];
    if (!insert) throw new Error(`this test has no row of ${table}`);
    return insert;
  }

  test('every table is trimmed, or is named here with the reason', async () => {
    const tables = await service.db.introspection.getTables();
    const own = tables.map(({ name }) => name).filter((name) => !name.startsWith('kysely_'));
    const named = [...TRIMMED.map(({ table }) => table), ...Object.keys(NOT_TRIMMED)];
    expect(own.sort()).toEqual(named.sort());
  });

  test('of every trimmed table go in batches when they are too old, and not before', async () => {
    await sql`insert into person (id, name, role, login, created_by, created_at)
      values (gen_random_uuid(), 'Ada', 'moderator', 'ada', 'x', now())`.execute(service.db);
    await sql`insert into webhook (id, site_id, url, events, secret_kid, secret, created_by, created_at)
      values (gen_random_uuid(), ${siteId}, 'https://x.example', '{}', 'k', '', 'x', now())`.execute(
      service.db,
    );
    const now = service.now().getTime();
    // A check is older than any callback that goes with it, so checks come first and stay for the callbacks.
    const order = [...TRIMMED].sort(
      (a, b) => Number(b.table === 'akismet_check') - Number(a.table === 'akismet_check'),
    );
    for (const { table, keptMs } of order) {
      await insertOf(table, new Date(now - keptMs + 60_000), 3).execute(service.db);
      await insertOf(table, new Date(now - keptMs - 60_000), ROWS).execute(service.db);
    }
    const before = Object.fromEntries(
      await Promise.all(TRIMMED.map(async ({ table }) => [table, await count(table)])),
    );
    await Promise.all([trimTables(service), trimTables(service)]);
    await trimTables(service);
    const after = Object.fromEntries(
      await Promise.all(TRIMMED.map(async ({ table }) => [table, await count(table)])),
    );
    for (const { table } of TRIMMED) {
      expect([table, before[table] - after[table]]).toEqual([table, ROWS]);
    }
  });

  test('of a job that runs, an import that it does and a callback that is still due stay, however old', async () => {
    const old = new Date(service.now().getTime() - 1000 * DAY_MS);
    await sql`with j as (insert into job (id, site_id, kind, state, created_by, created_at)
      values (gen_random_uuid(), ${siteId}, 'import', 'running', 'x', ${old}) returning id)
      insert into import_run (id, site_id, job_id, format, name, created_by, created_at)
      select gen_random_uuid(), ${siteId}, j.id, 'wxr', 'stays', 'x', ${old} from j`.execute(service.db);
    await sql`insert into akismet_callback (id, site_id, check_id, spam, created_at, next_attempt_at, last_error)
      select gen_random_uuid(), ${siteId}, id, true, ${old}, ${old}, 'stays' from akismet_check limit 1`.execute(
      service.db,
    );
    await trimTables(service);
    const { rows } = await sql<{ kept: number }>`select
      (select count(*) from import_run where name = 'stays') + (select count(*) from job where state = 'running')
      + (select count(*) from akismet_callback where last_error = 'stays') as kept`.execute(service.db);
    expect(Number(rows[0]?.kept)).toBe(3);
  });

  test('of models that were never activated only the newest are kept; the active, retired and shadowed ones stay', async () => {
    const add = (version: string, state: string, minutes: number, activated: Date | null = null) =>
      sql`insert into model (version, site_id, state, bytes, sha256, size_bytes, created_by, created_at, activated_at)
        values (${version}, ${siteId}, ${state}, '', '', 0, 'x', ${new Date(minutes * 60_000)}, ${activated})`.execute(
        service.db,
      );
    await add('old-retired', 'retired', 1, new Date(0));
    await add('old-shadow', 'candidate', 2);
    await sql`insert into shadow_run (id, site_id, model_version, started_by, started_at)
      values (gen_random_uuid(), ${siteId}, 'old-shadow', 'x', now())`.execute(service.db);
    for (let at = 0; at < CANDIDATES_KEPT + 12; at++)
      await add(`c${at}`, at % 2 ? 'candidate' : 'refused', 10 + at);
    await trimTables(service);
    const kept = (
      await sql<{ version: string }>`select version from model where site_id = ${siteId}`.execute(service.db)
    ).rows;
    const newest = Array.from({ length: CANDIDATES_KEPT }, (_, at) => `c${at + 12}`);
    expect(kept.map(({ version }) => version).sort()).toEqual(
      ['old-retired', 'old-shadow', ...newest].sort(),
    );
  });

  test('a step of the maintenance that fails leaves the others done', async () => {
    const old = new Date(service.now().getTime() - 10 * DAY_MS);
    await insertOf('event', old, 5).execute(service.db);
    // The first step reads the sites' settings; one that is out of range fails it.
    await sql`update site set settings = settings || '{"overdue_minutes": 1e300}' where id = ${siteId}`.execute(
      service.db,
    );
    await seeToTime(service);
    expect(service.logged.some(({ event }) => event === 'background-failed')).toBe(true);
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from event where created_at <= ${old}`.execute(service.db);
    expect(rows[0]?.n).toBe(0);
  });
});
