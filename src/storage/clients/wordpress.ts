/** Comments as WordPress's clients ask for them: by number, in pages with a total. */
import type { ExpressionBuilder, Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Status } from '../../core/comment.ts';
import type { CommentRow } from '../comments.ts';
import type { Database } from '../schema/database.ts';

/** A comment with what WordPress shows of its parent and its post. */
export interface NumberedComment extends CommentRow {
  readonly parent_number: string | null;
  readonly post_url: string | null;
}

export interface NumberedFilter {
  readonly siteId: string;
  readonly statuses: readonly Status[];
  /** Without what the public may not see, approved or not. */
  readonly listedOnly: boolean;
  readonly posts: readonly string[];
  readonly parents: readonly number[];
  readonly parentsBut: readonly number[];
  readonly include: readonly number[];
  readonly exclude: readonly number[];
  /** A part of the text, the name or the address of the author, case-insensitive. */
  readonly search: string | null;
  readonly after: Date | null;
  readonly before: Date | null;
  /** The author's pseudonyms. */
  readonly authorEmails: readonly string[] | null;
}

/** `include`: by the place in the filter's list, whatever the direction. */
export type NumberedOrder = 'date_gmt' | 'id' | 'post' | 'parent' | 'include';

export interface NumberedPage {
  readonly order: NumberedOrder;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
}

/** Counting stops here: the exact number of so many tells a reader nothing and costs a scan. */
export const WORDPRESS_COUNT_LIMIT = 10_000;

export async function listNumberedComments(
  db: Kysely<Database>,
  filter: NumberedFilter,
  page: NumberedPage,
): Promise<{ rows: NumberedComment[]; total: number }> {
  const column = {
    date_gmt: 'comment.date_gmt',
    id: 'comment.number',
    post: 'comment.post_id',
    parent: 'parent.number',
  } as const;
  const found = numbered(db).where((of) => matches(of, filter));
  const sorted =
    page.order === 'include'
      ? found.orderBy(placeIn(filter.include))
      : found.orderBy(column[page.order], page.direction);
  const rows = await sorted
    .orderBy('comment.number', page.direction)
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  const counted = await db
    .selectFrom((of) =>
      of
        .selectFrom('comment')
        .leftJoin('comment as parent', 'parent.id', 'comment.parent_id')
        .select('comment.id')
        .where((inner) => matches(inner, filter))
        .limit(WORDPRESS_COUNT_LIMIT)
        .as('found'),
    )
    .select((of) => of.fn.countAll<string>().as('total'))
    .executeTakeFirst();
  return { rows, total: Number(counted?.total ?? 0) };
}

export async function findNumberedComment(
  db: Kysely<Database>,
  siteId: string,
  number: number,
): Promise<NumberedComment | null> {
  const row = await numbered(db)
    .where('comment.site_id', '=', siteId)
    .where('comment.number', '=', String(number))
    .executeTakeFirst();
  return row ?? null;
}

export async function findNumberedById(
  db: Kysely<Database>,
  siteId: string,
  id: string,
): Promise<NumberedComment | null> {
  const row = await numbered(db)
    .where('comment.site_id', '=', siteId)
    .where('comment.id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

function placeIn(numbers: readonly number[]) {
  return sql`array_position(${numbers.map(String)}::bigint[], ${sql.ref('comment.number')})`;
}

function numbered(db: Kysely<Database>) {
  return db
    .selectFrom('comment')
    .leftJoin('comment as parent', 'parent.id', 'comment.parent_id')
    .innerJoin('post', (join) =>
      join.onRef('post.site_id', '=', 'comment.site_id').onRef('post.id', '=', 'comment.post_id'),
    )
    .selectAll('comment')
    .select(['parent.number as parent_number', 'post.url as post_url']);
}

type Joined = Pick<Database, 'comment'> & { parent: Database['comment'] };

function matches(of: ExpressionBuilder<Joined, 'comment' | 'parent'>, filter: NumberedFilter) {
  const conditions = [
    of('comment.site_id', '=', filter.siteId),
    of('comment.status', 'in', [...filter.statuses]),
  ];
  if (filter.listedOnly) conditions.push(of('comment.listed', '=', true));
  if (filter.posts.length > 0) conditions.push(of('comment.post_id', 'in', [...filter.posts]));
  if (filter.include.length > 0) conditions.push(of('comment.number', 'in', filter.include.map(String)));
  if (filter.exclude.length > 0) conditions.push(of('comment.number', 'not in', filter.exclude.map(String)));
  const parentNumber = sql<string>`coalesce(${sql.ref('parent.number')}, 0)`;
  if (filter.parents.length > 0) conditions.push(of(parentNumber, 'in', filter.parents.map(String)));
  if (filter.parentsBut.length > 0)
    conditions.push(of(parentNumber, 'not in', filter.parentsBut.map(String)));
  if (filter.after) conditions.push(of('comment.date_gmt', '>', filter.after));
  if (filter.before) conditions.push(of('comment.date_gmt', '<', filter.before));
  if (filter.authorEmails) {
    conditions.push(of('comment.author_email', '=', sql<string>`any(${[...filter.authorEmails]}::text[])`));
  }
  if (filter.search !== null) {
    const pattern = `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    conditions.push(
      of.or([
        of('comment.content', 'ilike', pattern),
        of('comment.author_name', 'ilike', pattern),
        of('comment.author_url', 'ilike', pattern),
      ]),
    );
  }
  return of.and(conditions);
}
