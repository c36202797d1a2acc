/** Shows what is known around a comment, so that a moderator decides without looking anything up. */
import type { Disposition, Status } from '../../core/comment.ts';
import { firstIdOf } from '../../core/id.ts';
import { parseUrl } from '../../core/parse-url.ts';
import { findLinks } from '../../core/text/links.ts';
import type { Service } from '../../service.ts';
import { type CommentRow, findComment } from '../../storage/comments.ts';
import { findPost } from '../../storage/posts.ts';
import {
  countCampaign,
  countOfArticle,
  listAncestors,
  listAuthorRules,
  listOfAuthor,
  listReplies,
  listSamples,
  listSiblings,
  type NearbyComment,
} from '../../storage/queue/context.ts';
import { listDecisions } from '../../storage/queue/decisions.ts';
import { readNotes } from '../../storage/queue/notes.ts';
import { findQueueItem } from '../../storage/queue/queue.ts';
import type { Actor } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { type QueueItemView, viewItems } from './queue-item.ts';
import { notQueued } from './show-queue.ts';

export interface NearbyView {
  readonly id: string;
  readonly post: string;
  readonly author_name: string;
  /** The first 600 characters. */
  readonly content: string;
  readonly status: Status;
  readonly at: string;
}

export interface TimelineEntry {
  readonly at: string;
  readonly kind: 'submitted' | 'scored' | 'held' | 'edited' | 'claimed' | 'note' | 'decision' | 'undo';
  /** Who did it; null: the service. */
  readonly by: string | null;
  /** A decision, a status or the words of a note; null where the kind says it all. */
  readonly detail: string | null;
}

export interface ContextView {
  readonly id: string;
  readonly thread: {
    readonly ancestors: readonly NearbyView[];
    readonly siblings: readonly NearbyView[];
    readonly replies: readonly NearbyView[];
  };
  readonly article: {
    readonly post: string;
    readonly title: string | null;
    readonly url: string | null;
    readonly closed: boolean;
    readonly premoderated: boolean;
    readonly approved_today: number;
    readonly waiting: number;
  };
  readonly author: {
    readonly newest: readonly NearbyView[];
    /** What becomes of their next comments; null: what becomes of everybody's. */
    readonly standing: {
      readonly disposition: Disposition;
      readonly until: string | null;
      readonly reason: string | null;
    } | null;
  };
  readonly similar: {
    readonly campaign: string | null;
    /** Counted up to 1,000. */
    readonly comments: number;
    readonly authors: number;
    readonly samples: readonly NearbyView[];
    /** Where the links of the comment and of the samples lead. */
    readonly hosts: readonly string[];
  };
  readonly timeline: readonly TimelineEntry[];
}

const DAY_MS = 86_400_000;

/** @throws {RefusedError} `not_found`. */
export async function showContext(service: Service, siteId: string, commentId: string): Promise<ContextView> {
  const row = await requireComment(service, siteId, commentId);
  return await viewContext(service, row);
}

/** One comment as an item of the queue, whatever its status. @throws {RefusedError} `not_found`. */
export async function showItem(
  service: Service,
  siteId: string,
  actor: Actor,
  commentId: string,
): Promise<QueueItemView> {
  const row = await requireComment(service, siteId, commentId);
  const queued = await findQueueItem(service.db, siteId, commentId);
  const [item] = await viewItems(service, siteId, actor, [queued ?? notQueued(row)]);
  if (item === undefined) throw missing();
  return item;
}

/** The contexts of these comments; of what was deleted meanwhile there is none. */
export async function showContexts(
  service: Service,
  siteId: string,
  commentIds: readonly string[],
): Promise<ContextView[]> {
  const found = await Promise.all(
    commentIds.map(async (id) => {
      const row = await findComment(service.db, siteId, id);
      return row ? await viewContext(service, row) : null;
    }),
  );
  return found.filter((context) => context !== null);
}

async function requireComment(service: Service, siteId: string, id: string): Promise<CommentRow> {
  const row = await findComment(service.db, siteId, id);
  if (!row) throw missing();
  return row;
}

