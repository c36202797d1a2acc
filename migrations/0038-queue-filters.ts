import { type Kysely, sql } from 'kysely';

/**
 * The queue knows whose comments wait: of an author of 10,000 a page took 82 ms by looking into the comments, of a million
 * held (docs/decisions/0013-queue-filters.md). The database fills the columns, whichever way an item comes; a name is in
 * small letters there. What is escalated is found in each order: with one index for all, the planner walked the whole
 * queue instead in one run of three, 69 ms.
 */
const statements = [
  `alter table queue_item add column author_name text, add column author_email_loose text`,
  `update queue_item q set author_name = lower(c.author_name), author_email_loose = c.author_email_loose
    from comment c where c.id = q.comment_id`,
  `create function set_queue_author() returns trigger language plpgsql as $$
    begin
      select lower(c.author_name), c.author_email_loose into new.author_name, new.author_email_loose
        from comment c where c.id = new.comment_id;
      return new;
    end $$`,
  `create trigger queue_item_author before insert on queue_item
    for each row execute function set_queue_author()`,
  `create function renew_queue_author() returns trigger language plpgsql as $$
    begin
      update queue_item set author_email_loose = new.author_email_loose where comment_id = new.id;
      return null;
    end $$`,
  `create trigger comment_queue_author after update of author_email_loose on comment
    for each row when (old.author_email_loose is distinct from new.author_email_loose)
    execute function renew_queue_author()`,
  `create index queue_item_author_name on queue_item (site_id, author_name, comment_id)`,
  `create index queue_item_author_email on queue_item (site_id, author_email_loose, comment_id)
    where author_email_loose is not null`,
  `create index queue_item_escalated_risk on queue_item (site_id, risk, comment_id) where escalated`,
  `create index queue_item_escalated_uncertainty on queue_item (site_id, uncertainty, comment_id) where escalated`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
