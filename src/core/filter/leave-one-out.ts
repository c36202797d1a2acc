/** Scores of samples as if they, and their near-copies with them, had never been learnt. */

import { COUNTED_BUCKETS, COUNTED_GROUPS, GROUP_COUNT } from '../features/feature-groups.ts';
import type { CombinationPoint } from './combination.ts';
import { lengthDivisor } from './combination.ts';
import type { KeptSample } from './reservoir.ts';
import { type CountedModel, featureWeight, hamAt, type MassFactors, massFactors, spamAt } from './weights.ts';

/** How many of the copies at hand had each bucket's feature, by class; all 0 between two calls. */
const hamOut = new Int32Array(COUNTED_BUCKETS);
const spamOut = new Int32Array(COUNTED_BUCKETS);

/**
 * What the groups of features say of each of some near-copies, all of them taken out of the counts. `learnt` 0: they
 * were never in.
 */
export function leftOutSums(
  model: CountedModel,
  copies: readonly KeptSample[],
  learnt: 0 | 1 = 1,
): CombinationPoint[] {
  const hamMass = new Float64Array(GROUP_COUNT);
  const spamMass = new Float64Array(GROUP_COUNT);
  const takeOut = (copy: KeptSample, times: 1 | -1) => {
    const out = copy.spam ? spamOut : hamOut;
    const mass = copy.spam ? spamMass : hamMass;
    for (let index = 0; index < copy.length; index++) {
      const group = copy.groups[index];
      if (group >= COUNTED_GROUPS) continue;
      const bucket = copy.buckets[index];
      out[bucket] = out[bucket] + times;
      mass[group] = mass[group] + times;
    }
  };
  const taken = learnt === 1 ? copies : [];
  for (const copy of taken) takeOut(copy, 1);
  const factors = massFactors(model, hamMass, spamMass);
  const points = copies.map((copy) => ({ sums: sumsOf(model, copy, factors), spam: copy.spam }));
  for (const copy of taken) takeOut(copy, -1);
  return points;
}

function sumsOf(model: CountedModel, copy: KeptSample, factors: MassFactors): Float64Array {
  const sums = new Float64Array(COUNTED_GROUPS);
  const lengths = new Int32Array(COUNTED_GROUPS);
  for (let index = 0; index < copy.length; index++) {
    const group = copy.groups[index];
    if (group >= COUNTED_GROUPS) continue;
    const bucket = copy.buckets[index];
    const ham = hamAt(model, bucket) - hamOut[bucket];
    const spam = spamAt(model, bucket) - spamOut[bucket];
    const hamFactor = factors.ham[group];
    const spamFactor = factors.spam[group];
    sums[group] = sums[group] + featureWeight(ham, spam, hamFactor, spamFactor);
    lengths[group] = lengths[group] + 1;
  }
  for (let group = 0; group < COUNTED_GROUPS; group++) {
    sums[group] = sums[group] / lengthDivisor(Math.max(1, lengths[group]));
  }
  return sums;
}
