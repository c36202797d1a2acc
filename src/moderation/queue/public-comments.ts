/** Lists what the public may see: the thread of an article, the newest comments of a site, and their numbers. */
import type { Service } from '../../service.ts';
import type { CommentRow } from '../../storage/comments.ts';
import {
  countPublished,
  listHiddenAncestors,
  listNewest,
  listPublished,
  type NewestComment,
  type PublicOrder,
  type PublishedComment,
} from '../../storage/public-comments.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { addressOfPost, type NamingSite, resolvePost, resolvePosts } from '../site/post-identity.ts';

/** What anybody may see of an approved comment. Never an address, nor a hash of one. */
export interface PublicComment {
  readonly id: string;
  readonly post: string;
  readonly parent: string | null;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly content: string;
  readonly date_gmt: string;
}

/** The place of a comment that is not shown, but answered: without it, its answers would answer nothing. */
export interface RemovedComment {
  readonly id: string;
  readonly parent: string | null;
  readonly date_gmt: string;
  /** It waits for a moderator; else it was removed. */
  readonly held: boolean;
}

export interface PublicPage {
  readonly items: PublicComment[];
  /** What the items of this page answer, up to a comment that is shown. */
  readonly removed: RemovedComment[];
  readonly next_cursor: string | null;
}

/** Which comments of a post the public asks for. */
export interface PublicQuery {
  readonly post: string;
  readonly order?: PublicOrder | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const CURSOR_OF: Readonly<Record<PublicOrder, string>> = { oldest: 'published', newest: 'published-newest' };

export async function listPublicComments(
  service: Service,
  site: NamingSite,
  { post, order = 'oldest', cursor: cursorText, limit }: PublicQuery,
): Promise<PublicPage> {
  const cursor = readCursor(CURSOR_OF[order], cursorText);
  const postId = await resolvePost(service, site, post);
  const rows = await listPublished(service.db, site.id, postId, {
    order,
    afterId: cursor?.id ?? null,
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const shown = new Set(page.map(({ id }) => id));
  const above = page.flatMap(({ parent_id }) =>
    parent_id === null || shown.has(parent_id) ? [] : [parent_id],
  );
  const hidden = await listHiddenAncestors(service.db, site.id, [...new Set(above)]);
  return {
    items: page.map(viewPublic),
    removed: hidden.map((row) => ({
      id: row.id,
      parent: row.parent_id,
      date_gmt: row.date_gmt.toISOString(),
      held: row.is_held,
    })),
    next_cursor:
      rows.length > limit && last ? writeCursor(CURSOR_OF[order], { value: 0, id: last.id }) : null,
  };
}

/** A comment among those of all articles. */
export interface RecentComment extends PublicComment {
  /** The address of the article, null when it is not known. */
  readonly post_url: string | null;
}

/** The newest comments of a site, whatever their article. */
export async function listRecentComments(
  service: Service,
  site: NamingSite,
  cursorText: string | undefined,
  limit: number,
): Promise<{ items: RecentComment[]; next_cursor: string | null }> {
  const cursor = readCursor('recent', cursorText);
  const rows = await listNewest(service.db, site.id, { beforeId: cursor?.id ?? null, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => viewRecent(row, site)),
    next_cursor: rows.length > limit && last ? writeCursor('recent', { value: 0, id: last.id }) : null,
  };
}

/** The number of public comments for each name of a post, in the order of the names. */
export async function countComments(
  service: Service,
  site: NamingSite,
  posts: readonly string[],
): Promise<{ post: string; comments: number }[]> {
  const ids = await resolvePosts(service, site, posts);
  const counts = await countPublished(service.db, site.id, [...new Set(ids)]);
  return posts.map((post, at) => ({ post, comments: counts.get(ids[at] ?? '') ?? 0 }));
}

/** Whether anybody may see it. */
export function isPublic({ status, listed }: Pick<CommentRow, 'status' | 'listed'>): boolean {
  return status === 'approved' && listed;
}

export function viewPublic(row: PublishedComment): PublicComment {
  return {
    id: row.id,
    post: row.post_id,
    parent: row.parent_id,
    author_name: row.author_name,
    author_url: row.author_url,
    content: row.content,
    date_gmt: row.date_gmt.toISOString(),
  };
}

function viewRecent(row: NewestComment, site: NamingSite): RecentComment {
  return { ...viewPublic(row), post_url: row.post_url ?? addressOfPost(site, row.post_id) };
}
