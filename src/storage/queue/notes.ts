/** What moderators write on comments for one another. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../schema/database.ts';
import type { NoteTable } from '../schema/queue.ts';

export type NoteRow = Selectable<NoteTable>;

export async function insertNote(db: Kysely<Database>, note: Insertable<NoteTable>): Promise<void> {
  await db.insertInto('note').values(note).execute();
}

/** The note of these words by that actor on that comment, or none. */
export async function findNote(
  db: Kysely<Database>,
  { comment_id, actor, text }: Pick<NoteRow, 'comment_id' | 'actor' | 'text'>,
): Promise<NoteRow | undefined> {
  return await db
    .selectFrom('note')
    .selectAll()
    .where('comment_id', '=', comment_id)
    .where('actor', '=', actor)
    .where('text', '=', text)
    .executeTakeFirst();
}

const MOST_NOTES = 1000;

/** The notes on each of these comments, oldest first. */
export async function readNotes(
  db: Kysely<Database>,
  commentIds: readonly string[],
): Promise<Map<string, NoteRow[]>> {
  const rows = await db
    .selectFrom('note')
    .selectAll()
    .where('comment_id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .orderBy('comment_id')
    .orderBy('id')
    .limit(MOST_NOTES)
    .execute();
  const notes = new Map<string, NoteRow[]>();
  for (const row of rows) notes.set(row.comment_id, [...(notes.get(row.comment_id) ?? []), row]);
  return notes;
}
