/** What humans decide: an appended event and the derived status and label, in one transaction. */
import type { DecisionKind, Label, Status } from '../../core/comment.ts';
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { type CommentRow, listBranch, lockComments } from '../../storage/comments.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { appendEvents } from '../../storage/events.ts';
import { listVersionsOfAuthor } from '../../storage/queue/context.ts';
import {
  applyOutcome,
  type DecisionRow,
  findDecision,
  findStandingDecisions,
  holdComments,
  insertDecisions,
} from '../../storage/queue/decisions.ts';
import {
  escalateQueueItems,
  listCampaignItems,
  type QueueItemRow,
  removeQueueItems,
  restoreQueueItem,
} from '../../storage/queue/queue.ts';
import { deleteSecondLooks } from '../../storage/queue/second-reviews.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { type Actor, actorReference } from '../actor.ts';
import { deliverCallbacks, queueCallbacks } from '../outgoing/akismet-callbacks.ts';
import { RefusedError } from '../refused-error.ts';
import { toQueueItem } from '../site/enqueue.ts';
import { readSiteContext } from '../site/site-context.ts';
import { drawSecondLooks } from './second-reviews.ts';

export type Decidable = Exclude<DecisionKind, 'undo'>;

export interface Decision {
  readonly decision: Decidable;
  readonly reason?: string | null | undefined;
  readonly note?: string | null | undefined;
  /** The comment's version that was looked at; with it a decision may replace an earlier one. */
  readonly version?: number | undefined;
  /** With `escalate`: nobody sees the comment until it is decided on. Its label stays: doubt is no judgement. */
  readonly hold?: boolean | undefined;
}

/** A comment to decide on among many. */
export interface Target {
  readonly id: string;
  /** As `version` of a decision on one. */
  readonly version?: number | undefined;
}

export interface DecisionResult {
  readonly id: string;
  readonly decision_id: string;
  readonly status: Status;
  readonly version: number;
}

export type BulkResult = DecisionResult | { readonly id: string; readonly error: RefusedError };

/** What a decision makes of a comment. `null`: left as it is. */
const outcomes: Record<Decidable, { status: Status; label: Label | null } | null> = {
  approve: { status: 'approved', label: 'ham' },
  spam: { status: 'spam', label: 'spam' },
  // Breaks the house rules but is no spam: without a label, for abuse must not teach the spam filter.
  reject: { status: 'trash', label: null },
  escalate: null,
};

/** Decides on one comment. @throws {RefusedError} `not_found`, `already_decided`, `version_conflict`. */
export async function decideComment(
  service: Service,
  siteId: string,
  actor: Actor,
  commentId: string,
  decision: Decision,
): Promise<DecisionResult> {
  const { version, ...rest } = decision;
  const [result] = await decideComments(service, siteId, actor, [{ id: commentId, version }], rest);
  if (result === undefined) throw new RefusedError('not_found', 'There is no such comment.');
  if ('error' in result) throw result.error;
  return result;
}

/** The same decision on up to 1,000 comments: one transaction, a result for each id in the order given. */
export async function decideComments(
  service: Service,
  siteId: string,
  actor: Actor,
  targets: readonly Target[],
  decision: Omit<Decision, 'version'>,
): Promise<BulkResult[]> {
  if (decision.decision === 'reject' && !decision.reason) {
    throw new RefusedError(
      'reason_required',
      'A rejection needs a reason: the rule of the house that was broken.',
    );
  }
  const versions = new Map(targets.map(({ id, version }) => [id, version]));
  const ids = [...versions.keys()];
  const share = (await readSiteContext(service, siteId))?.settings.second_look_share ?? 0;
  const results = await inTransaction(service.db, async (trx) => {
    const comments = await lockComments(trx, siteId, ids);
    const standing = await findStandingDecisions(trx, ids);
    const refused = new Map<string, RefusedError>();
    const repeated = new Map<string, DecisionResult>();
    for (const comment of comments) {
      const earlier = standing.get(comment.id);
      const version = versions.get(comment.id);
      const error = refuseDecision(actor, comment, earlier, version);
      if (!error) continue;
      if (earlier && isRepetition(actor, comment, earlier, { ...decision, version })) {
        const { id, version: now, status } = comment;
        repeated.set(id, { id, decision_id: earlier.id, status, version: now });
      } else refused.set(comment.id, error);
    }
    const open = comments.filter(({ id }) => !refused.has(id) && !repeated.has(id));
    const decided = await record(service, trx, open, { actor, decision, secondLookShare: share });
    const told =
      decision.decision === 'escalate' ? 0 : await queueCallbacks(service, trx, actor, [...decided.values()]);
    return { refused, decided: new Map([...repeated, ...decided]), told };
  });
  if (results.told > 0) service.background(async () => void (await deliverCallbacks(service)));
  const missing = new RefusedError('not_found', 'There is no such comment.');
  return targets.map(
    ({ id }) => results.decided.get(id) ?? { id, error: results.refused.get(id) ?? missing },
  );
}

