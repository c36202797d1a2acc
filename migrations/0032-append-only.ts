import { type Kysely, sql } from 'kysely';

/**
 * What was decided stays as it was: a decision is taken back by another one. It goes only together with its comment
 * (a deletion, an erasure, a site's end), which PostgreSQL does from within a trigger of its own. A restore may add to a
 * decision which one it undoes, where that one came later in the archive; it is never changed afterwards.
 */
const statements = [
  `create function refuse_decision_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and pg_trigger_depth() > 1 then return old; end if;
      if tg_op = 'UPDATE' then
        if old.undoes is null and to_jsonb(new) - 'undoes' = to_jsonb(old) - 'undoes' then return new; end if;
      end if;
      raise exception 'decisions are append-only';
    end $$`,
  `create trigger decision_append_only before update or delete on decision
    for each row execute function refuse_decision_change()`,
  `create trigger decision_not_truncated before truncate on decision
    for each statement execute function refuse_decision_change()`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
