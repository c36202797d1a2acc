import { type Kysely, sql } from 'kysely';

const statements = [
  `create table person (
    id uuid primary key,
    site_id uuid references site on delete cascade,
    name text not null,
    role text not null check (role in ('moderator', 'senior', 'admin')),
    login text not null unique,
    password text,
    created_by text not null,
    created_at timestamptz not null,
    disabled_at timestamptz,
    last_seen_at timestamptz
  )`,
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

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
