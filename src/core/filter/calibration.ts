/**
 * Calibration: from a naive Bayes log-odds to a probability that means what it says.
 *
 * Naive Bayes counts dependent features as if each were news, so its log-odds are far too sure of themselves.
 * The order they put comments in is good; the figure is not. A calibration is a monotone map, fitted on labels
 * the filter was not trained on, that keeps the order and repairs the figure.
 */
import type { Label } from '../comment.ts';
import { steadyFigure } from '../evaluation/round-to-12-digits.ts';

/** One held-back label with the log-odds the filter gave it. */
export interface CalibrationPoint {
  readonly logOdds: number;
  readonly label: Label;
}

/** Log-odds are believed as they are: spam probability = 1 / (1 + e^-logOdds). */
export interface IdentityCalibration {
  readonly kind: 'none';
}

/** Platt's sigmoid: spam probability = 1 / (1 + e^-(slope·logOdds + intercept)), slope ≥ 0. */
export interface PlattCalibration {
  readonly kind: 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/** Knots of a strictly rising curve: `knots[i]` is a log-odds, `logits[i]` the calibrated log-odds there. */
export interface IsotonicCalibration {
  readonly kind: 'isotonic';
  readonly knots: readonly number[];
  readonly logits: readonly number[];
}

/** A monotone map from log-odds to spam probability: plain numbers, so JSON carries it without loss. */
export type Calibration = IdentityCalibration | PlattCalibration | IsotonicCalibration;

/** No answer is nearer to 0 or 1 than this: no finite number of labels shows more. */
const PROBABILITY_FLOOR = 1e-12;

/**
 * How steeply an isotonic curve goes on beyond its outermost knots, in calibrated per raw log-odds. It claims next
 * to nothing (ten more log-odds are one more unit), but it keeps the order: with flat ends the surest spam would be
 * one big tie, and a threshold strictly above a tie marks nothing.
 */
const TAIL_SLOPE = 0.1;

/**
 * The spam probability, in (0, 1), for a log-odds under a calibration. Never falls when the log-odds rises, and is
 * finite for every finite log-odds.
 *
 * @example
 * calibrate({ kind: 'none' }, 0) // 0.5
 * calibrate({ kind: 'platt', slope: 0.5, intercept: 0 }, Math.log(9)) // 0.75
 */
export function calibrate(calibration: Calibration, logOdds: number): number {
  if (calibration.kind === 'none') return clippedLogistic(logOdds);
  if (calibration.kind === 'platt') {
    return clippedLogistic(calibration.slope * logOdds + calibration.intercept);
  }
  return clippedLogistic(interpolate(calibration.knots, calibration.logits, logOdds));
}

/**
 * Isotonic regression by pool-adjacent-violators, centred (Oron and Flournoy 2017: each pooled block stands at the
 * mean of its log-odds, straight lines between) and drawn in the logit, so the curve rises strictly and equal
 * probabilities do not become ties. The labels count as Platt's targets, (spam+1)/(spam+2) and 1/(ham+2), instead of
 * 1 and 0, so that the ends stay inside (0, 1).
 *
 * Without both classes there is nothing to fit and `{ kind: 'none' }` is returned. O(n log n); the order of the
 * points does not matter. Throws RangeError for a log-odds that is not finite.
 *
 * @example
 * fitIsotonic([{ logOdds: -2, label: 'ham' }, { logOdds: 3, label: 'spam' }]).kind // 'isotonic'
 */
export function fitIsotonic(points: readonly CalibrationPoint[]): Calibration {
  const { spam, ham, spamTarget, hamTarget } = smoothedTargets(points);
  if (spam === 0 || ham === 0) return { kind: 'none' };
  const blocks: Block[] = [];
  for (const tie of poolTies(points, spamTarget, hamTarget)) {
    blocks.push(tie);
    mergeViolators(blocks);
  }
  return {
    kind: 'isotonic',
    knots: blocks.map((block) => block.logOddsSum / block.weight),
    logits: blocks.map((block) => logit(block.targetSum / block.weight)),
  };
}

/**
 * Platt's sigmoid (Platt 1999, with his smoothed targets), fitted by the damped Newton method of Lin, Lin and Weng
 * (2007). Two parameters: the choice when held-back labels are few. A negative slope, which would turn the filter's
 * order round, becomes 0 with the share of spam as the answer.
 *
 * Without both classes there is nothing to fit and `{ kind: 'none' }` is returned. Deterministic: equal points in
 * equal order give equal figures ({@link steadyFigure}). Throws RangeError for a log-odds that is not finite.
 *
 * @example
 * fitPlatt([]).kind // 'none'
 */
export function fitPlatt(points: readonly CalibrationPoint[]): Calibration {
  const { spam, ham, spamTarget, hamTarget } = smoothedTargets(points);
  if (spam === 0 || ham === 0) return { kind: 'none' };
  const targets = points.map((point) => (point.label === 'spam' ? spamTarget : hamTarget));
  const logOdds = points.map((point) => point.logOdds);
  const prior = Math.log((spam + 1) / (ham + 1));
  const fitted = newtonSigmoid(logOdds, targets, prior);
  const { slope, intercept } = fitted.slope > 0 ? fitted : { slope: 0, intercept: prior };
  return { kind: 'platt', slope: steadyFigure(slope), intercept: steadyFigure(intercept) };
}

interface Block {
  weight: number;
  logOddsSum: number;
  targetSum: number;
}

function smoothedTargets(points: readonly CalibrationPoint[]) {
  let spam = 0;
  for (const point of points) {
    if (!Number.isFinite(point.logOdds))
      throw new RangeError(`log-odds must be finite, got ${point.logOdds}`);
    if (point.label === 'spam') spam += 1;
  }
  const ham = points.length - spam;
  return { spam, ham, spamTarget: (spam + 1) / (spam + 2), hamTarget: 1 / (ham + 2) };
}

/** Points with one log-odds are one observation: their order must not decide what is pooled. */
function poolTies(points: readonly CalibrationPoint[], spamTarget: number, hamTarget: number): Block[] {
  const sorted = points.toSorted((a, b) => a.logOdds - b.logOdds || rank(a.label) - rank(b.label));
  const ties: Block[] = [];
  let previous = Number.NaN;
  for (const { logOdds, label } of sorted) {
    const target = label === 'spam' ? spamTarget : hamTarget;
    const tie = ties.at(-1);
    if (tie !== undefined && previous === logOdds) {
      tie.weight += 1;
      tie.logOddsSum += logOdds;
      tie.targetSum += target;
    } else {
      ties.push({ weight: 1, logOddsSum: logOdds, targetSum: target });
    }
    previous = logOdds;
  }
  return ties;
}

function rank(label: Label): number {
  return label === 'spam' ? 1 : 0;
}

/** Pools the last blocks while a mean does not rise. Equal means are pooled too, so the curve is strict. */
function mergeViolators(blocks: Block[]): void {
  for (;;) {
    const upper = blocks.at(-1);
    const lower = blocks.at(-2);
    if (upper === undefined || lower === undefined) return;
    if (rises(lower, upper)) return;
    blocks.pop();
    lower.weight += upper.weight;
    lower.logOddsSum += upper.logOddsSum;
    lower.targetSum += upper.targetSum;
  }
}

/** Means that differ only by rounding are equal: a curve must not rise by noise. */
function rises(lower: Block, upper: Block): boolean {
  const low = lower.targetSum / lower.weight;
  const high = upper.targetSum / upper.weight;
  const apart = upper.logOddsSum / upper.weight > lower.logOddsSum / lower.weight;
  return apart && high - low > 1e-12;
}

function interpolate(knots: readonly number[], logits: readonly number[], logOdds: number): number {
  const last = knots.length - 1;
  const first = knots[0] ?? 0;
  const highest = knots[last] ?? 0;
  if (logOdds <= first) return (logits[0] ?? 0) + TAIL_SLOPE * (logOdds - first);
  if (logOdds >= highest) return (logits[last] ?? 0) + TAIL_SLOPE * (logOdds - highest);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((knots[middle] ?? 0) <= logOdds) low = middle;
    else high = middle;
  }
  const left = knots[low] ?? 0;
  const bottom = logits[low] ?? 0;
  const top = logits[high] ?? 0;
  const share = (logOdds - left) / ((knots[high] ?? 0) - left);
  // Rounding may carry the line an ulp past its end, and then the next line would start lower.
  return Math.min(top, bottom + (top - bottom) * share);
}

