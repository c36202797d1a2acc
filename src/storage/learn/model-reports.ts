import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { CommentRow } from '../comments.ts';
import { readComments } from '../queue/queue-page.ts';
import type { Database } from '../schema/database.ts';
import type { ModelFlipTable } from '../schema/learn.ts';

const PAGE = 500;

export type FlipRow = Selectable<ModelFlipTable>;

export interface NewReport {
  readonly siteId: string;
  readonly version: string;
  readonly report: unknown;
  readonly at: Date;
}
export type NewFlip = Omit<Insertable<ModelFlipTable>, 'site_id' | 'model_version'>;

/** Stores a report; a flip of a comment that was erased while it was made is left out. */
export async function insertReport(
  trx: Transaction<Database>,
  report: NewReport,
  flips: readonly NewFlip[],
): Promise<void> {
  await trx
    .insertInto('model_report')
    .values({ model_version: report.version, report: JSON.stringify(report.report), created_at: report.at })
    .onConflict((conflict) => conflict.column('model_version').doNothing())
    .execute();
  for (let from = 0; from < flips.length; from += PAGE) {
    const page = flips.slice(from, from + PAGE);
    const ids = page.map(({ comment_id: id }) => id);
    const there = await trx.selectFrom('comment').select('id').where('id', 'in', ids).forKeyShare().execute();
    const known = new Set(there.map(({ id }) => id));
    const rows = page
      .filter(({ comment_id: id }) => known.has(id))
      .map((flip) => ({ ...flip, site_id: report.siteId, model_version: report.version }));
    if (rows.length === 0) continue;
    await trx
      .insertInto('model_flip')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** A report in the place of the one that is there, with its flips. */
export async function replaceReport(
  trx: Transaction<Database>,
  report: NewReport,
  flips: readonly NewFlip[],
): Promise<void> {
  await trx.deleteFrom('model_flip').where('model_version', '=', report.version).execute();
  await trx.deleteFrom('model_report').where('model_version', '=', report.version).execute();
  await insertReport(trx, report, flips);
}

export async function findReport(
  db: Kysely<Database>,
  siteId: string,
  version: string,
): Promise<Record<string, unknown> | null> {
  const row = await db
    .selectFrom('model_report')
    .innerJoin('model', 'model.version', 'model_report.model_version')
    .select('model_report.report')
    .where('model.site_id', '=', siteId)
    .where('model_version', '=', version)
    .executeTakeFirst();
  return row?.report ?? null;
}

export async function listFlips(
  db: Kysely<Database>,
  siteId: string,
  version: string,
  { decided, after, limit }: { readonly decided: boolean; readonly after: number; readonly limit: number },
): Promise<FlipRow[]> {
  return await db
    .selectFrom('model_flip')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('model_version', '=', version)
    .where('decided', '=', decided)
    .where('rank', '>', after)
    .orderBy('rank')
    .limit(limit)
    .execute();
}

/** The time from which the newest `share` of the labels are; null without labels. */
export async function readLabelCut(
  db: Kysely<Database>,
  siteId: string,
  share: number,
): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select percentile_disc(${1 - share}::double precision) within group (order by at) as at from (
      select labelled_at as at from comment where site_id = ${siteId} and label is not null
      union all
      select created_at as at from sample where site_id = ${siteId}
    ) labelled`.execute(db);
  return rows[0]?.at ?? null;
}

/** The newest decided comments, or the newest that wait, in pages. */
export async function* readNewest(
  db: Kysely<Database>,
  siteId: string,
  which: 'decided' | 'waiting',
  most: number,
): AsyncGenerator<CommentRow[]> {
  const ids = await db
    .selectFrom('comment')
    .select('id')
    .where('site_id', '=', siteId)
    .$if(which === 'decided', (query) => query.where('label', 'is not', null).orderBy('labelled_at', 'desc'))
    .$if(which === 'waiting', (query) => query.where('status', '=', 'hold').where('label', 'is', null))
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = await readComments(
      db,
      ids.slice(from, from + PAGE).map(({ id }) => id),
    );
    yield [...page.values()];
  }
}
