/**
 * From counts to weights: naive Bayes' smoothed log ratio for every bucket.
 *
 * Multinomial naive Bayes with class-mass normalisation: a feature's rate in a class is its count over all the
 * features its group has in that class, so a class of long comments does not weigh more for being long. Counts are
 * brought to the mean mass of both classes before they are smoothed, so that a feature never seen says nothing.
 */

import {
  BUCKETS,
  COUNTED_BUCKETS,
  COUNTED_GROUPS,
  GROUP_BASES,
  GROUP_BITS,
  GROUP_COUNT,
} from '../features/feature-groups.ts';
import type { Combination } from './combination.ts';
import { CORRECTION_STEPS, type Corrections } from './corrections.ts';
import type { FeatureCounts } from './counts.ts';

/** Smoothing added to both classes' counts, in samples. */
export const SMOOTHING = 0.5;

/** A site's counts over a starter's: each of the starter's samples counts as `starterWeight` samples. */
export interface CountedModel {
  readonly counts: FeatureCounts;
  readonly starter: FeatureCounts | null;
  readonly starterWeight: number;
}

/** What the counts of a class are multiplied with, by group, to bring both classes to one mass. */
export interface MassFactors {
  readonly ham: Float64Array;
  readonly spam: Float64Array;
}

/** The factors when some features, counted by group, are taken out of the counts. */
export function massFactors(
  model: CountedModel,
  hamWithout?: ArrayLike<number>,
  spamWithout?: ArrayLike<number>,
) {
  const ham = new Float64Array(GROUP_COUNT);
  const spam = new Float64Array(GROUP_COUNT);
  for (let group = 0; group < GROUP_COUNT; group++) {
    const hamMass = massOf(model, 'hamMass', group) - (hamWithout?.[group] ?? 0);
    const spamMass = massOf(model, 'spamMass', group) - (spamWithout?.[group] ?? 0);
    const mean = (hamMass + spamMass) / 2;
    ham[group] = hamMass > 0 ? mean / hamMass : 1;
    spam[group] = spamMass > 0 ? mean / spamMass : 1;
  }
  return { ham, spam };
}

function massOf(model: CountedModel, key: 'hamMass' | 'spamMass', group: number): number {
  const own = model.counts[key][group];
  return model.starter === null ? own : own + model.starterWeight * model.starter[key][group];
}

/** ln((spam·f + a) / (ham·f' + a)): what one feature says; 0 when it was never seen. */
export function featureWeight(ham: number, spam: number, hamFactor: number, spamFactor: number): number {
  if (ham + spam <= 0) return 0;
  return Math.log((spam * spamFactor + SMOOTHING) / (ham * hamFactor + SMOOTHING));
}

/** How many ham samples had a bucket's feature, the starter's share included. */
export function hamAt(model: CountedModel, bucket: number): number {
  const own = model.counts.ham[bucket];
  return model.starter === null ? own : own + model.starterWeight * model.starter.ham[bucket];
}

/** How many spam samples had a bucket's feature, the starter's share included. */
export function spamAt(model: CountedModel, bucket: number): number {
  const own = model.counts.spam[bucket];
  return model.starter === null ? own : own + model.starterWeight * model.starter.spam[bucket];
}

/** Every bucket's weight, scaled and corrected: what its feature says before the length of the comment is known. */
export function deriveWeights(
  model: CountedModel & { readonly combination: Combination; readonly corrections: Corrections },
): Float32Array {
  const weights = new Float32Array(BUCKETS);
  const factors = massFactors(model);
  const { table } = model.corrections;
  for (let bucket = COUNTED_BUCKETS; bucket < BUCKETS; bucket++) {
    weights[bucket] = table[bucket] / CORRECTION_STEPS;
  }
  for (let group = 0; group < COUNTED_GROUPS; group++) {
    const hamFactor = factors.ham[group];
    const spamFactor = factors.spam[group];
    const scale = model.combination.scales[group] ?? 0;
    const start = GROUP_BASES[group];
    const end = start + 2 ** GROUP_BITS[group];
    for (let bucket = start; bucket < end; bucket++) {
      const ham = hamAt(model, bucket);
      const spam = spamAt(model, bucket);
      const correction = table[bucket];
      if (ham + spam === 0 && correction === 0) continue;
      const weight = featureWeight(ham, spam, hamFactor, spamFactor);
      weights[bucket] = scale * weight + correction / CORRECTION_STEPS;
    }
  }
  return weights;
}
