import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table coral_connection (
    site_id uuid primary key references site on delete cascade,
    secrets_kid text not null,
    secrets bytea not null,
    created_at timestamptz not null
  )`.execute(db);
}