/** Lin, Lin and Weng, "A note on Platt's probabilistic outputs", appendix; the sign of the slope is turned round. */
function newtonSigmoid(logOdds: readonly number[], targets: readonly number[], prior: number) {
  let slope = 0;
  let intercept = prior;
  let loss = sigmoidLoss(logOdds, targets, slope, intercept);
  for (let iteration = 0; iteration < 100; iteration += 1) {
    const { h11, h12, h22, g1, g2 } = sigmoidDerivatives(logOdds, targets, slope, intercept);
    if (Math.abs(g1) < 1e-5 && Math.abs(g2) < 1e-5) break;
    const determinant = h11 * h22 - h12 * h12;
    const slopeStep = -(h22 * g1 - h12 * g2) / determinant;
    const interceptStep = -(h11 * g2 - h12 * g1) / determinant;
    const descent = g1 * slopeStep + g2 * interceptStep;
    let size = 1;
    for (; size >= 1e-10; size /= 2) {
      const next = sigmoidLoss(logOdds, targets, slope + size * slopeStep, intercept + size * interceptStep);
      if (next < loss + 1e-4 * size * descent) {
        slope += size * slopeStep;
        intercept += size * interceptStep;
        loss = next;
        break;
      }
    }
    if (size < 1e-10) break;
  }
  return { slope, intercept };
}

function sigmoidLoss(
  logOdds: readonly number[],
  targets: readonly number[],
  slope: number,
  intercept: number,
) {
  let loss = 0;
  for (let index = 0; index < logOdds.length; index += 1) {
    const score = slope * (logOdds[index] ?? 0) + intercept;
    const target = targets[index] ?? 0;
    // -t·log p - (1-t)·log(1-p), written so that e^x never overflows.
    loss += Math.max(score, 0) - target * score + Math.log1p(Math.exp(-Math.abs(score)));
  }
  return loss;
}

function sigmoidDerivatives(
  logOdds: readonly number[],
  targets: readonly number[],
  slope: number,
  intercept: number,
) {
  let [h11, h12, h22, g1, g2] = [1e-12, 0, 1e-12, 0, 0];
  for (let index = 0; index < logOdds.length; index += 1) {
    const x = logOdds[index] ?? 0;
    const probability = logistic(slope * x + intercept);
    const curvature = probability * (1 - probability);
    const error = probability - (targets[index] ?? 0);
    h11 += x * x * curvature;
    h12 += x * curvature;
    h22 += curvature;
    g1 += x * error;
    g2 += error;
  }
  return { h11, h12, h22, g1, g2 };
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

function logistic(logOdds: number): number {
  if (logOdds >= 0) return 1 / (1 + Math.exp(-logOdds));
  const odds = Math.exp(logOdds);
  return odds / (1 + odds);
}

function clippedLogistic(logOdds: number): number {
  return Math.min(1 - PROBABILITY_FLOOR, Math.max(PROBABILITY_FLOOR, logistic(logOdds)));
}
