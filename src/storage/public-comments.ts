/** Reads what the public may see: the threads of articles, the newest comments of a site, and their numbers. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './schema/database.ts';

/** What the public may see of an approved comment. */
export interface PublishedComment {
  readonly id: string;
  readonly post_id: string;
  readonly parent_id: string | null;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly content: string;
  readonly date_gmt: Date;
}

export type PublicOrder = 'oldest' | 'newest';

/** Approved comments of a post that the public may see, in their order of arrival or its reverse, after the cursor's id. */
export async function listPublished(
  db: Kysely<Database>,
  siteId: string,
  postId: string,
  { order, afterId, limit }: { order: PublicOrder; afterId: string | null; limit: number },
): Promise<PublishedComment[]> {
  const isNewestFirst = order === 'newest';
  return await db
    .selectFrom('comment')
    .select(['id', 'post_id', 'parent_id', 'author_name', 'author_url', 'content', 'date_gmt'])
    .where('site_id', '=', siteId)
    .where('post_id', '=', postId)
    .where('status', '=', 'approved')
    .where('listed', '=', true)
    .$if(afterId !== null, (query) => query.where('id', isNewestFirst ? '<' : '>', afterId ?? ''))
    .orderBy('id', isNewestFirst ? 'desc' : 'asc')
    .limit(limit)
    .execute();
}

/** The place of a comment that the public cannot see, but answers to it. */
export interface HiddenComment {
  readonly id: string;
  readonly parent_id: string | null;
  readonly date_gmt: Date;
  /** It waits for a moderator; else it was removed. */
  readonly is_held: boolean;
}

/** Of these comments those that the public cannot see, with all above them up to one that it can. */
export async function listHiddenAncestors(
  db: Kysely<Database>,
  siteId: string,
  ids: readonly string[],
): Promise<HiddenComment[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<HiddenComment>`
    with recursive hidden as (
      select found.* from unnest(${[...ids]}::uuid[]) as wanted (id) cross join lateral ${hiddenComment(siteId)} found
      union
      select found.* from hidden below
        cross join lateral (select below.parent_id as id) wanted cross join lateral ${hiddenComment(siteId)} found
    )
    select id, parent_id, date_gmt, is_held from hidden`.execute(db);
  return rows;
}

function hiddenComment(siteId: string) {
  return sql`(
    select c.id, c.parent_id, c.date_gmt, c.status = 'hold' as is_held from comment c
      where c.id = wanted.id and c.site_id = ${siteId}::uuid and not (c.status = 'approved' and c.listed)
    union all
    select r.id, r.parent_id, r.date_gmt, false from removed_comment r
      where r.id = wanted.id and r.site_id = ${siteId}::uuid)`;
}

/** A published comment with the address of its article. */
export interface NewestComment extends PublishedComment {
  readonly post_url: string | null;
}

/** The newest comments of all posts of a site that the public may see, before the cursor's id. */
export async function listNewest(
  db: Kysely<Database>,
  siteId: string,
  { beforeId, limit }: { beforeId: string | null; limit: number },
): Promise<NewestComment[]> {
  return await db
    .selectFrom('comment')
    .innerJoin('post', (join) =>
      join.onRef('post.site_id', '=', 'comment.site_id').onRef('post.id', '=', 'comment.post_id'),
    )
    .select(['comment.id', 'post_id', 'parent_id', 'author_name', 'author_url', 'content', 'date_gmt'])
    .select('post.url as post_url')
    .where('comment.site_id', '=', siteId)
    .where('status', '=', 'approved')
    .where('listed', '=', true)
    .$if(beforeId !== null, (query) => query.where('comment.id', '<', beforeId ?? ''))
    .orderBy('comment.id', 'desc')
    .limit(limit)
    .execute();
}

/** How many comments of these posts the public may see; a post without any is left out. */
export async function countPublished(
  db: Kysely<Database>,
  siteId: string,
  postIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('comment')
    .select(['post_id', (of) => of.fn.countAll<string>().as('comments')])
    .where('site_id', '=', siteId)
    .where('post_id', '=', sql<string>`any(${[...postIds]}::text[])`)
    .where('status', '=', 'approved')
    .where('listed', '=', true)
    .groupBy('post_id')
    .execute();
  return new Map(rows.map(({ post_id, comments }) => [post_id, Number(comments)]));
}
