import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table api_key add column rate_limit integer check (rate_limit > 0)`.execute(db);
}
