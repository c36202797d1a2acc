/**
 * The vocabulary of the service: one word, one meaning.
 *
 * Ground truth is a {@link Label}; what we believe is a {@link Verdict}; what happens to a comment is a
 * {@link Disposition}; where it stands is a {@link Status}; what a human said is a {@link DecisionKind}.
 */

/** Ground truth, given by a human or a corpus. */
export type Label = 'ham' | 'spam';

/** What the filter believes: spam probability in [0,h) is ham, [h,s) unsure, [s,1] spam. */
export type Verdict = 'ham' | 'unsure' | 'spam';

/** What happens to a comment on arrival. */
export type Disposition = 'publish' | 'hold' | 'spam' | 'discard';

/** Where a comment stands, in WordPress's words. */
export type Status = 'approved' | 'hold' | 'spam' | 'trash';

/** Where a comment stands when this has happened to it on arrival. */
export const STATUS_OF: Readonly<Record<Disposition, Status>> = {
  publish: 'approved',
  hold: 'hold',
  spam: 'spam',
  discard: 'trash',
};

/** What must have happened on arrival to a comment that stands there. */
export const DISPOSITION_OF: Readonly<Record<Status, Disposition>> = {
  approved: 'publish',
  hold: 'hold',
  spam: 'spam',
  trash: 'discard',
};

/** A human's word on a comment. `approve` labels ham, `spam` labels spam, the others leave no label. */
export type DecisionKind = 'approve' | 'spam' | 'reject' | 'escalate' | 'undo';

/** The part of a comment that the filter may look at. Never an e-mail or IP address. */
export interface ScorableComment {
  readonly content: string;
  readonly authorName?: string | undefined;
  readonly authorUrl?: string | undefined;
}

/** A labelled comment. */
export interface Sample extends ScorableComment {
  readonly label: Label;
}

/** Half-open cut points on the spam probability, 0 ≤ ham ≤ spam ≤ 1. */
export interface Thresholds {
  readonly ham: number;
  readonly spam: number;
}

/**
 * The thresholds of a model: one pair for comments that have nothing to sell by, and one, stricter, for those with a
 * link, an author's address, a mail address, a phone number or a handle.
 */
export interface ThresholdPairs extends Thresholds {
  readonly payload: Thresholds;
}

/** The pair by which a comment is judged. */
export function thresholdsFor(pairs: ThresholdPairs, hasPayload: boolean): Thresholds {
  return hasPayload ? pairs.payload : { ham: pairs.ham, spam: pairs.spam };
}

/**
 * The verdict on a spam probability: ham [0,h), unsure [h,s), spam [s,1].
 *
 * @example
 * verdictOf(0.5, { ham: 0.4, spam: 0.9 }) // 'unsure'
 */
export function verdictOf(spamProbability: number, thresholds: Thresholds): Verdict {
  if (spamProbability >= thresholds.spam) return 'spam';
  return spamProbability >= thresholds.ham ? 'unsure' : 'ham';
}

/** The verdict on a score by the pair of thresholds that its comment is judged by. */
export function verdictUnder(
  pairs: ThresholdPairs,
  { spamProbability, hasPayload }: { readonly spamProbability: number; readonly hasPayload: boolean },
): Verdict {
  return verdictOf(spamProbability, thresholdsFor(pairs, hasPayload));
}
