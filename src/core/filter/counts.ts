/**
 * Counts: all that the filter learns. Whole numbers, so that learning in any order gives the same counts and
 * unlearning gives back exactly what was there before.
 */
import type { Label, Sample, ScorableComment } from '../comment.ts';
import { COUNTED_BUCKETS, COUNTED_GROUPS, GROUP_COUNT } from '../features/feature-groups.ts';
import type { FeatureList } from '../features/feature-list.ts';
import { extractFeatures } from '../features/features.ts';

/** How many ham and spam samples had each feature. */
export interface FeatureCounts {
  /** Ham samples by bucket, {@link COUNTED_BUCKETS} long. */
  readonly ham: Uint32Array;
  /** Spam samples by bucket. */
  readonly spam: Uint32Array;
  /** Features of all ham samples together, by group: the class's mass. */
  readonly hamMass: Float64Array;
  readonly spamMass: Float64Array;
  hamSamples: number;
  spamSamples: number;
}

/** Counts of nothing. */
export function createCounts(): FeatureCounts {
  return {
    ham: new Uint32Array(COUNTED_BUCKETS),
    spam: new Uint32Array(COUNTED_BUCKETS),
    hamMass: new Float64Array(GROUP_COUNT),
    spamMass: new Float64Array(GROUP_COUNT),
    hamSamples: 0,
    spamSamples: 0,
  };
}

/** Features of one group that one sample may teach. */
const MOST_LEARNT = 256;

const groupSizes = new Int32Array(GROUP_COUNT);
const groupSeen = new Int32Array(GROUP_COUNT);

/**
 * The features of a sample that are learnt: of each group at most {@link MOST_LEARNT}, spread evenly over the text.
 * One comment with the words of a dictionary would otherwise teach that they all are spam
 * (docs/decisions/0005-padding.md). The list is reused: it holds until the next call of {@link extractFeatures}.
 */
export function extractLearntFeatures(comment: ScorableComment): FeatureList {
  const features = extractFeatures(comment);
  groupSizes.fill(0);
  groupSeen.fill(0);
  for (let index = 0; index < features.length; index++) {
    const group = features.groups[index];
    groupSizes[group] = groupSizes[group] + 1;
  }
  let kept = 0;
  for (let index = 0; index < features.length; index++) {
    const group = features.groups[index];
    const seen = groupSeen[group];
    groupSeen[group] = seen + 1;
    const size = groupSizes[group];
    if (size > MOST_LEARNT && (seen * MOST_LEARNT) % size >= MOST_LEARNT) continue;
    features.groups[kept] = group;
    features.buckets[kept] = features.buckets[index];
    kept += 1;
  }
  features.length = kept;
  return features;
}

/** Adds one sample. */
export function learn(counts: FeatureCounts, sample: Sample): void {
  learnFeatures(counts, extractLearntFeatures(sample), sample.label);
}

/**
 * Takes one sample out again. Throws RangeError, and leaves the counts as they were, when a count would fall below
 * zero: the sample was never learnt.
 */
export function unlearn(counts: FeatureCounts, sample: Sample): void {
  unlearnFeatures(counts, extractLearntFeatures(sample), sample.label);
}

/** {@link learn} for features already extracted. */
export function learnFeatures(counts: FeatureCounts, features: FeatureList, label: Label): void {
  const spam = label === 'spam';
  const table = spam ? counts.spam : counts.ham;
  const mass = spam ? counts.spamMass : counts.hamMass;
  for (let index = 0; index < features.length; index++) {
    const group = features.groups[index];
    if (group >= COUNTED_GROUPS) continue;
    const bucket = features.buckets[index];
    table[bucket] = table[bucket] + 1;
    mass[group] = mass[group] + 1;
  }
  if (spam) counts.spamSamples += 1;
  else counts.hamSamples += 1;
}

/** {@link unlearn} for features already extracted. */
export function unlearnFeatures(counts: FeatureCounts, features: FeatureList, label: Label): void {
  const spam = label === 'spam';
  const table = spam ? counts.spam : counts.ham;
  const mass = spam ? counts.spamMass : counts.hamMass;
  let known = (spam ? counts.spamSamples : counts.hamSamples) > 0;
  for (let index = 0; index < features.length && known; index++) {
    known = features.groups[index] >= COUNTED_GROUPS || table[features.buckets[index]] > 0;
  }
  if (!known) throw new RangeError(`cannot unlearn: this ${label} sample was never learnt`);
  for (let index = 0; index < features.length; index++) {
    const group = features.groups[index];
    if (group >= COUNTED_GROUPS) continue;
    const bucket = features.buckets[index];
    table[bucket] = table[bucket] - 1;
    mass[group] = mass[group] - 1;
  }
  if (spam) counts.spamSamples -= 1;
  else counts.hamSamples -= 1;
}
