import { type Kysely, sql } from 'kysely';

/** With which chance an audit item was drawn: what an unbiased estimate weighs it by. */
const statements = [
  'alter table queue_item add column audit_share double precision',
  'create index queue_item_audit on queue_item (site_id) where audit',
  `create index decision_audit on decision (site_id, comment_id) where (queue_before ->> 'audit')::boolean`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
