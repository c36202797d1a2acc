/** Decided comments that a second moderator decides on, blind. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database, Transaction } from '../schema/database.ts';
import type { SecondLookTable } from '../schema/queue.ts';
import { COUNT_LIMIT } from './queue.ts';

export type SecondLookRow = Selectable<SecondLookTable>;
export type Rated = SecondLookRow['first_decision'];

/** Draws; a comment that was drawn before stays as it was. */
export async function insertSecondLooks(
  trx: Transaction,
  looks: readonly Insertable<SecondLookTable>[],
): Promise<void> {
  if (looks.length === 0) return;
  await trx
    .insertInto('second_look')
    .values([...looks])
    .onConflict((conflict) => conflict.column('comment_id').doNothing())
    .execute();
}

/** Forgets the draws of a decision that was taken back, and the open ones of comments that are decided anew. */
export async function deleteSecondLooks(
  trx: Transaction,
  of: { readonly decisionId: string } | { readonly openOf: readonly string[] },
): Promise<void> {
  const query = trx.deleteFrom('second_look');
  if ('decisionId' in of) await query.where('decision_id', '=', of.decisionId).execute();
  else {
    await query
      .where('comment_id', '=', sql<string>`any(${[...of.openOf]}::uuid[])`)
      .where('second_decision', 'is', null)
      .execute();
  }
}

/** Comments that wait for a second look by somebody who has not decided on them, oldest first. */
export async function listOpenSecondLooks(
  db: Kysely<Database>,
  siteId: string,
  actor: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('second_look')
    .select('comment_id')
    .where('site_id', '=', siteId)
    .where('second_decision', 'is', null)
    .where('first_actor', '!=', actor)
    .where((of) =>
      of.not(
        of.exists(
          of
            .selectFrom('decision')
            .select('decision.id')
            .whereRef('decision.comment_id', '=', 'second_look.comment_id')
            .where('decision.actor', '=', actor),
        ),
      ),
    )
    .orderBy('comment_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.comment_id);
}

/** How many wait for each of these actors, as {@link listOpenSecondLooks} has them, counted up to {@link COUNT_LIMIT}. */
export async function countSecondLooksOf(
  db: Kysely<Database>,
  siteId: string,
  actors: readonly string[],
): Promise<Map<string, number>> {
  const wanted = sql`${[...new Set(actors)]}::text[]`;
  // What one has decided on oneself is less than the whole: with twice the limit the figure stands up to the limit.
  const { rows } = await sql<{ actor: string; count: number }>`
    with open as materialized (
      select comment_id, first_actor from second_look
      where site_id = ${siteId}::uuid and second_decision is null limit ${2 * COUNT_LIMIT}),
    own as (
      select comment_id, first_actor as actor from open
      union select comment_id, decision.actor from open join decision using (comment_id)
        where decision.actor = any(${wanted}))
    select wanted.actor, ((select count(*) from open) - count(own.comment_id))::int as count
    from unnest(${wanted}) as wanted (actor) left join own on own.actor = wanted.actor
    group by wanted.actor`.execute(db);
  return new Map(rows.map(({ actor, count }) => [actor, Math.min(count, COUNT_LIMIT)]));
}

/** Comments on which this actor gave the second look, the last one first. */
export async function listGivenSecondLooks(
  db: Kysely<Database>,
  siteId: string,
  actor: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('second_look')
    .select('comment_id')
    .where('site_id', '=', siteId)
    .where('second_decision', 'is not', null)
    .where('second_actor', '=', actor)
    .orderBy('decided_at', 'desc')
    .orderBy('comment_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.comment_id);
}

/** Writes a second decision; false when somebody was faster, or the first decision was this actor's. */
export async function answerSecondLook(
  db: Kysely<Database>,
  siteId: string,
  commentId: string,
  answer: {
    readonly actor: string;
    readonly decision: Rated;
    readonly reason: string | null;
    readonly at: Date;
  },
): Promise<boolean> {
  const result = await db
    .updateTable('second_look')
    .set({
      second_actor: answer.actor,
      second_decision: answer.decision,
      second_reason: answer.reason,
      decided_at: answer.at,
    })
    .where('comment_id', '=', commentId)
    .where('site_id', '=', siteId)
    .where('second_decision', 'is', null)
    .where('first_actor', '!=', answer.actor)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Takes a second decision back, so that the comment waits for one again; false when this actor gave none. */
export async function reopenSecondLook(
  db: Kysely<Database>,
  siteId: string,
  commentId: string,
  actor: string,
): Promise<boolean> {
  const result = await db
    .updateTable('second_look')
    .set({ second_actor: null, second_decision: null, second_reason: null, decided_at: null })
    .where('comment_id', '=', commentId)
    .where('site_id', '=', siteId)
    .where('second_actor', '=', actor)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function findSecondLook(
  db: Kysely<Database>,
  siteId: string,
  commentId: string,
): Promise<SecondLookRow | null> {
  const row = await db
    .selectFrom('second_look')
    .selectAll()
    .where('comment_id', '=', commentId)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row ?? null;
}

/** The newest pairs of decisions, with the rules that held the comment: no person. */
export async function listRatings(
  db: Kysely<Database>,
  siteId: string,
  limit: number,
): Promise<{ first: Rated; second: Rated; reasons: string[] }[]> {
  const rows = await db
    .selectFrom('second_look')
    .select(['first_decision', 'second_decision', 'reasons'])
    .where('site_id', '=', siteId)
    .where('second_decision', 'is not', null)
    .orderBy('comment_id', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(({ first_decision: first, second_decision: second, reasons }) =>
    second === null ? [] : [{ first, second, reasons }],
  );
}

/** How many wait for a second look. */
export async function countOpenSecondLooks(db: Kysely<Database>, siteId: string): Promise<number> {
  const row = await db
    .selectFrom('second_look')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('site_id', '=', siteId)
    .where('second_decision', 'is', null)
    .executeTakeFirstOrThrow();
  return row.count;
}
