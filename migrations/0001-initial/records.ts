/** Makes the tables of events and the audit log. */
export const records: readonly string[] = [
  `create table event (
    seq bigint generated always as identity primary key,
    site_id uuid not null references site on delete cascade,
    kind text not null,
    subject text,
    data jsonb not null default '{}',
    created_at timestamptz not null
  )`,
  `create index event_site on event (site_id, seq)`,
  // Rows come in the order of their age, so a few bytes a block find the old ones.
  `create index event_age on event using brin (created_at) with (pages_per_range = 16)`,
  `create table audit (
    seq bigint primary key,
    site_id uuid,
    actor text not null,
    action text not null,
    subject text,
    detail jsonb not null default '{}',
    created_at timestamptz not null,
    previous_hash text not null,
    hash text not null
  )`,
  `create function refuse_audit_change() returns trigger language plpgsql as $$
    begin raise exception 'the audit log is append-only'; end $$`,
  `create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function refuse_audit_change()`,
];
