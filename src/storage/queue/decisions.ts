import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Label, Status } from '../../core/comment.ts';
import type { Database } from '../schema/database.ts';
import type { DecisionTable } from '../schema/queue.ts';

export type DecisionRow = Selectable<DecisionTable>;

export async function insertDecisions(
  trx: Transaction<Database>,
  decisions: readonly Insertable<DecisionTable>[],
): Promise<void> {
  if (decisions.length > 0)
    await trx
      .insertInto('decision')
      .values([...decisions])
      .execute();
}

export async function findDecision(
  db: Kysely<Database>,
  siteId: string,
  id: string,
): Promise<DecisionRow | null> {
  const row = await db
    .selectFrom('decision')
    .selectAll()
    .where('id', '=', id)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row ?? null;
}

/** Whether a decision was about the text that its comment has now; both by their names in the query. */
export function isAboutPresentText(decision: string, comment: string) {
  const [editedAt, decidedAt] = [sql.ref(`${comment}.edited_at`), sql.ref(`${decision}.created_at`)];
  return sql<boolean>`(${editedAt} is null or ${editedAt} < ${decidedAt})`;
}

/** Whether a decision is neither an undo nor undone, and was about the text that its comment has now. */
export function stands(decision: string, comment: string) {
  return sql<boolean>`(${sql.ref(`${decision}.decision`)} <> 'undo' and ${isAboutPresentText(decision, comment)}
    and not exists (select from decision undo where undo.undoes = ${sql.ref(`${decision}.id`)}))`;
}

/**
 * The decision that stands for each of these comments: the newest that is neither an undo nor undone, and was about the text
 * as it is now.
 */
export async function findStandingDecisions(
  db: Kysely<Database>,
  commentIds: readonly string[],
): Promise<Map<string, DecisionRow>> {
  const rows = await db
    .selectFrom('decision')
    .innerJoin('comment', 'comment.id', 'decision.comment_id')
    .selectAll('decision')
    .distinctOn('decision.comment_id')
    .where('decision.comment_id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .where(stands('decision', 'comment'))
    .orderBy('decision.comment_id')
    .orderBy('decision.id', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.comment_id, row]));
}

/** All decisions on a comment, oldest first. */
export async function listDecisions(db: Kysely<Database>, commentId: string): Promise<DecisionRow[]> {
  return await db
    .selectFrom('decision')
    .selectAll()
    .where('comment_id', '=', commentId)
    .orderBy('id')
    .limit(1000)
    .execute();
}

/** What a decision makes of comments: their status, and who labelled them. */
export interface CommentOutcome {
  readonly status: Status;
  readonly label: Label | null;
  readonly labelBy: string | null;
  readonly at: Date;
}

export async function applyOutcome(
  trx: Transaction<Database>,
  commentIds: readonly string[],
  outcome: CommentOutcome,
): Promise<void> {
  await trx
    .updateTable('comment')
    .set({
      status: outcome.status,
      label: outcome.label,
      label_by: outcome.labelBy,
      labelled_at: outcome.label === null ? null : outcome.at,
      updated_at: outcome.at,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .execute();
}

/** Out of sight until they are decided on; label and who gave it stay. */
export async function holdComments(
  trx: Transaction<Database>,
  commentIds: readonly string[],
  at: Date,
): Promise<void> {
  await trx
    .updateTable('comment')
    .set({ status: 'hold', updated_at: at, version: sql<number>`version + 1` })
    .where('id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .execute();
}
