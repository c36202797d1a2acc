/** Makes the tables of sites and their rules. */
export const sites: readonly string[] = [
  `create table site (
    id uuid primary key,
    slug text not null unique,
    name text not null,
    url text,
    settings jsonb not null default '{}',
    active_model text,
    revision integer not null default 0,
    created_at timestamptz not null
  )`,
  `create table rule (
    id uuid primary key,
    site_id uuid not null references site on delete cascade,
    kind text not null,
    pattern text not null,
    options jsonb not null default '{}',
    disposition text not null check (disposition in ('publish', 'hold', 'spam', 'discard')),
    note text,
    enabled boolean not null default true,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz
  )`,
  `create index rule_site on rule (site_id, id)`,
];
