/** Scores of samples as if they, and their near-copies with them, had never been learnt. */
import type { CombinationPoint } from './combination.ts';
import { lengthDivisor } from './combination.ts';
import { COUNTED_GROUPS, GROUP_COUNT } from './feature-groups.ts';
import type { KeptSample } from './reservoir.ts';
import { type CountedModel, featureWeight, hamAt, massFactors, spamAt } from './weights.ts';

/**
 * What the groups of features say of each of some near-copies, all of them taken out of the counts. `learnt` 0: they
 * were never in.
 */
export function leftOutSums(
  model: CountedModel,
  copies: readonly KeptSample[],
  learnt: 0 | 1 = 1,
): CombinationPoint[] {
  const out = { ham: new Map<number, number>(), spam: new Map<number, number>() };
  const mass = { ham: new Float64Array(GROUP_COUNT), spam: new Float64Array(GROUP_COUNT) };
  for (const copy of learnt === 1 ? copies : []) {
    const key = copy.spam ? 'spam' : 'ham';
    for (let index = 0; index < copy.length; index++) {
      const group = copy.groups[index] as number;
      if (group >= COUNTED_GROUPS) continue;
      const bucket = copy.buckets[index] as number;
      out[key].set(bucket, (out[key].get(bucket) ?? 0) + 1);
      mass[key][group] = (mass[key][group] as number) + 1;
    }
  }
  const factors = massFactors(model, mass.ham, mass.spam);
  return copies.map((copy) => {
    const sums = new Float64Array(COUNTED_GROUPS);
    const lengths = new Int32Array(COUNTED_GROUPS);
    for (let index = 0; index < copy.length; index++) {
      const group = copy.groups[index] as number;
      if (group >= COUNTED_GROUPS) continue;
      const bucket = copy.buckets[index] as number;
      const ham = hamAt(model, bucket) - (out.ham.get(bucket) ?? 0);
      const spam = spamAt(model, bucket) - (out.spam.get(bucket) ?? 0);
      const hamFactor = factors.ham[group] as number;
      const spamFactor = factors.spam[group] as number;
      sums[group] = (sums[group] as number) + featureWeight(ham, spam, hamFactor, spamFactor);
      lengths[group] = (lengths[group] as number) + 1;
    }
    for (let group = 0; group < COUNTED_GROUPS; group++) {
      sums[group] = (sums[group] as number) / lengthDivisor(Math.max(1, lengths[group] as number));
    }
    return { sums, spam: copy.spam };
  });
}
