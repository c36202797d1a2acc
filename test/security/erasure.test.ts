import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createFullSite } from '../support/full-site.ts';
import { createAdminClient } from '../support/site.ts';

const WRITTEN = ['vera.person@mail.example', 'Vera.Person@Mail.example', 'vera.person+news@mail.example'];
const OTHER = 'not-vera.person@mail.example';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

describe.each(DATABASES)('an erasure on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  beforeAll(async () => {
    service = await createTestService(kind, { config: { outgoingPrivateRanges: ['127.0.0.1/32'] } });
    admin = await createAdminClient(service);
  });
  afterAll(() => service.close());

  /** Every column of the schema that can hold a text, read from the catalogue and not from the code that erases. */
  async function listColumns(): Promise<Column[]> {
    const { rows } = await sql<Column>`
      select c.relname as "table", a.attname as "column", format_type(a.atttypid, null) as type
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
      where n.nspname = current_schema() and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
        and format_type(a.atttypid, null) in ('text', 'jsonb', 'text[]') and a.attgenerated = ''
      order by 1, 2`.execute(service.db);
    return rows;
  }

  const planted = (type: string) => {
    const text = `Mail ${WRITTEN.join(', or ')}; ${OTHER} is somebody else.`;
    if (type === 'jsonb') return sql`jsonb_build_object('text', ${text}::text)`;
    return type === 'text[]' ? sql`array[${text}::text]` : sql`${text}`;
  };

  it('leaves the address in no column that can hold it, in no form, and cuts out no other', async () => {
    const { all, ids } = await createFullSite(service, `erasure-${kind}`);
    await all.post(`/v1/comments/${ids.comments}/notes`, { text: 'Look at the link.' });
    const filled: Column[] = [];
    await sql`set session_replication_role = replica`.execute(service.db);
    for (const one of await listColumns()) {
      // The log is append-only and holds no content; the site is named by its slug below.
      if (one.table === 'audit' || one.table.startsWith('kysely') || one.column === 'slug') continue;
      try {
        const { numAffectedRows = 0n } = await sql`
          update ${sql.table(one.table)} t set ${sql.ref(one.column)} = ${planted(one.type)}
          where to_jsonb(t) -> 'site_id' is distinct from 'null'::jsonb`.execute(service.db);
        if (numAffectedRows > 0n) filled.push(one);
      } catch {
        // A key, or a column that takes a few words of ours alone: it cannot hold an address.
      }
    }
    await sql`set session_replication_role = origin`.execute(service.db);
    const names = filled.map(({ table, column }) => `${table}.${column}`);
    for (const known of [
      'comment.reasons',
      'comment.author_name',
      'note.text',
      'decision.note',
      'rule.note',
    ]) {
      expect(names).toContain(known);
    }
    const done = await admin.post(`/v1/privacy/erasures?site=erasure-${kind}`, { email: WRITTEN[0] });
    expect(done.status, done.text).toBe(200);
    const left: string[] = [];
    for (const { table, column } of filled) {
      const { rows } = await sql<{ held: string }>`
        select ${sql.ref(column)}::text as held from ${sql.table(table)} t`.execute(service.db);
      for (const { held } of rows) {
        const rest = (held ?? '').replaceAll(OTHER, '');
        if (/vera\.person/i.test(rest)) left.push(`${table}.${column}`);
      }
    }
    const outside = (name: string) => KEYS.includes(name) || BY_NO_SITE.includes(name.split('.')[0] ?? '');
    expect([...new Set(left)].filter((name) => !outside(name))).toEqual([]);
  }, 60_000);
});

/** Rows of no site: of people who work here, sealed, or with codes and figures of ours only. */
const BY_NO_SITE = [
  'idempotency',
  'import_part',
  'import_refusal',
  'invitation',
  'model_report',
  'session',
  'sign_in_failure',
  'webhook_attempt',
];
/** What other rows refer to: ids of ours, and of the site's own articles. */
const KEYS = ['comment.post_id', 'model.version', 'model_flip.model_version', 'post.id'];
