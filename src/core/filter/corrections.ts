/**
 * Corrections: what naive Bayes gets wrong, learnt on top of it.
 *
 * Naive Bayes weighs each feature on its own, so "check" stays spam in "check how many views" because of "check out".
 * The corrections are a small number for each feature, added to its log ratio, found by logistic regression on the
 * errors that naive Bayes makes on samples left out of its counts: score = left-out score + Σ corrections. They are
 * fitted by dual coordinate ascent (Yu, Huang, Lin, "Dual coordinate descent methods for logistic regression and
 * maximum entropy models", 2011), which needs no step size and is deterministic for samples in a fixed order.
 *
 * They raise MCC between videos from .875 to .917 (docs/decisions/0003-corrections.md).
 */

import { BUCKETS, GROUP, GROUP_COUNT } from '../features/feature-groups.ts';
import { lengthDivisor } from './combination.ts';
import type { KeptSample } from './reservoir.ts';

/** Corrections of a model: whole numbers, so that bytes and scores are exact. */
export interface Corrections {
  /** Added to the prior, in units of 1 / {@link CORRECTION_STEPS}. */
  readonly bias: number;
  /** By bucket, in the same units. */
  readonly table: Int32Array;
}

/** Units in one log-odds. */
export const CORRECTION_STEPS = 4_096;

/** A sample and its left-out score. */
export interface CorrectionPoint {
  readonly sample: KeptSample;
  readonly logOdds: number;
}

/** How strongly corrections are drawn to 0. From 0.5 to 1 all is alike; 3 loses a point of MCC, 0.03 overfits. */
const DRAW = 0.6;
/**
 * How much more freely the corrections of a group move than others: their features count as if they were this much
 * larger. The call words are a few dozen features against thousands; at 1 they are drowned (MCC between videos .930
 * against .939).
 */
const EASE = new Float64Array(GROUP_COUNT).fill(1);
EASE[GROUP.call] = 3;
const MOST_ROUNDS = 40;
const TOLERANCE = 1e-3;
const NEWTON_STEPS = 12;

/** No corrections: naive Bayes as it is. */
export function emptyCorrections(): Corrections {
  return { bias: 0, table: new Int32Array(BUCKETS) };
}

/** Each group's share in a sample's score: 1 / divisor(features of that group). */
export function groupShares(sample: Pick<KeptSample, 'groups' | 'length'>): Float64Array {
  const shares = new Float64Array(GROUP_COUNT);
  for (let index = 0; index < sample.length; index++) {
    const group = sample.groups[index];
    shares[group] = shares[group] + 1;
  }
  for (let group = 0; group < GROUP_COUNT; group++) {
    shares[group] = 1 / lengthDivisor(Math.max(1, shares[group]));
  }
  return shares;
}

/** What corrections add to a sample's log-odds. */
export function correctionOf({ bias, table }: Corrections, sample: KeptSample): number {
  const { groups, buckets, length } = sample;
  const shares = groupShares(sample);
  let sum = bias;
  for (let index = 0; index < length; index++) {
    sum += table[buckets[index]] * shares[groups[index]];
  }
  return sum / CORRECTION_STEPS;
}

/** Fits corrections to the errors of left-out scores, of all the points or of some of them. */
export interface CorrectionFit {
  /** Equal points in equal order give equal bits. @param wanted left out: all points. */
  readonly fit: (wanted?: (point: CorrectionPoint) => boolean) => Corrections;
}

/**
 * Lays the points out for {@link CorrectionFit}: one after the other, with a number for each bucket in the order in
 * which they are met, so that what is read together lies together.
 */
export function beginCorrections(points: readonly CorrectionPoint[]): CorrectionFit {
  const laid = layOut(points);
  return {
    fit: (wanted = () => true) => {
      const some = points.flatMap((point, index) => (wanted(point) ? [index] : []));
      return tableOf(laid, ascend(laid, points, some));
    },
  };
}

/** All features of all points. */
interface LaidOut {
  /** Of each point, where its features begin; one more for the end. */
  readonly starts: Int32Array;
  readonly features: Int32Array;
  readonly shares: Float32Array;
  /** Of each point, the sum of its squared shares, and 1. */
  readonly squares: Float64Array;
  /** The bucket of each feature, and its group. */
  readonly buckets: Int32Array;
  readonly groups: Uint8Array;
}

