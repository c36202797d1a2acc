/** Shows, edits and deletes a comment. */
import { nearDuplicateSignature } from '../../core/near-duplicates/near-duplicate.ts';
import type { Service } from '../../service.ts';
import {
  type AuthorHistory,
  type CommentRow,
  deleteComment,
  findComment,
  listBranch,
  lockComments,
  readAuthorHistory,
  updateScoredComment,
} from '../../storage/comments.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { appendEvents, type NewEvent } from '../../storage/events.ts';
import { insertTombstones } from '../../storage/privacy/tombstones.ts';
import { type DecisionRow, listDecisions } from '../../storage/queue/decisions.ts';
import { insertQueueItems, removeQueueItems } from '../../storage/queue/queue.ts';
import { deleteSecondLooks } from '../../storage/queue/second-reviews.ts';
import { type Actor, actorReference, hasScope } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { hashContent, hashPrefix } from '../site/content-hash.ts';
import { toQueueItem } from '../site/enqueue.ts';
import { type Assessment, assessComment, NOTHING_TO_REFUSE } from '../site/score.ts';
import { assessmentColumns, signatureColumns } from '../site/scored-columns.ts';
import type { SiteContext } from '../site/site-context.ts';
import { isTrackback } from '../site/trackback.ts';
import { scorable } from './explain.ts';
import { isPublic, type PublicComment, viewPublic } from './public-comments.ts';

/** What a moderator sees beside the public part. */
export interface ModeratorComment extends PublicComment {
  /** What an Akismet client calls it; null: a reader's comment. */
  readonly comment_type: string | null;
  readonly status: string;
  readonly verdict: string;
  readonly disposition: string;
  readonly spam_probability: number | null;
  readonly model_version: string;
  readonly reasons: readonly { rule: string; detail: string }[];
  readonly label: string | null;
  readonly version: number;
  readonly received_at: string;
  readonly updated_at: string;
  readonly decisions: readonly DecisionView[];
}

export interface DecisionView {
  readonly id: string;
  readonly decision: string;
  readonly reason: string | null;
  readonly note: string | null;
  readonly by: string;
  readonly at: string;
  readonly undoes: string | null;
}

/** One comment: all of it for who may moderate, an approved one's public part for who may read. */
export async function showComment(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
): Promise<PublicComment | ModeratorComment> {
  const row = await findComment(service.db, siteId, id);
  const moderates = hasScope(actor, 'moderate');
  if (!row || (!moderates && !isPublic(row))) throw missing();
  if (!moderates) return viewPublic(row);
  return viewModerator(row, await listDecisions(service.db, id));
}

/**
 * Replaces the text and scores it anew. An edit never makes a comment more visible; one that would not be published
 * goes back to the queue. The label goes with the text it was given to; decisions on that text no longer stand, and nobody
 * is asked for a second look at them.
 */
export async function editComment(
  service: Service,
  site: SiteContext,
  id: string,
  content: string,
): Promise<ModeratorComment> {
  const edited = await inTransaction(service.db, async (trx) => {
    const [before] = await lockComments(trx, site.id, [id]);
    if (!before) throw missing();
    const now = service.now();
    const author = await readAuthorHistory(trx, site.id, present(before.author_email_loose));
    const assessment = assessEdit(service, site, { before, content, author });
    const { policy } = assessment;
    const status = before.status === 'approved' && policy.disposition !== 'publish' ? 'hold' : before.status;
    const after = await updateScoredComment(trx, id, {
      content,
      content_hash: hashContent(content),
      prefix_hash: hashPrefix(content),
      status,
      ...assessmentColumns(site, assessment),
      label: null,
      label_by: null,
      labelled_at: null,
      updated_at: now,
      edited_at: now,
      ...signatureColumns(nearDuplicateSignature(content)),
    });
    await deleteSecondLooks(trx, { openOf: [id] });
    if (status === 'hold') {
      const [waiting] = await removeQueueItems(trx, [id]);
      const since = waiting?.created_at ?? now;
      await insertQueueItems(trx, [
        toQueueItem(after, { since, reasons: policy.reasons.map(({ rule }) => rule) }),
      ]);
    }
    await appendEvents(trx, [editEvent(before, { status, verdict: policy.verdict, at: now })]);
    return after;
  });
  return viewModerator(edited, await listDecisions(service.db, id));
}

/** An edit is no new comment: neither a duplicate of itself nor a flood, and the post may have closed since. */
function assessEdit(
  service: Service,
  site: SiteContext,
  edit: { readonly before: CommentRow; readonly content: string; readonly author: AuthorHistory },
): Assessment {
  const { before, content, author } = edit;
  const sent = { type: before.comment_type, authorUrl: before.author_url, postUrl: null };
  return assessComment(
    service,
    site,
    { ...scorable(before), content },
    {
      ...NOTHING_TO_REFUSE,
      isTrackback: isTrackback(sent, site),
      honeypotFilled: false,
      elapsedSeconds: null,
      author: { approved: author.approved, recentRejected: author.recentRejected },
    },
  );
}

function editEvent(
  before: CommentRow,
  { at, ...after }: Pick<CommentRow, 'status' | 'verdict'> & { readonly at: Date },
): NewEvent {
  const data = {
    post: before.post_id,
    status_before: before.status,
    status: after.status,
    verdict_before: before.verdict,
    verdict: after.verdict,
  };
  return { siteId: before.site_id, kind: 'comment.edited', subject: before.id, data, at };
}

const MAX_BRANCH = 1000;

/**
 * Deletes a comment permanently, with its decisions and its label, and where that is asked for all that answers it. Answers
 * that stay keep their place: the thread says that a comment was removed there.
 */
export async function removeComment(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
  withBranch = false,
): Promise<void> {
  await inTransaction(service.db, async (trx) => {
    const branch = withBranch ? await listBranch(trx, siteId, id, MAX_BRANCH) : [{ id }];
    // From the ends: what is deleted after its answers leaves no place behind.
    const ids = branch.map((one) => one.id).reverse();
    for (const one of ids) if (!(await deleteComment(trx, siteId, one))) throw missing();
    if (ids.length === 0) throw missing();
    await insertTombstones(trx, siteId, 'comment', ids, service.now());
    await appendEvents(
      trx,
      ids.map((subject) => ({
        siteId,
        kind: 'comment.deleted',
        subject,
        data: { actor: actorReference(actor) },
        at: service.now(),
      })),
    );
  });
}

function present(value: string | null): string[] {
  return value === null ? [] : [value];
}

function missing(): RefusedError {
  return new RefusedError('not_found', 'There is no such comment.');
}

function viewModerator(row: CommentRow, decisions: readonly DecisionRow[]): ModeratorComment {
  return {
    ...viewPublic(row),
    comment_type: row.comment_type,
    status: row.status,
    verdict: row.verdict,
    disposition: row.disposition,
    spam_probability: row.spam_probability,
    model_version: row.model_version,
    reasons: row.reasons,
    label: row.label,
    version: row.version,
    received_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    decisions: decisions.map((decision) => ({
      id: decision.id,
      decision: decision.decision,
      reason: decision.reason,
      note: decision.note,
      by: decision.actor_name,
      at: decision.created_at.toISOString(),
      undoes: decision.undoes,
    })),
  };
}
