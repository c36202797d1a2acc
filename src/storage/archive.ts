/** The rows of a site, table by table, as they go into an export and come back. */
import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './schema/database.ts';

export interface ArchivedTable {
  readonly name: keyof Database;
  /** The column that is unique within the site, and that pages go by. */
  readonly key: string;
  /** Columns that name a comment of the site: where it is gone, so is the row. */
  readonly comments: readonly string[];
  /** A column that may name a row of the same table, also a later one. */
  readonly self?: string;
  readonly pageRows: number;
}

const PAGE_ROWS = 500;
const plain = { comments: [], pageRows: PAGE_ROWS };
const ofComment = { comments: ['comment_id'], pageRows: PAGE_ROWS };

/** What an export holds, in the order in which one can come back after the other. */
export const ARCHIVED_TABLES: readonly ArchivedTable[] = [
  { name: 'tombstone', key: 'subject', ...plain },
  { name: 'erasure', key: 'pseudonym', ...plain },
  // One a page: each may have 64 MiB.
  { name: 'model', key: 'version', comments: [], pageRows: 1 },
  { name: 'rule', key: 'id', ...plain },
  { name: 'post', key: 'id', ...plain },
  { name: 'post_alias', key: 'alias', ...plain },
  { name: 'removed_comment', key: 'id', ...plain },
  { name: 'comment', key: 'id', ...plain },
  { name: 'queue_item', key: 'comment_id', ...ofComment },
  { name: 'decision', key: 'id', ...ofComment, self: 'undoes' },
  { name: 'second_look', key: 'comment_id', ...ofComment },
  { name: 'note', key: 'id', ...ofComment },
  { name: 'sample', key: 'id', ...plain },
  { name: 'expired_day', key: 'day', ...plain },
];

/**
 * What stays behind: keys, people, webhooks and connections (secrets, made anew), the audit log (its chain is of one
 * database), what only says how far something running is, and reports on candidates (a training makes them anew).
 */
export const NOT_ARCHIVED: readonly (keyof Database)[] = [
  'site',
  'api_key',
  'person',
  'invitation',
  'session',
  'sign_in_failure',
  'audit',
  'event',
  'job',
  'import_run',
  'import_part',
  'import_refusal',
  'idempotency',
  // The database keeps it by the comments.
  'near_duplicate',
  'spent_challenge',
  'model_report',
  'model_flip',
  'shadow_run',
  'shadow_score',
  'webhook',
  'webhook_delivery',
  'webhook_attempt',
  'overdue_alarm',
  'pseudonym_key',
  'coral_connection',
  'akismet_check',
  'akismet_callback_key',
  'akismet_callback',
];

export type StoredValue = string | number | boolean | null | Date | Uint8Array | readonly unknown[] | object;
export type StoredRow = Readonly<Record<string, StoredValue>>;

/** Each column's type; without those that the database itself fills. */
export async function readColumns(db: Kysely<Database>, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; type: string }>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_identity = 'NO' and is_generated = 'NEVER'
    order by ordinal_position`.execute(db);
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** A page of a site's rows after a key; of models also the shipped ones that its verdicts name. */
export async function readPage(
  db: Kysely<Database>,
  siteId: string,
  table: ArchivedTable,
  columns: readonly string[],
  after: readonly string[] | null,
): Promise<StoredRow[]> {
  const shipped = sql`or (site_id is null and version in (select distinct model_version from comment where site_id = ${siteId}))`;
  const keys = keysOf(table);
  const names = sql.join(keys.map((key) => sql.ref(key)));
  const { rows } = await sql<StoredRow>`
    select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(table.name)}
    where (site_id = ${siteId} ${table.name === 'model' ? shipped : sql``})
    ${after === null ? sql`` : sql`and (${names}) > (${sql.join([...after])})`}
    order by ${names} limit ${table.pageRows}`.execute(db);
  return rows;
}

/** An id may have several tombstones. */
export function keysOf(table: ArchivedTable): readonly string[] {
  return table.name === 'tombstone' ? ['subject', 'kind'] : [table.key];
}

/** The references to later rows of the same table, in pages. */
export async function readLaterReferences(
  db: Kysely<Database>,
  siteId: string,
  table: ArchivedTable,
  self: string,
  after: string | null,
): Promise<{ id: string; to: string }[]> {
  const { rows } = await sql<{ id: string; to: string }>`
    select id, ${sql.ref(self)} as to from ${sql.table(table.name)}
    where site_id = ${siteId} and ${sql.ref(self)} > id ${after === null ? sql`` : sql`and id > ${after}`}
    order by id limit ${PAGE_ROWS}`.execute(db);
  return rows;
}

export async function writeReference(
  trx: Transaction<Database>,
  siteId: string,
  table: ArchivedTable,
  self: string,
  link: { readonly id: string; readonly to: string },
): Promise<void> {
  await sql`update ${sql.table(table.name)} set ${sql.ref(self)} = ${link.to}
    where site_id = ${siteId} and id = ${link.id}
    and exists (select from ${sql.table(table.name)} other where other.site_id = ${siteId} and other.id = ${link.to})`.execute(
    trx,
  );
}

/**
 * Inserts rows that have the same columns. Tombstones and shipped models may be there already: a service that has run
 * keeps its starter filter, and a page of an export holds that one beside the models of the site.
 */
export async function insertRows(
  trx: Transaction<Database>,
  table: ArchivedTable,
  columns: readonly string[],
  rows: readonly StoredRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
  const known = table.name === 'tombstone' || table.name === 'model';
  await sql`insert into ${sql.table(table.name)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(values)} ${known ? sql`on conflict do nothing` : sql``}`.execute(trx);
}

/** An article that came while the export was read may be missing in it; its comments are not. */
export async function insertMissingPosts(
  trx: Transaction<Database>,
  comments: readonly StoredRow[],
): Promise<void> {
  const posts = new Map(comments.map((row) => [String(row.post_id), row]));
  if (posts.size === 0) return;
  await trx
    .insertInto('post')
    .values(
      [...posts].map(([id, { site_id, created_at }]) => ({
        site_id: String(site_id),
        id,
        url: null,
        title: null,
        closed_at: null,
        created_at: String(created_at),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Which of these ids the site has in the table. */
export async function findIds(
  db: Kysely<Database>,
  siteId: string,
  table: 'comment' | 'decision' | 'removed_comment',
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)}
    where site_id = ${siteId} and id = any(${[...ids]}::uuid[])`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** The checksum of a model's bytes as they are stored, or null when there is none of the version. */
export async function readModelChecksum(db: Kysely<Database>, version: string): Promise<string | null> {
  const row = await db.selectFrom('model').select('sha256').where('version', '=', version).executeTakeFirst();
  return row?.sha256 ?? null;
}

/** Whether nobody has used the site yet: it has a name and settings, nothing else. */
export async function isUntouched(trx: Transaction<Database>, siteId: string): Promise<boolean> {
  for (const table of ['post', 'sample', 'model', 'rule', 'api_key', 'person', 'import_run'] as const) {
    const found = await sql`select 1 from ${sql.table(table)} where site_id = ${siteId} limit 1`.execute(trx);
    if (found.rows.length > 0) return false;
  }
  return true;
}