function layOut(points: readonly CorrectionPoint[]): LaidOut {
  const size = points.reduce((sum, { sample }) => sum + sample.length, 0);
  const starts = new Int32Array(points.length + 1);
  const features = new Int32Array(size);
  const shares = new Float32Array(size);
  const squares = new Float64Array(points.length).fill(1);
  const numbers = new Int32Array(BUCKETS).fill(-1);
  const buckets = new Int32Array(Math.min(size, BUCKETS));
  const groups = new Uint8Array(buckets.length);
  let known = 0;
  let at = 0;
  for (const [index, { sample }] of points.entries()) {
    const eased = groupShares(sample).map((share, group) => share * EASE[group]);
    for (let feature = 0; feature < sample.length; feature++) {
      const bucket = sample.buckets[feature];
      const group = sample.groups[feature];
      if (numbers[bucket] === -1) {
        numbers[bucket] = known;
        groups[known] = group;
        buckets[known++] = bucket;
      }
      features[at] = numbers[bucket];
      shares[at] = eased[group];
      squares[index] = squares[index] + shares[at] ** 2;
      at += 1;
    }
    starts[index + 1] = at;
  }
  return { starts, features, shares, squares, buckets: buckets.subarray(0, known), groups };
}

interface Solution {
  readonly bias: number;
  /** By the number of the feature. */
  readonly weights: Float64Array;
}

/**
 * A point whose dual hardly moves rests for one round, then three, then seven: after some rounds four points in five
 * hardly move.
 */
function ascend(laid: LaidOut, points: readonly CorrectionPoint[], some: readonly number[]): Solution {
  const weights = new Float64Array(laid.buckets.length);
  const duals = new Float64Array(points.length).fill(INITIAL_DUAL);
  const rests = new Uint8Array(points.length);
  const wakes = new Uint8Array(points.length);
  let bias = 0;
  const move = (index: number, signed: number) => {
    addScaled(laid, index, weights, signed);
    bias += signed;
  };
  for (const index of some) move(index, points[index]?.sample.spam ? INITIAL_DUAL : -INITIAL_DUAL);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let largest = 0;
    for (const index of some) {
      if (wakes[index] > round) continue;
      const { sample, logOdds } = points[index] as CorrectionPoint;
      const sign = sample.spam ? 1 : -1;
      const margin = sign * (logOdds + bias + dot(laid, index, weights));
      const before = duals[index];
      const after = solveDual(before, margin, laid.squares[index]);
      const change = Math.abs(after - before);
      duals[index] = after;
      if (change > 0) move(index, sign * (after - before));
      largest = Math.max(largest, change);
      rests[index] = change < RESTING ? Math.min(LONGEST_REST, 2 * rests[index] + 1) : 0;
      wakes[index] = round + 1 + rests[index];
    }
    if (largest < TOLERANCE * DUAL_LIMIT) break;
  }
  return { bias, weights };
}

function tableOf({ buckets, groups }: LaidOut, { bias, weights }: Solution): Corrections {
  const table = new Int32Array(BUCKETS);
  for (let feature = 0; feature < buckets.length; feature++) {
    const steps = CORRECTION_STEPS * EASE[groups[feature]];
    table[buckets[feature]] = Math.round(weights[feature] * steps);
  }
  return { bias: Math.round(bias * CORRECTION_STEPS), table };
}

const DUAL_LIMIT = 1 / DRAW;
const INITIAL_DUAL = 1e-6 * DUAL_LIMIT;
/** A dual that moves by less rests. */
const RESTING = 0.1 * TOLERANCE * DUAL_LIMIT;
const LONGEST_REST = 7;

/** Minimises ½·square·(a - before)² + margin·(a - before) + a·ln a + (C - a)·ln(C - a) over a in (0, C). */
function solveDual(before: number, margin: number, square: number): number {
  let dual = before;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const rest = DUAL_LIMIT - dual;
    const slope = square * (dual - before) + margin + Math.log(dual / rest);
    const next = dual - slope / (square + DUAL_LIMIT / (dual * rest));
    const inside = next <= 0 ? dual / 10 : next >= DUAL_LIMIT ? DUAL_LIMIT - rest / 10 : next;
    const done = Math.abs(inside - dual) < 1e-9 * DUAL_LIMIT;
    dual = inside;
    if (done) break;
  }
  // Nearer to the ends, rest or dual would round to 0 and the logarithm to infinity.
  return Math.min(DUAL_LIMIT * (1 - 1e-12), Math.max(DUAL_LIMIT * 1e-12, dual));
}

function dot({ starts, features, shares }: LaidOut, index: number, weights: Float64Array): number {
  const end = starts[index + 1];
  let sum = 0;
  for (let at = starts[index]; at < end; at++) {
    sum += weights[features[at]] * shares[at];
  }
  return sum;
}

function addScaled(
  { starts, features, shares }: LaidOut,
  index: number,
  weights: Float64Array,
  factor: number,
): void {
  const end = starts[index + 1];
  for (let at = starts[index]; at < end; at++) {
    const feature = features[at];
    weights[feature] = weights[feature] + factor * shares[at];
  }
}
