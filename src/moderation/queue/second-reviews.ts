/**
 * Second looks: a small random share of what was decided goes to another moderator, who does not see the first
 * decision. It changes nothing about the comment; it tells how far the house rules are understood alike.
 */
import { krippendorffAlpha, krippendorffInterval } from '../../core/evaluation/agreement.ts';
import { seededRandom } from '../../core/evaluation/seeded-random.ts';
import type { Service } from '../../service.ts';
import type { CommentRow } from '../../storage/comments.ts';
import {
  answerSecondLook,
  countOpenSecondLooks,
  deleteSecondLooks,
  findSecondLook,
  insertSecondLooks,
  listGivenSecondLooks,
  listOpenSecondLooks,
  listRatings,
  type Rated,
  reopenSecondLook,
} from '../../storage/queue/second-reviews.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { type Actor, actorReference } from '../actor.ts';
import { drawChance } from '../chance.ts';
import { RefusedError } from '../refused-error.ts';
import { type QueueItemView, viewItems } from './queue-item.ts';
import { notQueued } from './show-queue.ts';

interface Drawable {
  readonly comment: CommentRow;
  readonly decisionId: string;
}

/** Draws each decision with the chance `share`, in the transaction that makes it. */
export async function drawSecondLooks(
  service: Service,
  trx: Transaction,
  actor: Actor,
  { decision, share }: { readonly decision: Rated; readonly share: number },
  decided: readonly Drawable[],
): Promise<void> {
  await deleteSecondLooks(trx, { openOf: decided.map(({ comment }) => comment.id) });
  if (actor.kind === 'system') return;
  const drawn = decided.filter(() => drawChance(service, 6) < share);
  await insertSecondLooks(
    trx,
    drawn.map(({ comment, decisionId }) => ({
      comment_id: comment.id,
      site_id: comment.site_id,
      decision_id: decisionId,
      first_actor: actorReference(actor),
      first_decision: decision,
      reasons: comment.reasons.map(({ rule }) => rule),
      drawn_at: service.now(),
      second_actor: null,
      second_decision: null,
      second_reason: null,
    })),
  );
}

/**
 * What waits for this actor's second look, as the first moderator saw it, without what became of it; with `given`
 * instead what they gave one on, the last first.
 */
export async function showSecondLooks(
  service: Service,
  siteId: string,
  actor: Actor,
  { given, limit }: { readonly given: boolean; readonly limit: number },
): Promise<QueueItemView[]> {
  const list = given ? listGivenSecondLooks : listOpenSecondLooks;
  const ids = await list(service.db, siteId, actorReference(actor), limit);
  const items = await viewItems(
    service,
    siteId,
    actor,
    ids.map((id) => notQueued({ id })),
  );
  return items.map(blind);
}

/** Takes out what tells the first decision: status, version, notes. */
function blind(item: QueueItemView): QueueItemView {
  return {
    ...item,
    version: 1,
    comment: { ...item.comment, status: 'hold' },
    decided: null,
    notes: [],
  };
}

/**
 * Records a second decision. The comment stays as it is. The same answer by the same actor again changes nothing: its
 * first answer may have been lost on the way.
 *
 * @throws {RefusedError} `not_found`; `conflict` when it was answered meanwhile or the first decision is the actor's
 *   own; `reason_required`.
 */
export async function answerLook(
  service: Service,
  siteId: string,
  actor: Actor,
  commentId: string,
  { decision, reason }: { readonly decision: Rated; readonly reason?: string | undefined },
): Promise<void> {
  if (decision === 'reject' && !reason) {
    throw new RefusedError(
      'reason_required',
      'A rejection needs a reason: the rule of the house that was broken.',
    );
  }
  const look = await findSecondLook(service.db, siteId, commentId);
  if (!look) throw new RefusedError('not_found', 'This comment does not wait for a second review.');
  const answer = { actor: actorReference(actor), decision, reason: reason ?? null, at: service.now() };
  if (await answerSecondLook(service.db, siteId, commentId, answer)) return;
  const given = await findSecondLook(service.db, siteId, commentId);
  if (given?.second_actor !== answer.actor || given.second_decision !== decision) {
    throw new RefusedError(
      'conflict',
      'Someone else gave the second review, or the first decision was yours.',
    );
  }
}

/** Takes the actor's own second look back. @throws {RefusedError} `not_undoable` when there is none. */
export async function takeBackLook(
  service: Service,
  siteId: string,
  actor: Actor,
  commentId: string,
): Promise<void> {
  if (await reopenSecondLook(service.db, siteId, commentId, actorReference(actor))) return;
  throw new RefusedError('not_undoable', 'You have no second review on this comment to withdraw.');
}

export interface Agreement {
  /** Comments that two have decided on, the newest 1,000. */
  readonly units: number;
  /** Krippendorff's alpha over approve, spam and reject; null when it is not defined. */
  readonly alpha: number | null;
  /** 95 %, by bootstrap. */
  readonly interval: readonly [number, number] | null;
}

export interface AgreementView extends Agreement {
  readonly waiting: number;
  /** By the rule that held the comment. */
  readonly by_reason: readonly (Agreement & { readonly reason: string })[];
}

const MOST_UNITS = 1000;
/** 200 draws of 1,000 units take 15 ms; the interval's ends then vary by about 0.01. */
const DRAWS = 200;
const SEED = 1;

/** How far two moderators agree, in all and by reason; never by person. */
export async function showAgreement(service: Service, siteId: string): Promise<AgreementView> {
  const [waiting, ratings] = await Promise.all([
    countOpenSecondLooks(service.db, siteId),
    listRatings(service.db, siteId, MOST_UNITS),
  ]);
  const units = new Map<string, [Rated, Rated][]>();
  for (const { first, second, reasons } of ratings) {
    for (const reason of new Set(reasons)) units.set(reason, [...(units.get(reason) ?? []), [first, second]]);
  }
  return {
    waiting,
    ...measure(ratings.map(({ first, second }) => [first, second])),
    by_reason: [...units]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([reason, pairs]) => ({ reason, ...measure(pairs) })),
  };
}

function measure(pairs: readonly (readonly [Rated, Rated])[]): Agreement {
  return {
    units: pairs.length,
    alpha: krippendorffAlpha(pairs),
    interval: krippendorffInterval(pairs, seededRandom(SEED), { draws: DRAWS }),
  };
}
