/** Makes the tables of jobs and imports. */
export const work: readonly string[] = [
  `create table job (
    id uuid primary key,
    site_id uuid not null references site on delete cascade,
    kind text not null,
    state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    input jsonb not null default '{}',
    done integer not null default 0,
    total integer,
    result jsonb,
    error text,
    attempts integer not null default 0,
    cancel_requested boolean not null default false,
    created_by text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    heartbeat_at timestamptz,
    finished_at timestamptz,
    phase text,
    lost_place text,
    losses integer not null default 0
  )`,
  `create unique index job_one_training on job (site_id) where kind = 'train' and state in ('queued', 'running')`,
  `create index job_open on job (created_at) where state in ('queued', 'running')`,
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
    merged jsonb not null default '[]',
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
  // Exports hold addresses: however an import ends, its file ends with it.
  `create function drop_import_parts() returns trigger language plpgsql as $$
  begin
    delete from import_part where import_id in (select id from import_run where job_id = new.id);
    return null;
  end $$`,
  `create trigger job_ends_import after update of state on job for each row
    when (new.kind in ('import', 'restore') and new.state in ('succeeded', 'failed', 'cancelled'))
    execute function drop_import_parts()`,
  `create table import_refusal (
    import_id uuid not null references import_run on delete cascade,
    record integer not null,
    line integer not null,
    code text not null,
    detail text not null,
    primary key (import_id, record)
  )`,
];
