import { type Kysely, sql } from 'kysely';

/**
 * Which comments and samples were erased, by their ids alone: what keeps an older export from bringing them back. It
 * outlives the site, so that it also holds for a site that is deleted and restored.
 */
const statements = [
  `create table tombstone (
    site_id uuid not null,
    kind text not null check (kind in ('comment', 'sample', 'mention')),
    subject uuid not null,
    erased_at timestamptz not null,
    primary key (site_id, kind, subject)
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
