import { type Kysely, sql } from 'kysely';

/**
 * Whether the public may see a comment here once it is approved: what an Akismet client had checked may be a contact form's
 * letter, and what it publishes it publishes itself.
 */
const statements = [
  'alter table comment add column listed boolean not null default true',
  `update comment set listed = false
    where exists (select from akismet_check where akismet_check.comment_id = comment.id)`,
  'drop index comment_published',
  `create index comment_published on comment (site_id, post_id, id) where status = 'approved' and listed`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