/** The same decision on a comment and all that answers it, up to 1,000, whatever was decided on them before. */
export async function decideBranch(
  service: Service,
  siteId: string,
  actor: Actor,
  commentId: string,
  decision: Omit<Decision, 'version'>,
): Promise<BulkResult[]> {
  const targets = await listBranch(service.db, siteId, commentId, 1000);
  if (targets.length === 0) throw new RefusedError('not_found', 'There is no such comment.');
  return await decideComments(service, siteId, actor, targets, decision);
}

/** The same decision on every comment of a campaign that waits in the queue, up to 1,000. */
export async function decideCampaign(
  service: Service,
  siteId: string,
  actor: Actor,
  campaignId: string,
  decision: Omit<Decision, 'version'>,
): Promise<BulkResult[]> {
  const ids = await listCampaignItems(service.db, siteId, campaignId, 1000);
  const targets = ids.map((id) => ({ id }));
  return await decideComments(service, siteId, actor, targets, decision);
}

/**
 * The same decision on all comments of the author of this one that stand otherwise, the newest 1,000; also on those that
 * were decided on before. Of an author without an e-mail address there are none.
 */
export async function decideAuthor(
  service: Service,
  siteId: string,
  actor: Actor,
  commentId: string,
  decision: Omit<Decision, 'version'>,
): Promise<BulkResult[]> {
  const status = outcomes[decision.decision]?.status ?? null;
  const targets = await listVersionsOfAuthor(service.db, siteId, commentId, status, 1000);
  return await decideComments(service, siteId, actor, targets, decision);
}

function refuseDecision(
  actor: Actor,
  comment: CommentRow,
  standing: DecisionRow | undefined,
  version: number | undefined,
): RefusedError | null {
  const state = {
    comment_status: comment.status,
    version: comment.version,
    ...(standing && { decided: viewStanding(standing, actor) }),
  };
  if (version !== undefined) {
    if (version === comment.version) return null;
    return new RefusedError(
      'version_conflict',
      `The comment has changed since version ${version}: look at it again.`,
      state,
    );
  }
  // An escalation asks for another decision; every other one stands until it is undone or the version is named.
  if (!standing || standing.decision === 'escalate') return null;
  return new RefusedError(
    'already_decided',
    `${standing.actor_name} decided “${standing.decision}” already: undo that, or send the version you looked at.`,
    state,
  );
}

/**
 * Whether a decision is the standing one sent again, such as by a client that lost the answer: the same person, the same
 * words, and the version that the standing decision was made on.
 */
function isRepetition(
  actor: Actor,
  comment: CommentRow,
  standing: DecisionRow,
  { decision, reason, note, version }: Decision,
): boolean {
  return (
    standing.actor === actorReference(actor) &&
    standing.decision === decision &&
    standing.status_after === comment.status &&
    standing.reason === (reason ?? null) &&
    standing.note === (note ?? null) &&
    (version === undefined || version === comment.version - 1)
  );
}

function viewStanding(decision: DecisionRow, actor: Actor) {
  return {
    decision_id: decision.id,
    decision: decision.decision,
    reason: decision.reason,
    by: decision.actor_name,
    mine: decision.actor === actorReference(actor),
    at: decision.created_at.toISOString(),
  };
}

function toEscalated(comment: CommentRow, since: Date) {
  const reasons = comment.reasons.map(({ rule }) => rule);
  return toQueueItem(comment, { since, reasons, escalated: true });
}

/** A decision on comments that are locked, with the share of decisions that somebody else looks at again. */
interface Recorded {
  readonly actor: Actor;
  readonly decision: Omit<Decision, 'version'>;
  readonly secondLookShare: number;
}

async function record(
  service: Service,
  trx: Transaction,
  comments: readonly CommentRow[],
  { actor, decision, secondLookShare }: Recorded,
): Promise<Map<string, DecisionResult>> {
  if (comments.length === 0) return new Map();
  const now = service.now();
  const ids = comments.map(({ id }) => id);
  const outcome = outcomes[decision.decision];
  const items = outcome
    ? await removeQueueItems(trx, ids)
    : await escalateQueueItems(
        trx,
        comments.map((comment) => toEscalated(comment, now)),
      );
  const itemOf = new Map(items.map((item) => [item.comment_id, item]));
  const rows = comments.map((comment) => ({
    ...toDecisionRow(comment, actor, decision),
    id: createId(now.getTime(), service.random(10)),
    queue_before: stringifyItem(itemOf.get(comment.id)),
    created_at: now,
  }));
  await insertDecisions(trx, rows);
  if (outcome) {
    const labelBy = outcome.label === null ? null : actorReference(actor);
    await applyOutcome(trx, ids, { ...outcome, labelBy, at: now });
  } else if (decision.hold) await holdComments(trx, ids, now);
  if (decision.decision !== 'escalate') {
    const decided = comments.map((comment, at) => ({ comment, decisionId: rows[at]?.id ?? '' }));
    const drawn = { decision: decision.decision, share: secondLookShare };
    await drawSecondLooks(service, trx, actor, drawn, decided);
  }
  await appendEvents(
    trx,
    rows.map((row, at) => decisionEvent(row, comments[at]?.post_id, now)),
  );
  return new Map(
    rows.map((row, at) => [
      row.comment_id,
      {
        id: row.comment_id,
        decision_id: row.id,
        status: row.status_after,
        version: (comments[at]?.version ?? 0) + (outcome || decision.hold ? 1 : 0),
      },
    ]),
  );
}

