import { type Kysely, sql } from 'kysely';

/** When a text was last replaced: what was decided on another text does not stand for the new one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table comment add column edited_at timestamptz`.execute(db);
}
