/** Cuts a text out of every column of a site that can hold one. The columns are read from the database's own catalogue. */
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../schema/database.ts';

export interface TextColumn {
  readonly table: string;
  readonly column: string;
  readonly type: 'text' | 'jsonb' | 'text[]';
  /** The column by which its rows belong to a site: `site_id`, or `id` in the table of sites. */
  readonly owner: 'site_id' | 'id';
}

/** Nothing is cut out of these: the audit log is append-only and holds neither content nor personal data. */
const SEALED_TABLES = ['audit'];

/**
 * Every column of text, JSON or lists of text in a table whose rows belong to a site. A key is left out: rows refer to it,
 * and it is an id of ours or of the site's articles.
 */
export async function listTextColumns(db: Kysely<Database>): Promise<TextColumn[]> {
  const { rows } = await sql<TextColumn>`
    select c.table_name as "table", c.column_name as "column",
      case c.data_type when 'ARRAY' then 'text[]' else c.data_type end as type,
      case c.table_name when 'site' then 'id' else 'site_id' end as owner
    from information_schema.columns c
    where c.table_schema = current_schema() and c.is_generated = 'NEVER'
      and (c.data_type in ('text', 'jsonb') or c.udt_name = '_text')
      and c.table_name <> all(${SEALED_TABLES}::text[])
      and (c.table_name = 'site' or exists (select from information_schema.columns o
        where o.table_schema = c.table_schema and o.table_name = c.table_name and o.column_name = 'site_id'))
      and not exists (select from information_schema.key_column_usage k
        where k.table_schema = c.table_schema and k.table_name = c.table_name and k.column_name = c.column_name)
    order by 1, 2`.execute(db);
  return rows;
}

/**
 * Replaces what the expression matches in every such column of the site's rows. Reads all texts of the site.
 *
 * @param expression a regular expression of PostgreSQL; case does not count
 */
export async function cutFromEveryColumn(
  trx: Transaction<Database>,
  siteId: string,
  expression: string,
  replacement: string,
): Promise<void> {
  const byTable = new Map<string, TextColumn[]>();
  for (const column of await listTextColumns(trx)) {
    byTable.set(column.table, [...(byTable.get(column.table) ?? []), column]);
  }
  // Decisions are append-only, but for this.
  await sql`set local leave_a_reply.erasing = 'on'`.execute(trx);
  for (const [table, columns] of byTable) {
    const [first] = columns;
    if (first === undefined) continue;
    const cuts = columns.map(
      (column) => sql`${sql.ref(column.column)} = ${cut(column, expression, replacement)}`,
    );
    const hits = columns.map(({ column }) => sql`${sql.ref(column)}::text ~* ${expression}`);
    await sql`update ${sql.table(table)} set ${sql.join(cuts)}
      where ${sql.ref(first.owner)} = ${siteId} and (${sql.join(hits, sql` or `)})`.execute(trx);
  }
  await sql`set local leave_a_reply.erasing = 'off'`.execute(trx);
}

function cut({ column, type }: TextColumn, expression: string, replacement: string): RawBuilder<unknown> {
  const replaced = sql`regexp_replace(${sql.ref(column)}::text, ${expression}, ${replacement}, 'gi')`;
  if (type === 'text') return replaced;
  return type === 'jsonb' ? sql`${replaced}::jsonb` : sql`${replaced}::text[]`;
}