function toDecisionRow(comment: CommentRow, actor: Actor, decision: Omit<Decision, 'version'>) {
  const outcome = outcomes[decision.decision];
  return {
    site_id: comment.site_id,
    comment_id: comment.id,
    actor: actorReference(actor),
    actor_name: actor.name,
    decision: decision.decision,
    reason: decision.reason ?? null,
    note: decision.note ?? null,
    status_before: comment.status,
    status_after: outcome?.status ?? (decision.hold ? 'hold' : comment.status),
    label_before: comment.label,
    label_after: outcome ? outcome.label : comment.label,
    undoes: null,
  };
}

function decisionEvent(
  row: {
    site_id: string;
    comment_id: string;
    id: string;
    decision: DecisionKind;
    status_before: Status;
    status_after: Status;
  },
  post: string | undefined,
  at: Date,
) {
  return {
    siteId: row.site_id,
    kind: 'comment.decided',
    subject: row.comment_id,
    data: {
      post,
      decision_id: row.id,
      decision: row.decision,
      status_before: row.status_before,
      status: row.status_after,
    },
    at,
  };
}

function stringifyItem(item: QueueItemRow | undefined): string | null {
  return item === undefined ? null : JSON.stringify({ ...item, claimed_by: null, claimed_until: null });
}

/**
 * Takes a decision back: status, label and place in the queue are as before it.
 *
 * @throws {RefusedError} `not_found`; `not_undoable` when it is undone already or a later decision stands.
 */
export async function undoDecision(
  service: Service,
  siteId: string,
  actor: Actor,
  decisionId: string,
): Promise<DecisionResult> {
  const { result, told } = await inTransaction(service.db, async (trx) => {
    const decision = await findDecision(trx, siteId, decisionId);
    const [comment] = decision ? await lockComments(trx, siteId, [decision.comment_id]) : [];
    if (!decision || !comment) throw new RefusedError('not_found', 'There is no such decision.');
    const standing = (await findStandingDecisions(trx, [comment.id])).get(comment.id);
    if (standing?.id !== decision.id) {
      const why =
        comment.edited_at === null ? '' : ' The text was replaced on the way: decide on it as it is.';
      throw new RefusedError('not_undoable', `Only the decision that stands can be undone.${why}`, {
        comment_status: comment.status,
        version: comment.version,
        ...(standing && { decided: viewStanding(standing, actor) }),
      });
    }
    const result = await takeBack(service, trx, actor, comment, decision);
    return { result, told: await queueCallbacks(service, trx, actor, [result]) };
  });
  if (told > 0) service.background(async () => void (await deliverCallbacks(service)));
  return result;
}

async function takeBack(
  service: Service,
  trx: Transaction,
  actor: Actor,
  comment: CommentRow,
  decision: DecisionRow,
): Promise<DecisionResult> {
  const now = service.now();
  const undo = {
    id: createId(now.getTime(), service.random(10)),
    site_id: comment.site_id,
    comment_id: comment.id,
    actor: actorReference(actor),
    actor_name: actor.name,
    decision: 'undo' as const,
    reason: null,
    note: null,
    status_before: comment.status,
    status_after: decision.status_before,
    label_before: comment.label,
    label_after: decision.label_before,
    queue_before: null,
    undoes: decision.id,
    created_at: now,
  };
  await insertDecisions(trx, [undo]);
  const earlier = (await findStandingDecisions(trx, [comment.id])).get(comment.id);
  await applyOutcome(trx, [comment.id], {
    status: decision.status_before,
    label: decision.label_before,
    labelBy: decision.label_before === null ? null : (earlier?.actor ?? null),
    at: earlier?.created_at ?? now,
  });
  await restoreQueueItem(trx, comment.id, decision.queue_before);
  await deleteSecondLooks(trx, { decisionId: decision.id });
  await appendEvents(trx, [decisionEvent(undo, comment.post_id, now)]);
  return { id: comment.id, decision_id: undo.id, status: undo.status_after, version: comment.version + 1 };
}
