import { type Kysely, sql } from 'kysely';

/** Whose comments were erased, by pseudonym, and when: an import of an old export must not bring them back. */
const statements = [
  `create table erasure (
    site_id uuid not null references site (id) on delete cascade,
    pseudonym text not null,
    erased_at timestamptz not null,
    primary key (site_id, pseudonym)
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
