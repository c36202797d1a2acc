/** What the plots of a report are drawn from: each a table of rows, so that it can be read and exported as well. */
import type { Label } from '../comment.ts';

/** A labelled spam probability of a filter that never learnt the comment. */
export interface PlottedPoint {
  readonly label: Label;
  readonly spamProbability: number;
}

export interface HistogramRow {
  /** The bin is [from, to) of the spam probability; the last one has its end in it. */
  readonly from: number;
  readonly to: number;
  readonly ham: number;
  readonly spam: number;
}

export interface ThresholdRow {
  readonly threshold: number;
  /** Share of ham and of spam that would be marked spam from this threshold on; null where there is none. */
  readonly ham_blocked: number | null;
  readonly spam_caught: number | null;
  readonly precision: number | null;
}

export interface CalibrationRow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly mean_probability: number | null;
  /** The share of spam among them: on the diagonal for a filter that can be believed. */
  readonly spam_share: number | null;
}

const HISTOGRAM_BINS = 40;
const CALIBRATION_BINS = 10;
/** Fine where thresholds lie in practice. */
const THRESHOLDS = [
  ...Array.from({ length: 98 }, (_, index) => (index + 1) / 100),
  ...[0.985, 0.99, 0.9925, 0.995, 0.9975, 0.999, 0.9995, 0.9999],
];

/**
 * How many of each class lie in each fortieth of the probability.
 *
 * @example
 * histogram([{ label: 'spam', spamProbability: 1 }]).at(-1).spam // 1
 */
export function histogram(points: readonly PlottedPoint[]): HistogramRow[] {
  return bins(HISTOGRAM_BINS, points).map(({ from, to, inside }) => ({
    from,
    to,
    ham: inside.filter(({ label }) => label === 'ham').length,
    spam: inside.filter(({ label }) => label === 'spam').length,
  }));
}

/** What each threshold for spam would do; also the precision/recall curve. O(n log n). */
export function sweepThresholds(points: readonly PlottedPoint[]): ThresholdRow[] {
  const sorted = {
    ham: probabilitiesOf(points, 'ham'),
    spam: probabilitiesOf(points, 'spam'),
  };
  return THRESHOLDS.map((threshold) => {
    const blocked = countFrom(sorted.ham, threshold);
    const caught = countFrom(sorted.spam, threshold);
    return {
      threshold,
      ham_blocked: share(blocked, sorted.ham.length),
      spam_caught: share(caught, sorted.spam.length),
      precision: share(caught, caught + blocked),
    };
  });
}

/** Believed against found, by tenth of the probability. */
export function calibrationTable(points: readonly PlottedPoint[]): CalibrationRow[] {
  return bins(CALIBRATION_BINS, points).map(({ from, to, inside }) => {
    const sum = inside.reduce((total, { spamProbability }) => total + spamProbability, 0);
    const spam = inside.filter(({ label }) => label === 'spam').length;
    return {
      from,
      to,
      count: inside.length,
      mean_probability: share(sum, inside.length),
      spam_share: share(spam, inside.length),
    };
  });
}

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly inside: PlottedPoint[];
}

function bins(count: number, points: readonly PlottedPoint[]): Bin[] {
  const all = Array.from(
    { length: count },
    (_, index): Bin => ({
      from: index / count,
      to: (index + 1) / count,
      inside: [],
    }),
  );
  for (const point of points)
    all[Math.min(count - 1, Math.floor(point.spamProbability * count))]?.inside.push(point);
  return all;
}

function probabilitiesOf(points: readonly PlottedPoint[], wanted: Label): Float64Array {
  const values = points.filter(({ label }) => label === wanted).map(({ spamProbability }) => spamProbability);
  return Float64Array.from(values).sort();
}

/** How many of ascending values are at least `least`. */
function countFrom(ascending: Float64Array, least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < least) low = middle + 1;
    else high = middle;
  }
  return ascending.length - low;
}

function share(count: number, total: number): number | null {
  return total === 0 ? null : count / total;
}
