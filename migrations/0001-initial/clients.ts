/** Makes the tables of clients of other services. */
export const clients: readonly string[] = [
  `create table coral_connection (
    site_id uuid primary key references site on delete cascade,
    secrets_kid text not null,
    secrets bytea not null,
    created_at timestamptz not null
  )`,
  `create table akismet_check (
    id uuid primary key,
    site_id uuid not null references site on delete cascade,
    key_id text not null,
    blog text not null,
    comment_id uuid references comment on delete set null,
    spam boolean not null,
    feedback text check (feedback in ('ham', 'spam')),
    callback text,
    created_at timestamptz not null
  )`,
  `create index akismet_check_usage on akismet_check (key_id, created_at)`,
  `create index akismet_check_comment on akismet_check (comment_id, id) where comment_id is not null`,
  `create table akismet_callback_key (
    key_id text primary key references api_key on delete cascade,
    kid text not null,
    sealed bytea not null
  )`,
  `create table akismet_callback (
    id uuid primary key,
    site_id uuid not null references site on delete cascade,
    check_id uuid not null references akismet_check on delete cascade,
    spam boolean not null,
    attempts integer not null default 0,
    created_at timestamptz not null,
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    last_error text
  )`,
  `create index akismet_callback_due on akismet_callback (next_attempt_at) where next_attempt_at is not null`,
  `create index akismet_callback_check on akismet_callback (check_id)`,
];
