import { type Kysely, sql } from 'kysely';

const statements = [
  // WordPress's clients know comments by whole numbers: docs/decisions/0012-comment-numbers.md.
  'alter table comment add column number bigint generated always as identity',
  'create unique index comment_number on comment (site_id, number)',
  // “Recent comments” over all posts.
  `create index comment_recent on comment (site_id, date_gmt, number) where status = 'approved'`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
