/** What is known around a comment when it is checked: what the database has, and what its group has stored before it. */
import { firstIdOf } from '../../core/id.ts';
import { NEAR_DUPLICATE_SIMILARITY, similarity } from '../../core/near-duplicates/near-duplicate.ts';
import type { Service } from '../../service.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import {
  HISTORY_ROWS,
  type KeptAnswer,
  lockSubmissions,
  NEAR_CANDIDATES,
  type NearCandidate,
  type NewComment,
  type RepeatableRequest,
  readSurroundings,
  type Surroundings,
} from '../../storage/submissions.ts';
import { CAMPAIGN_MS } from '../site/scored-columns.ts';
import type { SiteContext } from '../site/site-context.ts';
import type { Check } from './prepare-check.ts';

/** Processes differ by less in what time it is. */
const CLOCK_SKEW_MS = 60_000;

export interface KnownPost {
  readonly url: string | null;
  readonly title: string | null;
  readonly closedAt: Date | null;
  readonly premoderated: boolean;
  readonly createdAt: Date;
  /** Whether it is new or has changed, and whether that replaces what another process stores meanwhile. */
  readonly change: 'none' | 'replaces' | 'fills';
}

/** What the policy and the site's rules ask about a comment beside its text. */
export interface Circumstances {
  readonly post: KnownPost;
  readonly postClosed: boolean;
  readonly parentFound: boolean;
  readonly duplicate: boolean;
  readonly secondsSinceLast: number | null;
  readonly author: { readonly approved: number; readonly recentRejected: number };
  /** The campaign of the near-copies that are there; null: none are. */
  readonly campaign: string | null;
}

/** The circumstances of a group's comments, one after another. */
export interface GroupCircumstances {
  /** In their order, each with the thread that the name of its post means. */
  readonly checks: readonly Check[];
  /** @param check one of {@link GroupCircumstances.checks} */
  readonly of: (check: Check, now: Date) => Circumstances;
  /** The answer that was kept for the request of a check, in the database or earlier in the group. */
  readonly keptFor: (check: Check) => KeptAnswer | null;
  /** What is stored counts for the comments after it. */
  readonly note: (checked: Noted, post: KnownPost) => void;
  /** The posts that are new or have changed. */
  readonly changedPosts: () => readonly {
    readonly siteId: string;
    readonly id: string;
    readonly post: KnownPost;
  }[];
  readonly hasWebhook: boolean;
}

/** A comment of the group that is accepted. */
export interface Noted {
  readonly check: Check;
  readonly row: NewComment;
  readonly answer: KeptAnswer | null;
}

/** Finds their threads, locks what would make two of these the first of their kind, and reads what is there around them. */
export async function readCircumstances(
  service: Service,
  trx: Transaction,
  checks: readonly Check[],
): Promise<GroupCircumstances> {
  await lockSubmissions(trx, checks.flatMap(locksOf));
  const now = service.now().getTime();
  const found = await readSurroundings(
    trx,
    checks.map(({ site, comment, limitFlood, signature, request }) => ({
      ...comment,
      siteId: site.id,
      limitFlood,
      request,
      bands: signature.bands,
    })),
    // What seems to be of the future was written before the clock was set back: nobody waits until it is there again.
    new Date(now + CLOCK_SKEW_MS),
    firstIdOf(Math.max(0, now - CAMPAIGN_MS)),
  );
  const around = new Map<Check, Surroundings>();
  for (const [at, surroundings] of found.entries()) {
    const check = checks[at];
    if (check) around.set(inThread(check, surroundings.postId), surroundings);
  }
  return createGroupCircumstances(around);
}

function inThread(check: Check, post: string): Check {
  return post === check.comment.post ? check : { ...check, comment: { ...check.comment, post } };
}

function locksOf({ site, comment, limitFlood, request }: Check): string[] {
  const { authorKeys } = comment;
  const pseudonyms = limitFlood ? [...authorKeys.loose, ...authorKeys.ip] : [];
  // Without the post, which may have several names.
  const requests = request ? [nameOf(request)] : [];
  return [comment.contentHash, ...requests, ...pseudonyms].map((name) => `${site.id}|${name}`);
}

function nameOf({ keyId, idempotencyKey }: RepeatableRequest): string {
  return `${keyId}|${idempotencyKey}`;
}

function createGroupCircumstances(around: ReadonlyMap<Check, Surroundings>): GroupCircumstances {
  const posts = new Map<string, { siteId: string; id: string; post: KnownPost }>();
  /** Newest first. */
  const stored: NewComment[] = [];
  const answers = new Map<string, KeptAnswer>();
  const keyOf = ({ site, comment }: Check) => `${site.id}|${comment.post}`;
  return {
    checks: [...around.keys()],
    hasWebhook: [...around.values()].some(({ hasWebhook }) => hasWebhook),
    of: (check, now) => {
      const { site, comment } = check;
      const there = around.get(check);
      if (!there) throw new Error('every comment of a group has its surroundings');
      const before = stored.filter(({ site_id: siteId }) => siteId === site.id);
      const ofAuthor = before.filter(
        (one) =>
          comment.emailLoose !== null &&
          one.author_email_loose === comment.emailLoose &&
          (comment.isFromPage !== true || (comment.ip !== null && one.author_ip === comment.ip)),
      );
      const known = posts.get(keyOf(check))?.post ?? knownPost(there);
      const post = withNews(known, check, now);
      return {
        post,
        postClosed: isClosed(post, site, now),
        parentFound:
          comment.parent === null ||
          there.parentFound ||
          before.some((one) => one.id === comment.parent && one.post_id === comment.post && isPublic(one)),
        duplicate: there.duplicate || before.some((one) => isDuplicate(one, check)),
        secondsSinceLast: check.limitFlood ? secondsSinceLast(there, before, check, now) : null,
        author: judgeHistory(ofAuthor, there.history),
        campaign: findCampaign(check, before, there),
      };
    },
    keptFor: (check) =>
      (check.request && answers.get(nameOf(check.request))) ?? around.get(check)?.kept ?? null,
    note: ({ check, row, answer }, post) => {
      stored.unshift(row);
      posts.set(keyOf(check), { siteId: check.site.id, id: row.post_id, post });
      if (check.request && answer) answers.set(nameOf(check.request), answer);
    },
    changedPosts: () => [...posts.values()].filter(({ post }) => post.change !== 'none'),
  };
}

