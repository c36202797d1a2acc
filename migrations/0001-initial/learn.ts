/** Makes the tables of samples and models. */
export const learn: readonly string[] = [
  `create table sample (
    id uuid primary key,
    site_id uuid not null references site on delete cascade,
    content text not null,
    author_name text,
    author_url text,
    label text not null check (label in ('ham', 'spam')),
    source text not null,
    actor text not null,
    content_hash text not null,
    created_at timestamptz not null
  )`,
  `create index sample_site on sample (site_id, id)`,
  `create unique index sample_content on sample (site_id, content_hash, label)`,
  `create table model (
    version text primary key,
    site_id uuid references site on delete cascade,
    state text not null check (state in ('candidate', 'refused', 'shadow', 'active', 'retired')),
    bytes bytea not null,
    sha256 text not null,
    size_bytes integer not null,
    metrics jsonb not null default '{}',
    report jsonb not null default '{}',
    provenance jsonb not null default '{}',
    created_by text not null,
    created_at timestamptz not null,
    activated_at timestamptz
  )`,
  `create unique index model_active on model (site_id) where state = 'active'`,
  `create table model_report (
    model_version text primary key references model (version) on delete cascade,
    report jsonb not null,
    created_at timestamptz not null
  )`,
  `create table model_flip (
    model_version text not null references model (version) on delete cascade,
    rank integer not null,
    site_id uuid not null references site (id) on delete cascade,
    comment_id uuid not null references comment (id) on delete cascade,
    decided boolean not null,
    label text,
    from_verdict text not null,
    to_verdict text not null,
    from_probability double precision not null,
    to_probability double precision not null,
    primary key (model_version, decided, rank)
  )`,
  `create index model_flip_comment on model_flip (comment_id)`,
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
