/** The promised bound on blocked good comments, in words and numbers: whether it is proven, and what is missing. */
import { z } from 'zod';
import type { ModelBound } from '../../core/filter/model.ts';
import { minimumHam, type PromisedBound } from '../../core/filter/neyman-pearson.ts';
import { HELD_BACK_ONE_IN } from '../../core/filter/training.ts';
import type { Settings } from './settings.ts';

/** What a site is promised, and how far its filter is from it. Counts are of good comments that humans labelled. */
export interface PromiseView {
  /** At most this share of good comments is marked spam without a human … */
  readonly max_ham_blocked: number;
  /** … with this confidence. */
  readonly confidence: number;
  /** Whether the filter keeps it; until then nothing is marked spam without a human. */
  readonly proven: boolean;
  /** How many the filter was measured on and has not learnt from. */
  readonly held_back_ham: number;
  /** How many of those the promise takes: 59 for 5 %, 299 for 1 %, 598 for 0.5 %, 2,995 for 0.1 %, at 95 %. */
  readonly needed: number;
  readonly missing: number;
  /** About how many more must be labelled before the next training: one in five is held back. */
  readonly ham_labels_missing: number;
  /** The same in a sentence or two. */
  readonly message: string;
}

export function promiseOf({ max_ham_blocked, confidence }: Settings): PromisedBound {
  return { maxHamBlocked: max_ham_blocked, confidence };
}

/** Whether a filter that was made under `bound` keeps `promise`: a stricter promise than its own it does not. */
export function isProven(bound: ModelBound | null, promise: PromisedBound): boolean {
  return (
    bound !== null &&
    bound.missing === 0 &&
    bound.maxHamBlocked <= promise.maxHamBlocked &&
    bound.confidence >= promise.confidence
  );
}

const storedBound = z.object({
  bound: z.object({
    maxHamBlocked: z.number(),
    confidence: z.number(),
    heldBackHam: z.number(),
    needed: z.number(),
    missing: z.number(),
  }),
});

/** The bound in a stored report of a training; null when there is none. */
export function readBound(report: Readonly<Record<string, unknown>>): ModelBound | null {
  return storedBound.safeParse(report).data?.bound ?? null;
}

/**
 * How a filter stands to a promise. `bound` is null for a filter that was not measured on the site's own labels (the
 * starter); `hamLabels` is how many good comments the site has labelled by now.
 */
export function viewPromise(
  promise: PromisedBound,
  bound: ModelBound | null,
  hamLabels: number,
): PromiseView {
  const needed = minimumHam(promise.maxHamBlocked, promise.confidence);
  const heldBack = bound?.heldBackHam ?? 0;
  const view = {
    max_ham_blocked: promise.maxHamBlocked,
    confidence: promise.confidence,
    proven: isProven(bound, promise),
    held_back_ham: heldBack,
    needed,
    missing: Math.max(0, needed - heldBack),
    ham_labels_missing: Math.max(0, needed * HELD_BACK_ONE_IN - hamLabels),
  };
  return { ...view, message: describe(view) };
}

function describe(view: Omit<PromiseView, 'message'>): string {
  const promise = `at most ${percent(view.max_ham_blocked)} of good comments marked as spam, with ${percent(view.confidence)} confidence`;
  if (view.proven) {
    return `Kept: ${promise}, measured on ${count(view.held_back_ham)} held-out good comments (${count(view.needed)} are needed).`;
  }
  const takes = `Nothing is marked as spam without a moderator until “${promise}” is proven. This needs ${count(view.needed)} held-out good comments`;
  if (view.missing === 0) return `${takes}, which are available: train and activate a new filter.`;
  const missing = `${takes}: ${count(view.held_back_ham)} are measured, ${count(view.missing)} are missing.`;
  return view.ham_labels_missing > 0
    ? `${missing} That is about ${count(view.ham_labels_missing)} more approved comments, because one in ${HELD_BACK_ONE_IN} is held out.`
    : `${missing} There are enough now: train and activate a new filter.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