function knownPost({ post }: Surroundings): KnownPost | null {
  return post && { ...post, change: 'none' };
}

/** The post with what the comment says of it: a newer URL and title, from a page only those that are not known yet. */
function withNews(known: KnownPost | null, { comment }: Check, now: Date): KnownPost {
  const { postUrl, postTitle } = comment;
  const replaces = comment.isFromPage !== true;
  const mode = replaces || known?.change === 'replaces' ? 'replaces' : 'fills';
  if (known === null) {
    return {
      url: postUrl,
      title: postTitle,
      closedAt: null,
      premoderated: false,
      createdAt: now,
      change: mode,
    };
  }
  const url = replaces ? (postUrl ?? known.url) : (known.url ?? postUrl);
  const title = replaces ? (postTitle ?? known.title) : (known.title ?? postTitle);
  if (url === known.url && title === known.title) return known;
  return { ...known, url, title, change: mode };
}

function isClosed(post: KnownPost, site: SiteContext, now: Date): boolean {
  if (post.closedAt !== null && post.closedAt <= now) return true;
  const days = site.settings.close_after_days;
  return days !== null && now.getTime() - post.createdAt.getTime() >= days * 86_400_000;
}

/** Whether readers can see it, and so answer it. */
function isPublic({ status, listed }: NewComment): boolean {
  return status === 'approved' && listed !== false;
}

/** As {@link readSurroundings} has it. */
function isDuplicate(one: NewComment, { comment }: Check): boolean {
  const sameAuthor = comment.isFromPage
    ? one.author_name === comment.authorName && mayShareNetwork(one, comment)
    : comment.email === null
      ? one.author_email === null && one.author_name === comment.authorName && mayShareNetwork(one, comment)
      : one.author_email === comment.email;
  return (
    sameAuthor &&
    one.content_hash === comment.contentHash &&
    one.post_id === comment.post &&
    (one.parent_id ?? null) === comment.parent &&
    one.status !== 'trash'
  );
}

/** Two readers of one name who come from two networks are two; where an address is not known, they may be one. */
function mayShareNetwork({ author_ip: ip }: NewComment, { ip: own }: Check['comment']): boolean {
  return ip == null || own === null || ip === own;
}

function secondsSinceLast(
  there: Surroundings,
  before: readonly NewComment[],
  { comment }: Check,
  now: Date,
): number | null {
  const times = before
    .filter(
      (one) =>
        (comment.isFromPage !== true &&
          comment.emailLoose !== null &&
          one.author_email_loose === comment.emailLoose) ||
        (comment.ip !== null && one.author_ip === comment.ip),
    )
    .map(({ created_at: at }) => at.getTime());
  if (there.lastSubmission !== null) times.push(there.lastSubmission.getTime());
  return times.length === 0 ? null : Math.max(0, (now.getTime() - Math.max(...times)) / 1000);
}

/** @param history first letters of statuses, newest first, of what is older than `newer` */
function judgeHistory(newer: readonly NewComment[], history: string): Circumstances['author'] {
  const all = `${newer.map(({ status }) => status[0]).join('')}${history}`.slice(0, HISTORY_ROWS);
  const decided = all.replaceAll('h', '').slice(0, 10);
  return { approved: all.split('a').length - 1, recentRejected: decided.replaceAll('a', '').length };
}

/**
 * The campaign of the near-copies that are there. A campaign's members agree, so the first near one settles it; texts are
 * compared in the order in which {@link readSurroundings} gives them.
 */
function findCampaign({ comment, signature }: Check, before: readonly NewComment[], { near }: Surroundings) {
  if (signature.bands.length === 0) return null;
  const bands = new Set(signature.bands);
  const inGroup = before.flatMap((one) => {
    const shared = one.near_duplicate_bands?.filter((band) => bands.has(band)).length ?? 0;
    return shared === 0 ? [] : [{ ...one, campaign_id: one.campaign_id ?? null, shared }];
  });
  const candidates = inGroup.length === 0 ? near : [...inGroup, ...near].sort(byLikeness);
  for (const other of candidates.slice(0, NEAR_CANDIDATES)) {
    if (similarity(comment.content, other.content) >= NEAR_DUPLICATE_SIMILARITY) {
      return other.campaign_id ?? other.id;
    }
  }
  return null;
}

function byLikeness(one: NearCandidate, other: NearCandidate): number {
  return other.shared - one.shared || (one.id < other.id ? 1 : -1);
}
