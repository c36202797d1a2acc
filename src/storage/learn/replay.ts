/** The comments of a span of time, with what a replay may know of them. Ids are in the order of the times. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Disposition, Label, Verdict } from '../../core/comment.ts';
import type { StoredReason } from '../schema/comments.ts';
import type { Database } from '../schema/database.ts';

export interface ReplaySubject {
  readonly id: string;
  readonly content: string;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly author_email_loose: string | null;
  readonly created_at: Date;
  readonly post_created_at: Date;
  readonly verdict: Verdict;
  readonly disposition: Disposition;
  readonly spam_probability: number | null;
  readonly reasons: StoredReason[];
  readonly label: Label | null;
}

/** Ids from `from` on, before `to`. */
export interface IdSpan {
  readonly from: string;
  readonly to: string;
}

export async function countSpan(db: Kysely<Database>, siteId: string, span: IdSpan): Promise<number> {
  const row = await db
    .selectFrom('comment')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('site_id', '=', siteId)
    .where('id', '>=', span.from)
    .where('id', '<', span.to)
    .executeTakeFirstOrThrow();
  return row.count;
}

const PAGE = 200;

/** Newest first, in pages. */
export async function* readSpan(
  db: Kysely<Database>,
  siteId: string,
  span: IdSpan,
): AsyncGenerator<ReplaySubject[]> {
  for (let before = span.to; ; ) {
    const page: ReplaySubject[] = await db
      .selectFrom('comment')
      .innerJoin('post', (join) =>
        join.onRef('post.site_id', '=', 'comment.site_id').onRef('post.id', '=', 'comment.post_id'),
      )
      .select([
        'comment.id',
        'comment.content',
        'comment.author_name',
        'comment.author_url',
        'comment.author_email_loose',
        'comment.created_at',
        'post.created_at as post_created_at',
        'comment.verdict',
        'comment.disposition',
        'comment.spam_probability',
        'comment.reasons',
        'comment.label',
      ])
      .where('comment.site_id', '=', siteId)
      .where('comment.id', '>=', span.from)
      .where('comment.id', '<', before)
      .orderBy('comment.id', 'desc')
      .limit(PAGE)
      .execute();
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    before = last.id;
  }
}
