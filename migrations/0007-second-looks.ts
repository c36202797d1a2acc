import { type Kysely, sql } from 'kysely';

/** Second looks and notes, and the indexes with which every mode of a queue of a million gives its page. */
const statements = [
  `create table second_look (
    comment_id uuid primary key references comment on delete cascade,
    site_id uuid not null,
    decision_id uuid not null references decision on delete cascade,
    first_actor text not null,
    first_decision text not null check (first_decision in ('approve', 'spam', 'reject')),
    reasons text[] not null,
    drawn_at timestamptz not null,
    second_actor text,
    second_decision text check (second_decision in ('approve', 'spam', 'reject')),
    second_reason text,
    decided_at timestamptz
  )`,
  `create index second_look_open on second_look (site_id, comment_id) where second_decision is null`,
  `create index second_look_done on second_look (site_id, comment_id) where second_decision is not null`,
  `create index second_look_decision on second_look (decision_id)`,
  `create table note (
    id uuid primary key,
    site_id uuid not null,
    comment_id uuid not null references comment on delete cascade,
    actor text not null,
    actor_name text not null,
    text text not null,
    created_at timestamptz not null
  )`,
  `create index note_comment on note (comment_id, id)`,
  `create index queue_item_escalated on queue_item (site_id, comment_id) where escalated`,
  `create index queue_item_claimed on queue_item (site_id, claimed_until) where claimed_until is not null`,
  `create index queue_item_draw on queue_item (site_id, right(comment_id::text, 12))
    where right(comment_id::text, 1) = '0'`,
  `create index comment_author_name on comment (site_id, lower(author_name))`,
  `create index comment_words on comment using gin (to_tsvector('simple', author_name || ' ' || content))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
