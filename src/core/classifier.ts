/**
 * Scoring: naive Bayes on integer counts, explained.
 *
 * log-odds = prior + Σ evidence. Every term is rounded to a multiple of 2^-16, so the sum is exact in whatever order
 * it is taken, and the evidence sums to the score to the bit.
 */
import { calibrate } from './calibration.ts';
import { lengthDivisor } from './combination.ts';
import type { Sample, ScorableComment } from './comment.ts';
import { FEATURE_GROUPS, GROUP_COUNT } from './feature-groups.ts';
import { nameFeature } from './feature-names.ts';
import { extractFeatures, type FeatureList } from './features.ts';
import type { Model } from './model.ts';
import { type CountedModel, featureWeight, hamAt, massFactors, spamAt } from './weights.ts';

export { createCounts, type FeatureCounts, learn, unlearn } from './counts.ts';
export type { FeatureGroup } from './feature-groups.ts';

/** One feature and what it adds to the log-odds: above 0 it speaks for spam. */
export interface Evidence {
  /** For people to read, e.g. `word:viagra`, `url:example.com`, `shape:links=3`. */
  readonly feature: string;
  readonly group: string;
  readonly logOdds: number;
}

/** What the filter believes of a comment. */
export interface Score {
  /** ln(P(spam) / P(ham)) before calibration. */
  readonly logOdds: number;
  /** Calibrated, in (0, 1). */
  readonly spamProbability: number;
}

/** A score and everything it is made of: `prior` plus all evidence, summed in any order, is `logOdds` exactly. */
export interface Explanation extends Score {
  readonly prior: number;
  readonly evidence: readonly Evidence[];
}

/** Terms are multiples of this, so that sums of them are exact. */
const STEP = 2 ** -16;
const STEPS = 2 ** 16;
const groupLengths = new Int32Array(GROUP_COUNT);
const groupFactors = new Float64Array(GROUP_COUNT);

/** Scores a comment. Never fails; when no feature is known the log-odds are the prior. */
export function scoreComment(model: Model, comment: ScorableComment): Score {
  const features = extractFeatures(comment);
  const { weights } = model;
  const { groups, buckets, length } = features;
  prepareFactors(model, features);
  let total = priorSteps(model);
  for (let index = 0; index < length; index++) {
    const factor = groupFactors[groups[index] as number] as number;
    total += Math.round((weights[buckets[index] as number] as number) * factor);
  }
  return scoreOf(model, total);
}

/** Scores a comment and says why: the same bits as {@link scoreComment}. Features that say nothing are left out. */
export function explainComment(model: Model, comment: ScorableComment): Explanation {
  const features = extractFeatures(comment);
  const { weights } = model;
  prepareFactors(model, features);
  const prior = priorSteps(model);
  let total = prior;
  const evidence: Evidence[] = [];
  for (let index = 0; index < features.length; index++) {
    const group = features.groups[index] as number;
    const weight = weights[features.buckets[index] as number] as number;
    const steps = Math.round(weight * (groupFactors[group] as number));
    if (steps === 0) continue;
    total += steps;
    evidence.push({
      feature: nameFeature(features, index),
      group: FEATURE_GROUPS[group] ?? '',
      logOdds: steps * STEP,
    });
  }
  return { ...scoreOf(model, total), prior: prior * STEP, evidence };
}

/**
 * The score a sample would get from a model that never learnt it, exactly: its own counts are subtracted. Far from
 * its label, the label is suspicious. The sample must be among those the model counts; the combination and the
 * calibration stay as they are.
 */
export function leaveOneOutScore(model: Model, sample: Sample): Score {
  const features = extractFeatures(sample);
  const sums = leftOutWeights(model, features, sample.label === 'spam', 1);
  prepareFactors(model, features);
  let total = priorSteps(model);
  for (let index = 0; index < features.length; index++) {
    const factor = groupFactors[features.groups[index] as number] as number;
    total += Math.round(Math.fround(sums[index] as number) * factor);
  }
  return scoreOf(model, total);
}

/** The weight of each feature after `copies` samples with these features and this label are taken out. */
export function leftOutWeights(
  model: CountedModel,
  features: Pick<FeatureList, 'groups' | 'buckets' | 'length'>,
  spam: boolean,
  copies: number,
): Float64Array {
  const own = new Float64Array(GROUP_COUNT);
  for (let index = 0; index < features.length; index++) {
    const group = features.groups[index] as number;
    own[group] = (own[group] as number) + copies;
  }
  const factors = spam ? massFactors(model, undefined, own) : massFactors(model, own);
  const weights = new Float64Array(features.length);
  for (let index = 0; index < features.length; index++) {
    const bucket = features.buckets[index] as number;
    const group = features.groups[index] as number;
    const ham = hamAt(model, bucket) - (spam ? 0 : copies);
    const spams = spamAt(model, bucket) - (spam ? copies : 0);
    weights[index] = featureWeight(
      Math.max(0, ham),
      Math.max(0, spams),
      factors.ham[group] as number,
      factors.spam[group] as number,
    );
  }
  return weights;
}

/** For each group: scale over length divisor, in steps. */
function prepareFactors(model: Model, features: FeatureList): void {
  groupLengths.fill(0);
  for (let index = 0; index < features.length; index++) {
    const group = features.groups[index] as number;
    groupLengths[group] = (groupLengths[group] as number) + 1;
  }
  for (let group = 0; group < GROUP_COUNT; group++) {
    const scale = model.combination.scales[group] ?? 0;
    groupFactors[group] = (STEPS * scale) / lengthDivisor(Math.max(1, groupLengths[group] as number));
  }
}

function priorSteps(model: Model): number {
  return Math.round(model.combination.bias * STEPS);
}

function scoreOf(model: Model, steps: number): Score {
  const logOdds = steps * STEP;
  return { logOdds, spamProbability: calibrate(model.calibration, logOdds) };
}
