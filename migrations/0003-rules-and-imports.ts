import { type Kysely, sql } from 'kysely';

const statements = [
  `create table import_run (
    id uuid primary key,
    site_id uuid not null references site on delete cascade,
    job_id uuid,
    format text not null,
    name text,
    options jsonb not null default '{}',
    parts integer,
    size_bytes bigint not null default 0,
    records integer not null default 0,
    added integer not null default 0,
    known integer not null default 0,
    refused integer not null default 0,
    passed_over integer not null default 0,
    created_by text not null,
    created_at timestamptz not null,
    finished_at timestamptz
  )`,
  `create index import_run_site on import_run (site_id, id)`,
  // Parts are encrypted, so compressing them would be in vain.
  `create table import_part (
    import_id uuid not null references import_run on delete cascade,
    part integer not null,
    kid text not null,
    bytes bytea not null,
    primary key (import_id, part)
  )`,
  `alter table import_part alter column bytes set storage external`,
  `create table import_refusal (
    import_id uuid not null references import_run on delete cascade,
    record integer not null,
    line integer not null,
    code text not null,
    detail text not null,
    primary key (import_id, record)
  )`,
  `create function refuse_audit_change() returns trigger language plpgsql as $$
    begin raise exception 'the audit log is append-only'; end $$`,
  `create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function refuse_audit_change()`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