function missing(): RefusedError {
  return new RefusedError('not_found', 'There is no such comment.');
}

async function viewContext(service: Service, row: CommentRow): Promise<ContextView> {
  const { db } = service;
  const { id, site_id: siteId, parent_id: parent, author_email_loose: author, campaign_id: campaign } = row;
  const now = service.now();
  const [ancestors, siblings, replies, newest, rules, post, counts, members, samples, timeline] =
    await Promise.all([
      listAncestors(db, siteId, parent),
      listSiblings(db, siteId, parent, id),
      listReplies(db, siteId, id),
      listOfAuthor(db, siteId, author, id),
      listAuthorRules(db, siteId, author),
      findPost(db, siteId, row.post_id),
      countOfArticle(db, siteId, row.post_id, firstIdOf(now.getTime() - DAY_MS)),
      countCampaign(db, siteId, campaign),
      listSamples(db, siteId, campaign, id),
      readTimeline(service, row),
    ]);
  return {
    id,
    thread: {
      ancestors: ancestors.map(viewNearby),
      siblings: siblings.map(viewNearby),
      replies: replies.map(viewNearby),
    },
    article: { post: row.post_id, ...viewArticle(post, now), ...counts },
    author: { newest: newest.map(viewNearby), standing: viewStanding(rules, now) },
    similar: {
      campaign,
      ...members,
      samples: samples.map(viewNearby),
      hosts: hostsOf([row, ...samples]),
    },
    timeline,
  };
}

function viewArticle(post: Awaited<ReturnType<typeof findPost>>, now: Date) {
  return {
    title: post?.title ?? null,
    url: post?.url ?? null,
    closed: post?.closed_at != null && post.closed_at <= now,
    premoderated: post?.premoderated ?? false,
  };
}

/** What becomes of the author's comments, where somebody has said so. */
function viewStanding(rules: Awaited<ReturnType<typeof listAuthorRules>>, now: Date) {
  const standing = rules.find(({ expires_at: until }) => until === null || until > now);
  if (!standing) return null;
  const { disposition, expires_at: until, note: reason } = standing;
  return { disposition, until: until?.toISOString() ?? null, reason };
}

function viewNearby({
  id,
  post_id: post,
  author_name,
  content,
  status,
  created_at,
}: NearbyComment): NearbyView {
  return { id, post, author_name, content, status, at: created_at.toISOString() };
}

const MOST_HOSTS = 10;

function hostsOf(comments: readonly { readonly content: string }[]): string[] {
  const hosts = comments.flatMap(({ content }) =>
    findLinks(content).flatMap(({ url }) => parseUrl(url)?.hostname ?? []),
  );
  return [...new Set(hosts)].slice(0, MOST_HOSTS);
}

async function readTimeline(service: Service, row: CommentRow): Promise<TimelineEntry[]> {
  const [decisions, notes, queued] = await Promise.all([
    listDecisions(service.db, row.id),
    readNotes(service.db, [row.id]),
    findQueueItem(service.db, row.site_id, row.id),
  ]);
  const own = (kind: TimelineEntry['kind'], at: Date, detail: string | null): TimelineEntry => ({
    at: at.toISOString(),
    kind,
    by: null,
    detail,
  });
  const entries: TimelineEntry[] = [
    own('submitted', row.date_gmt, null),
    own('scored', row.created_at, row.verdict),
    ...(queued ? [own('held', queued.created_at, null)] : []),
    ...(row.edited_at ? [own('edited', row.edited_at, null)] : []),
    ...(notes.get(row.id) ?? []).map(
      ({ created_at, actor_name, text }): TimelineEntry => ({
        at: created_at.toISOString(),
        kind: 'note',
        by: actor_name,
        detail: text,
      }),
    ),
    ...decisions.map(
      ({ created_at, actor_name, decision, note, reason }): TimelineEntry => ({
        at: created_at.toISOString(),
        kind: decision === 'undo' ? 'undo' : 'decision',
        by: actor_name,
        detail: decision === 'undo' ? null : [decision, reason, note].filter((part) => part).join(' · '),
      }),
    ),
  ];
  return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
