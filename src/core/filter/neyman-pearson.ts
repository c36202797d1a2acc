/**
 * The promised bound on blocked ham.
 *
 * A site says "at most 1 % of my good comments may be marked spam, and be 95 % sure of it". A threshold set so that
 * 1 % of the held-back ham lies above it keeps that promise only half of the time. The umbrella algorithm of Tong,
 * Feng and Li ("Neyman-Pearson classification algorithms and NP receiver operating characteristics", Science
 * Advances 4, 2018) takes a higher order statistic, chosen so that the promise is broken with probability
 * 1 - confidence at most, whatever the distribution of the scores.
 */

/** What a site is promised. */
export interface PromisedBound {
  /** The highest share of ham that may be marked spam, in (0, 1). */
  readonly maxHamBlocked: number;
  /** The probability, in (0, 1), with which the promise holds over the draw of the held-back ham. */
  readonly confidence: number;
}

/** What {@link chooseThreshold} looks at. */
export interface ThresholdRequest extends PromisedBound {
  /** Scores of ham that was not trained on, on any scale where higher is more like spam; any order, ties allowed. */
  readonly heldBackHamScores: readonly number[];
}

/** The chosen threshold, or how much ham is missing for one. */
export interface ThresholdChoice {
  /** Marked spam: `score >= threshold`. null: too little ham, nothing may be marked spam without a human. */
  readonly threshold: number | null;
  /** Which of the scores, sorted upwards and counted from 1, the threshold lies just above. */
  readonly order: number | null;
  /** How many held-back ham scores the promise takes at least. */
  readonly needed: number;
  /** How many of them are still missing; 0 when there is a threshold. */
  readonly missing: number;
}

/**
 * The least number of held-back ham labels with which the promise can be kept: the smallest n with
 * (1 - maxHamBlocked)^n ≤ 1 - confidence. With fewer, even a threshold above every ham score seen is not sure enough.
 *
 * Throws RangeError when an argument is not inside (0, 1).
 *
 * @example
 * minimumHam(0.05, 0.95) // 59
 * minimumHam(0.01, 0.95) // 299
 * minimumHam(0.005, 0.95) // 598
 * minimumHam(0.001, 0.95) // 2995
 */
export function minimumHam(maxHamBlocked: number, confidence: number): number {
  requireShare('maxHamBlocked', maxHamBlocked);
  requireShare('confidence', confidence);
  return Math.ceil(Math.log(1 - confidence) / Math.log1p(-maxHamBlocked));
}

/**
 * The lowest threshold that keeps the promise: just above the k-th lowest held-back ham score, k the smallest with
 * P(Binomial(n, 1 - maxHamBlocked) ≥ k) ≤ 1 - confidence.
 *
 * The theorem is about marking strictly above that score; our thresholds are half-open (`score >= threshold`), so
 * the threshold is the next double above it: the same comments, ties included. With ties (or any jump in the
 * distribution) fewer comments lie strictly above, so the promise holds there too. It holds on the scale of the
 * scores that were passed in: compare later scores on that same scale.
 *
 * O(n log n). Throws RangeError for a score that is not finite, or a share outside (0, 1).
 *
 * @example
 * chooseThreshold({ heldBackHamScores: [0.1, 0.2], maxHamBlocked: 0.05, confidence: 0.95 })
 * // { threshold: null, order: null, needed: 59, missing: 57 }
 */
export function chooseThreshold(request: ThresholdRequest): ThresholdChoice {
  const { heldBackHamScores, maxHamBlocked, confidence } = request;
  const needed = minimumHam(maxHamBlocked, confidence);
  const bad = heldBackHamScores.find((score) => !Number.isFinite(score));
  if (bad !== undefined) throw new RangeError(`ham scores must be finite, got ${bad}`);
  const order = orderStatistic(heldBackHamScores.length, maxHamBlocked, confidence);
  if (order === null) {
    return { threshold: null, order: null, needed, missing: Math.max(1, needed - heldBackHamScores.length) };
  }
  const sorted = Float64Array.from(heldBackHamScores).sort();
  return { threshold: nextDoubleAbove(sorted[order - 1] ?? 0), order, needed, missing: 0 };
}

/**
 * The smallest k in 1…n with P(Binomial(n, 1 - maxHamBlocked) ≥ k) ≤ 1 - confidence, or null when not even k = n
 * does. Summed from k = n downwards in logarithms: (1 - 0.01)^100,000 is 0 as a double.
 *
 * @example
 * orderStatistic(59, 0.05, 0.95) // 59: only above the highest score
 * orderStatistic(58, 0.05, 0.95) // null
 */
export function orderStatistic(n: number, maxHamBlocked: number, confidence: number): number | null {
  requireShare('maxHamBlocked', maxHamBlocked);
  requireShare('confidence', confidence);
  const allowed = Math.log(1 - confidence);
  const logOddsOfBlocked = Math.log(maxHamBlocked) - Math.log1p(-maxHamBlocked);
  let term = n * Math.log1p(-maxHamBlocked);
  let tail = term;
  let order: number | null = null;
  for (let k = n; k >= 1 && tail <= allowed; k -= 1) {
    order = k;
    // From P(X = k) to P(X = k - 1).
    term += Math.log(k) - Math.log(n - k + 1) + logOddsOfBlocked;
    tail = Math.max(tail, term) + Math.log1p(Math.exp(-Math.abs(tail - term)));
  }
  return order;
}

function requireShare(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} must lie inside (0, 1), got ${value}`);
}

/** The smallest double greater than a finite one: `x >= nextDoubleAbove(y)` is `x > y`. */
function nextDoubleAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
