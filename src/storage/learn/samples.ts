import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Label } from '../../core/comment.ts';
import type { Database } from '../schema/database.ts';
import type { SampleTable } from '../schema/learn.ts';

/** A labelled comment as training reads it, whether a moderator or an upload labelled it. */
export interface StoredSample {
  readonly id: string;
  readonly content: string;
  readonly authorName: string | undefined;
  readonly authorUrl: string | undefined;
  readonly label: Label;
  /** Near-copies share it, so that they never straddle learning and holding back. */
  readonly group: string;
  /** `decision`, or where a sample came from: `upload`, `akismet`, `import:wxr` … */
  readonly source: string;
  /** Who gave the label. */
  readonly actor: string;
  readonly labelledAt: Date;
}

/** Stores samples; one that is there already (same text and label) is passed over. Returns how many are new. */
export async function insertSamples(
  db: Kysely<Database>,
  samples: readonly Insertable<SampleTable>[],
): Promise<number> {
  if (samples.length === 0) return 0;
  const result = await db
    .insertInto('sample')
    .values([...samples])
    .onConflict((conflict) => conflict.columns(['site_id', 'content_hash', 'label']).doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n);
}

export type SampleRow = Selectable<SampleTable>;

/** A sample, locked until the transaction ends. */
export async function lockSample(
  trx: Transaction<Database>,
  siteId: string,
  id: string,
): Promise<SampleRow | null> {
  const row = await trx
    .selectFrom('sample')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Gives a sample another label; null when the same text has that one already. */
export async function relabelSample(
  trx: Transaction<Database>,
  row: SampleRow,
  given: Pick<SampleRow, 'label' | 'actor' | 'created_at'>,
): Promise<SampleRow | null> {
  const changed = await trx
    .updateTable('sample')
    .set(given)
    .where('id', '=', row.id)
    .where((of) =>
      of.not(
        of.exists(
          of
            .selectFrom('sample as other')
            .select('other.id')
            .where('other.site_id', '=', row.site_id)
            .where('other.content_hash', '=', row.content_hash)
            .where('other.label', '=', given.label),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst();
  return changed ?? null;
}

export async function deleteSample(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.deleteFrom('sample').where('id', '=', id).execute();
}

export async function countSamples(
  db: Kysely<Database>,
  siteId: string,
): Promise<{ ham: number; spam: number }> {
  const result = await sql<{ label: Label; count: number }>`
    select label, count(*)::int as count from (
      select label from comment where site_id = ${siteId} and label is not null
      union all
      select label from sample where site_id = ${siteId}
    ) labelled group by label`.execute(db);
  const count = (label: Label) => result.rows.find((row) => row.label === label)?.count ?? 0;
  return { ham: count('ham'), spam: count('spam') };
}

/** Changes whenever a label is given, changed or taken back. */
export async function readLabelRevision(db: Kysely<Database>, siteId: string): Promise<string> {
  const result = await sql<{ revision: string }>`
    select concat_ws(' ',
      (select concat_ws(' ', count(*), sum(version), max(labelled_at)) from comment
        where site_id = ${siteId} and label is not null),
      (select concat_ws(' ', count(*), sum(hashtext(id::text || label)::bigint)) from sample
        where site_id = ${siteId})) as revision`.execute(db);
  return result.rows[0]?.revision ?? '';
}

/** So many are parsed at once: of 1,000 whoever waits for an answer meanwhile noticed. */
const PAGE = 250;

/**
 * Every sample of a site in pages, decided comments first, each source in the order of its ids.
 *
 * @param share below 1: about this share of them, drawn by their ids; the others do not leave the database.
 */
export async function* readSamples(
  db: Kysely<Database>,
  siteId: string,
  share = 1,
): AsyncGenerator<StoredSample[]> {
  const drawn = sql<boolean>`hashtext(id::text)::bigint + 2147483648 < ${share}::float8 * 4294967296`;
  yield* pages((after) =>
    db
      .selectFrom('comment')
      .select([
        'id',
        'content',
        'author_name',
        'author_url',
        'label',
        'label_by as actor',
        'labelled_at as at',
      ])
      .select(sql<string>`coalesce(campaign_id, id)::text`.as('group'))
      .select(sql<string>`'decision'`.as('source'))
      .where('site_id', '=', siteId)
      .where('label', 'is not', null)
      .$if(share < 1, (query) => query.where(drawn))
      .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(PAGE)
      .execute(),
  );
  yield* pages((after) =>
    db
      .selectFrom('sample')
      .select(['id', 'content', 'author_name', 'author_url', 'label', 'source', 'actor', 'created_at as at'])
      .select('content_hash as group')
      .where('site_id', '=', siteId)
      .$if(share < 1, (query) => query.where(drawn))
      .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(PAGE)
      .execute(),
  );
}

interface SampleColumns {
  readonly id: string;
  readonly content: string;
  readonly author_name: string | null;
  readonly author_url: string | null;
  readonly label: Label | null;
  readonly source: string;
  readonly actor: string | null;
  readonly at: Date | null;
  readonly group: string;
}

async function* pages(
  read: (after: string | null) => Promise<SampleColumns[]>,
): AsyncGenerator<StoredSample[]> {
  for (let after: string | null = null; ; ) {
    const rows: SampleColumns[] = await read(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(toSample);
    after = last.id;
  }
}

function toSample(row: SampleColumns): StoredSample {
  return {
    id: row.id,
    content: row.content,
    authorName: row.author_name ?? undefined,
    authorUrl: row.author_url ?? undefined,
    label: row.label ?? 'ham',
    group: row.group,
    source: row.source,
    actor: row.actor ?? 'unknown',
    labelledAt: row.at ?? new Date(0),
  };
}
