import { type Kysely, sql } from 'kysely';

/** What is known of a candidate before it is activated: the report, and the comments whose verdict would change. */
const statements = [
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
  'create index model_flip_comment on model_flip (comment_id)',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
