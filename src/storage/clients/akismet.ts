/** Checks of Akismet's clients: what was asked, what was answered, what was reported, what the client is to be told. */
import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Label } from '../../core/comment.ts';
import type { CommentRow } from '../comments.ts';
import type { AkismetCheckTable } from '../schema/clients.ts';
import type { Database } from '../schema/database.ts';

export type AkismetCheckRow = Selectable<AkismetCheckTable>;

export async function insertAkismetCheck(
  db: Kysely<Database>,
  check: Insertable<AkismetCheckTable>,
): Promise<void> {
  await db.insertInto('akismet_check').values(check).execute();
}

/** The check of a guid, when this site made it. */
export async function findAkismetCheck(
  db: Kysely<Database>,
  siteId: string,
  id: string,
): Promise<AkismetCheckRow | null> {
  const row = await db
    .selectFrom('akismet_check')
    .selectAll()
    .where('id', '=', id)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row ?? null;
}

/** What a client resends of a comment, hashed where it was hashed when it came. */
export interface Resent {
  readonly contentHash: string;
  readonly authorName: string;
  readonly authorEmails: readonly string[];
  readonly dateGmt: Date | null;
}

/**
 * The comment that a client means: the same text by the same author (by the e-mail address where there is one), the
 * same date first, else the newest.
 */
export async function findResentComment(
  db: Kysely<Database>,
  siteId: string,
  { contentHash, authorName, authorEmails, dateGmt }: Resent,
): Promise<CommentRow | null> {
  const row = await db
    .selectFrom('comment')
    .selectAll()
    .where('site_id', '=', siteId)
    .where((either) =>
      either.or([either('content_hash', '=', contentHash), either('prefix_hash', '=', contentHash)]),
    )
    .where((either) =>
      authorEmails.length > 0
        ? either('author_email', '=', sql<string>`any(${[...authorEmails]}::text[])`)
        : either('author_name', '=', authorName),
    )
    .where((of) =>
      of.exists(
        of
          .selectFrom('akismet_check')
          .select('akismet_check.id')
          .whereRef('akismet_check.comment_id', '=', 'comment.id'),
      ),
    )
    .$if(dateGmt !== null, (query) => query.orderBy(sql`(date_gmt = ${dateGmt}) desc`))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Notes a report on the newest check of a comment. */
export async function noteFeedback(db: Kysely<Database>, commentId: string, label: Label): Promise<void> {
  await db
    .updateTable('akismet_check')
    .set({ feedback: label })
    .where('id', '=', (of) =>
      of
        .selectFrom('akismet_check as newest')
        .select('newest.id')
        .where('newest.comment_id', '=', commentId)
        .orderBy('newest.id', 'desc')
        .limit(1),
    )
    .execute();
}

/** Calls of one key in a time, by what they named as their site. */
export interface AkismetUsage {
  readonly blog: string;
  readonly api_calls: number;
  readonly spam: number;
  readonly ham: number;
  readonly missed_spam: number;
  readonly false_positives: number;
}

const counts = sql.raw(`count(*)::int as api_calls,
  (count(*) filter (where spam))::int as spam,
  (count(*) filter (where not spam))::int as ham,
  (count(*) filter (where not spam and feedback = 'spam'))::int as missed_spam,
  (count(*) filter (where spam and feedback = 'ham'))::int as false_positives`);

export async function listAkismetUsage(
  db: Kysely<Database>,
  keyId: string,
  from: Date,
  to: Date,
): Promise<AkismetUsage[]> {
  const result = await sql<AkismetUsage>`select blog, ${counts} from akismet_check
    where key_id = ${keyId} and created_at >= ${from} and created_at < ${to}
    group by blog order by blog`.execute(db);
  return result.rows;
}

/** The same by day or by month (UTC), oldest first. */
export async function listAkismetPeriods(
  db: Kysely<Database>,
  keyId: string,
  from: Date,
  unit: 'day' | 'month',
): Promise<(AkismetUsage & { readonly period: string })[]> {
  const format = unit === 'day' ? 'YYYY-MM-DD' : 'YYYY-MM';
  const result = await sql<AkismetUsage & { period: string }>`
    select period, min(blog) as blog, ${counts} from (
      select *, to_char(created_at at time zone 'UTC', ${format}::text) as period from akismet_check
      where key_id = ${keyId} and created_at >= ${from}
    ) checks group by period order by period`.execute(db);
  return result.rows;
}

/** A report that matched no comment is a sample; an earlier one that said the opposite of the same text goes. */
export async function deleteOppositeSample(
  trx: Transaction<Database>,
  siteId: string,
  contentHash: string,
  label: Label,
): Promise<void> {
  await trx
    .deleteFrom('sample')
    .where('site_id', '=', siteId)
    .where('content_hash', '=', contentHash)
    .where('source', '=', 'akismet')
    .where('label', '!=', label)
    .execute();
}
