/** Makes the whole schema. Nothing has been released, so it may still be rewritten; a released migration never changes. */
import { type Kysely, sql } from 'kysely';
import { access } from './access.ts';
import { clients } from './clients.ts';
import { comments } from './comments.ts';
import { describeSchema } from './descriptions.ts';
import { learn } from './learn.ts';
import { outgoing } from './outgoing.ts';
import { privacy } from './privacy.ts';
import { queue } from './queue.ts';
import { records } from './records.ts';
import { sites } from './sites.ts';
import { work } from './work.ts';

/** In the order in which tables refer to each other. */
const areas = [sites, access, comments, queue, learn, work, records, outgoing, clients, privacy];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of areas.flat()) await sql.raw(statement).execute(db);
  const { rows } = await sql<{ table: string; column: string }>`
    select c.relname as table, a.attname as column from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
      order by c.relname, a.attnum`.execute(db);
  // One statement for all: some 350 round trips would be a second on a distant database.
  await sql.raw(`do $$ begin ${describeSchema(rows).join('; ')}; end $$`).execute(db);
}
