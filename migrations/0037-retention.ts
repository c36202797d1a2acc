import { type Kysely, sql } from 'kysely';

/** Deletion by age: what finds the comments that are due, and by day how many of them there were. */
const statements = [
  `create table expired_day (
    site_id uuid not null references site (id) on delete cascade,
    day date not null,
    submissions integer not null,
    spam integer not null,
    primary key (site_id, day)
  )`,
  `create index comment_unseen_spam on comment (site_id, id)
    where status in ('spam', 'trash') and label is null and disposition in ('spam', 'discard')`,
  `create index comment_visitor on comment (site_id, id)
    where author_ip is not null or author_user_agent is not null or referrer is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
