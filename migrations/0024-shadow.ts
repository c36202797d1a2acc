import { type Kysely, sql } from 'kysely';

/** Candidates that score beside the active filter: one run at a time for each site, and every pair of verdicts. */
const statements = [
  `create table shadow_run (
    id uuid primary key,
    site_id uuid not null references site on delete cascade,
    model_version text not null,
    started_by text not null,
    started_at timestamptz not null,
    stopped_at timestamptz
  )`,
  `create unique index shadow_run_open on shadow_run (site_id) where stopped_at is null`,
  `create index shadow_run_model on shadow_run (site_id, model_version, id)`,
  `create table shadow_score (
    comment_id uuid not null references comment on delete cascade,
    site_id uuid not null,
    model_version text not null,
    active_version text not null,
    active_verdict text not null,
    active_disposition text not null,
    shadow_verdict text not null,
    shadow_disposition text not null,
    spam_probability double precision,
    differs boolean not null,
    primary key (comment_id, model_version)
  )`,
  `create index shadow_score_model on shadow_score
    (site_id, model_version, active_verdict, shadow_verdict, active_disposition, shadow_disposition)`,
  `create index shadow_score_differing on shadow_score (site_id, model_version, comment_id) where differs`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
