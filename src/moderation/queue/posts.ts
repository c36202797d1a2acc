/** Shows, closes, renames and merges the threads of articles. */
import type { Service } from '../../service.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import {
  findPost,
  findPostNames,
  insertPost,
  listImported,
  movePost,
  type PostRow,
  updatePost,
} from '../../storage/posts.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { RefusedError } from '../refused-error.ts';
import { forgetPosts, type NamingSite, postIdOf, resolvePost } from '../site/post-identity.ts';

export interface PostView {
  readonly id: string;
  readonly url: string | null;
  readonly title: string | null;
  readonly closed: boolean;
  /** Whether every comment on it is held. */
  readonly premoderated: boolean;
}

export async function showPost(service: Service, site: NamingSite, text: string): Promise<PostView> {
  const post = await findPost(service.db, site.id, await resolvePost(service, site, text));
  if (!post) throw missingPost();
  return viewPost(post, service.now());
}

/** What is to become of a post. */
export interface PostChange {
  readonly closed?: boolean | undefined;
  /** Whether every comment on it is held. */
  readonly premoderated?: boolean | undefined;
  /** Its new name; the old one leads to it from then on. */
  readonly id?: string | undefined;
  /** The thread that takes its comments and its name. */
  readonly mergeInto?: string | undefined;
  /** false: what an import kept from the public, as its article was hidden there, is shown. */
  readonly hidden?: false | undefined;
}

/**
 * Changes a post. It is made when it is closed or premoderated before its first comment.
 *
 * @throws {RefusedError} `not_found`, or `conflict` when another thread has the new name.
 */
export async function changePost(
  service: Service,
  site: NamingSite,
  text: string,
  change: PostChange,
): Promise<PostView> {
  const now = service.now();
  const { id, mergeInto } = change;
  const from = await resolvePost(service, site, text);
  const to = id === undefined ? await resolvePost(service, site, mergeInto ?? from) : postIdOf(site, id);
  if (to === null) throw missingPost();
  const post = await inTransaction(service.db, async (trx) => {
    const known = { site_id: site.id, url: null, title: null, closed_at: null, created_at: now };
    const isMade = change.closed !== undefined || change.premoderated !== undefined;
    if (isMade) await insertPost(trx, { ...known, id: from });
    if (to !== from) await move(trx, site.id, { from, to, isRename: id !== undefined });
    const { closed, premoderated } = change;
    if (isMade) {
      await updatePost(trx, site.id, to, {
        ...(closed !== undefined && { closed_at: closed ? now : null }),
        ...(premoderated !== undefined && { premoderated }),
      });
    }
    if (change.hidden === false) await listImported(trx, site.id, to);
    return await findPost(trx, site.id, to);
  });
  forgetPosts(service);
  if (!post) throw missingPost();
  return viewPost(post, now);
}

/** Renames a thread, or merges it into another. */
async function move(
  trx: Transaction,
  siteId: string,
  { from, to, isRename }: { from: string; to: string; isRename: boolean },
): Promise<void> {
  const [post, other] = [await findPost(trx, siteId, from), await findPost(trx, siteId, to)];
  if (!post || (!isRename && !other)) throw missingPost();
  // Also where it is another name of a thread: whoever uses it means that one.
  const owner = (await findPostNames(trx, siteId, [to])).get(to) ?? from;
  if (isRename && owner !== from) {
    throw new RefusedError('conflict', 'Another post has this name: merge the two with `merge_into`.');
  }
  if (!other) await insertPost(trx, { ...post, id: to });
  await movePost(trx, siteId, from, to);
}

function missingPost(): RefusedError {
  return new RefusedError('not_found', 'There is no such post: it is made by its first comment.');
}

function viewPost(post: PostRow, now: Date): PostView {
  return {
    id: post.id,
    url: post.url,
    title: post.title,
    closed: post.closed_at !== null && post.closed_at <= now,
    premoderated: post.premoderated,
  };
}
