/** Makes the tables of keys, users and sessions. */
export const access: readonly string[] = [
  `create table api_key (
    id text primary key,
    site_id uuid references site on delete cascade,
    name text not null,
    secret_sha256 text not null,
    scopes text[] not null,
    allowed_origins text[] not null default '{}',
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    rate_limit integer check (rate_limit > 0)
  )`,
  // Compatible keys have no public part: they are found by their keyed hash.
  `create unique index api_key_secret on api_key (secret_sha256)`,
  `create table person (
    id uuid primary key,
    site_id uuid references site on delete cascade,
    name text not null,
    role text not null check (role in ('moderator', 'senior', 'admin')),
    login text not null,
    password text,
    created_by text not null,
    created_at timestamptz not null,
    disabled_at timestamptz,
    last_seen_at timestamptz
  )`,
  // Accounts belong to their site: no site can tell, or take, an address of another one.
  `create unique index person_login on person (login, site_id) nulls not distinct`,
  `create table invitation (
    token_sha256 text primary key,
    person_id uuid not null references person on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create index invitation_person on invitation (person_id)`,
  `create table session (
    token_sha256 text primary key,
    person_id uuid not null references person on delete cascade,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index session_person on session (person_id)`,
  `create table sign_in_failure (
    subject text primary key,
    failures integer not null,
    since timestamptz not null
  )`,
];
