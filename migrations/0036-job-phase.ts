import { type Kysely, sql } from 'kysely';

/** What a job does just now: `done` and `total` are of that. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table job add column phase text').execute(db);
}
