/** Makes the tables of webhooks. */
export const outgoing: readonly string[] = [
  `create table webhook (
    id uuid primary key,
    site_id uuid not null references site on delete cascade,
    url text not null,
    description text not null default '',
    events text[] not null,
    secret_kid text not null,
    secret bytea not null,
    previous_secret_kid text,
    previous_secret bytea,
    previous_until timestamptz,
    failures integer not null default 0,
    paused_until timestamptz,
    disabled_at timestamptz,
    disabled_why text check (disabled_why in ('asked', 'gone')),
    created_by text not null,
    created_at timestamptz not null
  )`,
  `create index webhook_site on webhook (site_id, id)`,
  `create table webhook_delivery (
    id uuid primary key default gen_random_uuid(),
    webhook_id uuid not null references webhook on delete cascade,
    site_id uuid not null,
    event text not null,
    subject text,
    data jsonb not null,
    created_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    taken_until timestamptz,
    finished_at timestamptz
  )`,
  `create index webhook_delivery_due on webhook_delivery (webhook_id, next_at) where state = 'waiting'`,
  `create index webhook_delivery_log on webhook_delivery (webhook_id, created_at, id)`,
  `create index webhook_delivery_finished on webhook_delivery (finished_at) where finished_at is not null`,
  `create table webhook_attempt (
    delivery_id uuid not null references webhook_delivery on delete cascade,
    at timestamptz not null,
    duration_ms integer not null,
    status integer,
    failure text
  )`,
  `create index webhook_attempt_delivery on webhook_attempt (delivery_id, at)`,
];
