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
import { lengthDivisor } from './combination.ts';
import { BUCKETS, GROUP, GROUP_BASES, GROUP_BITS, GROUP_COUNT } from './feature-groups.ts';
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
    const group = sample.groups[index] as number;
    shares[group] = (shares[group] as number) + 1;
  }
  for (let group = 0; group < GROUP_COUNT; group++) {
    shares[group] = 1 / lengthDivisor(Math.max(1, shares[group] as number));
  }
  return shares;
}

/** What corrections add to a sample's log-odds. */
export function correctionOf({ bias, table }: Corrections, sample: KeptSample): number {
  return (bias + dot(table, sample, groupShares(sample))) / CORRECTION_STEPS;
}

/** Fits corrections to the errors of the left-out scores. Equal points in equal order give equal bits. */
export function fitCorrections(points: readonly CorrectionPoint[]): Corrections {
  const weights = new Float64Array(BUCKETS);
  const shares = points.map(({ sample }) => easedShares(sample));
  const squares = points.map(({ sample }, index) => squareOf(sample, shares[index] as Float64Array));
  const duals = new Float64Array(points.length).fill(INITIAL_DUAL);
  let bias = 0;
  points.forEach(({ sample }, index) => {
    const signed = sample.spam ? INITIAL_DUAL : -INITIAL_DUAL;
    addScaled(weights, sample, shares[index] as Float64Array, signed);
    bias += signed;
  });
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let largest = 0;
    for (let index = 0; index < points.length; index++) {
      const { sample, logOdds } = points[index] as CorrectionPoint;
      const share = shares[index] as Float64Array;
      const sign = sample.spam ? 1 : -1;
      const margin = sign * (logOdds + bias + dot(weights, sample, share));
      const before = duals[index] as number;
      const after = solveDual(before, margin, squares[index] as number);
      const change = after - before;
      if (change === 0) continue;
      duals[index] = after;
      addScaled(weights, sample, share, sign * change);
      bias += sign * change;
      largest = Math.max(largest, Math.abs(change));
    }
    if (largest < TOLERANCE * DUAL_LIMIT) break;
  }
  return { bias: Math.round(bias * CORRECTION_STEPS), table: tableOf(weights) };
}

function easedShares(sample: KeptSample): Float64Array {
  return groupShares(sample).map((share, group) => share * (EASE[group] as number));
}

function tableOf(weights: Float64Array): Int32Array {
  const table = new Int32Array(BUCKETS);
  for (let group = 0; group < GROUP_COUNT; group++) {
    const steps = CORRECTION_STEPS * (EASE[group] as number);
    const start = GROUP_BASES[group] as number;
    const end = start + 2 ** (GROUP_BITS[group] as number);
    for (let bucket = start; bucket < end; bucket++) {
      table[bucket] = Math.round((weights[bucket] as number) * steps);
    }
  }
  return table;
}

const DUAL_LIMIT = 1 / DRAW;
const INITIAL_DUAL = 1e-6 * DUAL_LIMIT;

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

function squareOf({ groups, length }: KeptSample, shares: Float64Array): number {
  let sum = 1;
  for (let index = 0; index < length; index++) sum += (shares[groups[index] as number] as number) ** 2;
  return sum;
}

function dot(weights: ArrayLike<number>, sample: KeptSample, shares: Float64Array): number {
  const { groups, buckets, length } = sample;
  let sum = 0;
  for (let index = 0; index < length; index++) {
    sum += (weights[buckets[index] as number] as number) * (shares[groups[index] as number] as number);
  }
  return sum;
}

function addScaled(weights: Float64Array, sample: KeptSample, shares: Float64Array, factor: number): void {
  const { groups, buckets, length } = sample;
  for (let index = 0; index < length; index++) {
    const bucket = buckets[index] as number;
    weights[bucket] = (weights[bucket] as number) + factor * (shares[groups[index] as number] as number);
  }
}
