/** Runs of candidates beside the active filter, and what both said of each comment. */
import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Disposition, Label, Status, Verdict } from '../../core/comment.ts';
import { isAboutPresentText } from '../queue/decisions.ts';
import type { Database } from '../schema/database.ts';
import type { ShadowRunTable } from '../schema/learn.ts';

export type ShadowRunRow = Selectable<ShadowRunTable>;

/** Without a label, and without a decision that stands. */
const isUndecided = sql<boolean>`comment.label is null and not exists (
  select from decision d where d.comment_id = comment.id and d.decision not in ('undo', 'escalate')
    and ${isAboutPresentText('d', 'comment')}
    and not exists (select from decision undo where undo.undoes = d.id))`;

/** The site's run that has not been stopped. */
export async function findOpenRun(db: Kysely<Database>, siteId: string): Promise<ShadowRunRow | null> {
  const row = await db
    .selectFrom('shadow_run')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('stopped_at', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

/** The newest run of a model. */
export async function findNewestRun(
  db: Kysely<Database>,
  siteId: string,
  version: string,
): Promise<ShadowRunRow | null> {
  const row = await db
    .selectFrom('shadow_run')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('model_version', '=', version)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Begins a run; false when the site has one already. */
export async function insertRun(
  trx: Transaction<Database>,
  run: Insertable<ShadowRunTable>,
): Promise<boolean> {
  const result = await trx
    .insertInto('shadow_run')
    .values(run)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Stops a model's run; false when none runs. */
export async function stopRun(
  trx: Transaction<Database>,
  siteId: string,
  version: string,
  at: Date,
): Promise<boolean> {
  const result = await trx
    .updateTable('shadow_run')
    .set({ stopped_at: at })
    .where('site_id', '=', siteId)
    .where('model_version', '=', version)
    .where('stopped_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export interface PairCount {
  readonly active_verdict: Verdict;
  readonly shadow_verdict: Verdict;
  readonly active_disposition: Disposition;
  readonly shadow_disposition: Disposition;
  readonly count: number;
}

/** How many comments had each pair of verdicts and dispositions. */
export async function countPairs(
  db: Kysely<Database>,
  siteId: string,
  version: string,
): Promise<PairCount[]> {
  const columns = ['active_verdict', 'shadow_verdict', 'active_disposition', 'shadow_disposition'] as const;
  return await db
    .selectFrom('shadow_score')
    .select(columns)
    .select(sql<number>`count(*)::int`.as('count'))
    .where('site_id', '=', siteId)
    .where('model_version', '=', version)
    .groupBy(columns)
    .orderBy('active_verdict')
    .orderBy('shadow_verdict')
    .orderBy('active_disposition')
    .orderBy('shadow_disposition')
    .execute();
}

export interface LabelledPair {
  readonly active_verdict: Verdict;
  readonly shadow_verdict: Verdict;
  readonly label: Label;
  readonly count: number;
}

/** The disagreements that a human has decided by now. */
export async function countLabelledPairs(
  db: Kysely<Database>,
  siteId: string,
  version: string,
): Promise<LabelledPair[]> {
  const rows = await db
    .selectFrom('shadow_score')
    .innerJoin('comment', 'comment.id', 'shadow_score.comment_id')
    .select(['active_verdict', 'shadow_verdict', 'comment.label'])
    .select(sql<number>`count(*)::int`.as('count'))
    .where('shadow_score.site_id', '=', siteId)
    .where('shadow_score.model_version', '=', version)
    .where('differs', '=', true)
    .where('comment.label', 'is not', null)
    .groupBy(['active_verdict', 'shadow_verdict', 'comment.label'])
    .execute();
  return rows.flatMap(({ label, ...row }) => (label === null ? [] : [{ ...row, label }]));
}

export interface DisagreementFilter {
  readonly active?: Verdict | undefined;
  readonly shadow?: Verdict | undefined;
  /** Whether a human has labelled the comment since; false: nor rejected it, which gives no label. */
  readonly labelled?: boolean | undefined;
}

export interface DisagreementRow {
  readonly comment_id: string;
  readonly active_version: string;
  readonly active_verdict: Verdict;
  readonly active_disposition: Disposition;
  readonly active_probability: number | null;
  readonly shadow_verdict: Verdict;
  readonly shadow_disposition: Disposition;
  readonly shadow_probability: number | null;
  readonly post_id: string;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly content: string;
  readonly created_at: Date;
  readonly status: Status;
  readonly label: Label | null;
  readonly version: number;
}

/** Comments on which both differ, newest first, before the cursor's id. */
export async function listDisagreements(
  db: Kysely<Database>,
  siteId: string,
  version: string,
  filter: DisagreementFilter,
  { beforeId, limit }: { readonly beforeId: string | null; readonly limit: number },
): Promise<DisagreementRow[]> {
  return await db
    .selectFrom('shadow_score')
    .innerJoin('comment', 'comment.id', 'shadow_score.comment_id')
    .select([
      'shadow_score.comment_id',
      'active_version',
      'active_verdict',
      'active_disposition',
      'comment.spam_probability as active_probability',
      'shadow_verdict',
      'shadow_disposition',
      'shadow_score.spam_probability as shadow_probability',
      'comment.post_id',
      'comment.author_name',
      'comment.author_url',
      'comment.content',
      'comment.created_at',
      'comment.status',
      'comment.label',
      'comment.version',
    ])
    .where('shadow_score.site_id', '=', siteId)
    .where('shadow_score.model_version', '=', version)
    .where('differs', '=', true)
    .$if(filter.active !== undefined, (query) => query.where('active_verdict', '=', filter.active ?? 'ham'))
    .$if(filter.shadow !== undefined, (query) => query.where('shadow_verdict', '=', filter.shadow ?? 'ham'))
    .$if(filter.labelled !== undefined, (query) =>
      filter.labelled ? query.where('comment.label', 'is not', null) : query.where(isUndecided),
    )
    .$if(beforeId !== null, (query) => query.where('shadow_score.comment_id', '<', beforeId ?? ''))
    .orderBy('shadow_score.comment_id', 'desc')
    .limit(limit)
    .execute();
}
