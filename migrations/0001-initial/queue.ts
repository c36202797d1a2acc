/** Makes the tables of the review queue and decisions. */
export const queue: readonly string[] = [
  `create table queue_item (
    comment_id uuid primary key references comment on delete cascade,
    site_id uuid not null,
    post_id text not null,
    campaign_id uuid,
    created_at timestamptz not null,
    risk double precision not null,
    uncertainty double precision not null,
    reasons text[] not null,
    escalated boolean not null default false,
    audit boolean not null default false,
    claimed_by text,
    claimed_until timestamptz,
    audit_share double precision,
    author_name text,
    author_email_loose text,
    language text
  )`,
  `create index queue_item_oldest on queue_item (site_id, comment_id)`,
  `create index queue_item_risk on queue_item (site_id, risk, comment_id)`,
  `create index queue_item_uncertainty on queue_item (site_id, uncertainty, comment_id)`,
  `create index queue_item_post on queue_item (site_id, post_id, comment_id)`,
  `create index queue_item_campaign on queue_item (campaign_id) where campaign_id is not null`,
  `create index queue_item_language on queue_item (site_id, language, comment_id) where language is not null`,
  `create index queue_item_reasons on queue_item using gin (reasons)`,
  `create index queue_item_escalated on queue_item (site_id, comment_id) where escalated`,
  `create index queue_item_claimed on queue_item (site_id, claimed_until) where claimed_until is not null`,
  `create index queue_item_draw on queue_item (site_id, right(comment_id::text, 12))
    where right(comment_id::text, 1) = '0'`,
  `create index queue_item_audit on queue_item (site_id) where audit`,
  // The queue knows whose comments wait: looking into the comments took 82 ms for a page of an author of 10,000, of a
  // million held (docs/decisions/0013-queue-filters.md). The names are in lower case here.
  `create function set_queue_author() returns trigger language plpgsql as $$
    begin
      if new.author_name is null then
        select c.author_name, c.author_email_loose into new.author_name, new.author_email_loose
          from comment c where c.id = new.comment_id;
      end if;
      new.author_name = lower(new.author_name);
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
  // One index for each order: with one for all the planner walked the whole queue in one run of three (69 ms).
  `create index queue_item_escalated_risk on queue_item (site_id, risk, comment_id) where escalated`,
  `create index queue_item_escalated_uncertainty on queue_item (site_id, uncertainty, comment_id) where escalated`,
  `create table decision (
    id uuid primary key,
    site_id uuid not null,
    comment_id uuid not null references comment on delete cascade,
    actor text not null,
    actor_name text not null,
    decision text not null check (decision in ('approve', 'spam', 'reject', 'escalate', 'undo')),
    reason text,
    note text,
    status_before text not null,
    status_after text not null,
    label_before text,
    label_after text,
    queue_before jsonb,
    undoes uuid unique references decision on delete cascade,
    created_at timestamptz not null
  )`,
  `create index decision_comment on decision (comment_id, id)`,
  `create index decision_actor on decision (site_id, actor, id)`,
  `create index decision_audit on decision (site_id, comment_id) where (queue_before ->> 'audit')::boolean`,
  // A decision is undone by another one. It is deleted only with its comment, which PostgreSQL does from a trigger of its
  // own. A restore may add which decision it undoes, where that one comes later in the archive.
  `create function refuse_decision_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and pg_trigger_depth() > 1 then return old; end if;
      if tg_op = 'UPDATE' then
        if current_setting('leave_a_reply.erasing', true) = 'on' then return new; end if;
        if old.undoes is null and to_jsonb(new) - 'undoes' = to_jsonb(old) - 'undoes' then return new; end if;
      end if;
      raise exception 'decisions are append-only';
    end $$`,
  `create trigger decision_append_only before update or delete on decision
    for each row execute function refuse_decision_change()`,
  `create trigger decision_not_truncated before truncate on decision
    for each statement execute function refuse_decision_change()`,
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
  `create table overdue_alarm (
    site_id uuid primary key references site on delete cascade,
    told_at timestamptz not null
  )`,
];
