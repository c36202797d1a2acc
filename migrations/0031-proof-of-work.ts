import { type Kysely, sql } from 'kysely';

/** Challenges whose proof was used, until they are over: a proof of work is good for one comment. */
const statements = [
  `create table spent_challenge (
    site_id uuid not null references site (id) on delete cascade,
    nonce text not null,
    expires_at timestamptz not null,
    primary key (site_id, nonce)
  )`,
  `create index spent_challenge_over on spent_challenge (expires_at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
