/**
 * Scoring: naive Bayes on integer counts, explained.
 *
 * log-odds = prior + Σ evidence. Every term is rounded to a multiple of 2^-16, so the sum is exact in whatever order
 * it is taken, and the evidence sums to the score to the bit.
 */

import type { Sample, ScorableComment } from '../comment.ts';
import { FEATURE_GROUPS } from '../features/feature-groups.ts';
import { nameFeature, standsInContent } from '../features/feature-names.ts';
import { extractFeatures } from '../features/features.ts';
import { calibrate } from './calibration.ts';
import { combine } from './combination.ts';
import { CORRECTION_STEPS } from './corrections.ts';
import { extractLearntFeatures } from './counts.ts';
import { type Place, placeOf } from './highlight.ts';
import { leftOutSums } from './leave-one-out.ts';
import type { Model } from './model.ts';
import { type BucketList, isTelling, selectTelling } from './strongest-features.ts';

/** One feature and what it adds to the log-odds: above 0 it speaks for spam. */
export interface Evidence {
  /** For people to read, e.g. `word:viagra`, `url:example.com`, `shape:links=3`. */
  readonly feature: string;
  readonly group: string;
  readonly logOdds: number;
  /** Where in the content, as it was sent, it stands first; null for what is measured and for the author. */
  readonly place: Place | null;
}

/** What the filter believes of a comment. */
export interface Score {
  /** ln(P(spam) / P(ham)) before calibration. */
  readonly logOdds: number;
  /** Calibrated, in (0, 1). */
  readonly spamProbability: number;
  /** Whether the comment has anything to sell by, which decides the pair of thresholds. */
  readonly hasPayload: boolean;
}

/** A score and everything it is made of: `prior` plus all evidence, summed in any order, is `logOdds` exactly. */
export interface Explanation extends Score {
  readonly prior: number;
  readonly evidence: readonly Evidence[];
}

/** What a score before calibration is made from. */
export type ScoringParts = Pick<Model, 'weights' | 'combination' | 'corrections'>;

/** Terms are multiples of this, so that sums of them are exact. */
const STEP = 2 ** -16;
const STEPS = 2 ** 16;

/** Scores a comment. Never fails; when no feature is known the log-odds are the prior. */
export function scoreComment(model: Model, comment: ScorableComment): Score {
  const features = extractFeatures(comment);
  return scoreOf(model, sumSteps(model, features), features.hasPayload);
}

/** Scores a comment with each of several models: the features, which take most of the time, are extracted once. */
export function scoreByAll(models: readonly Model[], comment: ScorableComment): Score[] {
  const features = extractFeatures(comment);
  return models.map((model) => scoreOf(model, sumSteps(model, features), features.hasPayload));
}

/** The log-odds of features that were extracted before: the same bits as {@link scoreComment}. */
export function scoreFeatures(model: ScoringParts, features: BucketList): number {
  return sumSteps(model, features) * STEP;
}

/** Scores a comment and says why: the same bits as {@link scoreComment}. Features that say nothing are left out. */
export function explainComment(model: Model, comment: ScorableComment): Explanation {
  const features = extractFeatures(comment);
  const { weights } = model;
  const { factors, selective } = selectTelling(features, weights, STEPS);
  const prior = priorSteps(model);
  let total = prior;
  const evidence: Evidence[] = [];
  for (let index = 0; index < features.length; index++) {
    const group = features.groups[index];
    const weight = weights[features.buckets[index]];
    if (selective && weight !== 0 && !isTelling(group, weight)) continue;
    const steps = Math.round(weight * factors[group]);
    if (steps === 0) continue;
    total += steps;
    evidence.push({
      feature: nameFeature(features, index),
      group: FEATURE_GROUPS[group] ?? '',
      logOdds: steps * STEP,
      place: standsInContent(features, index) ? placeOf(features, index, comment.content) : null,
    });
  }
  return { ...scoreOf(model, total, features.hasPayload), prior: prior * STEP, evidence };
}

/**
 * The score a sample gets from the counts without it, exactly: its own counts are subtracted. Far from its label, the
 * label is suspicious. The sample must be among those the model counts. Corrections and calibration, which also saw
 * the sample, are left aside: the log-odds are naive Bayes' alone.
 */
export function leaveOneOutScore(model: Model, sample: Sample): Score {
  const features = extractLearntFeatures(sample);
  const kept = { ...features, groupHash: 0, order: 0, spam: sample.label === 'spam' };
  const { hasPayload } = features;
  const [point] = leftOutSums(model, [kept]);
  const logOdds = combine(model.combination, point?.sums ?? []);
  return { logOdds, spamProbability: calibrate({ kind: 'none' }, logOdds), hasPayload };
}

function sumSteps(model: ScoringParts, features: BucketList): number {
  const { weights } = model;
  const { groups, buckets, length } = features;
  const { factors, selective } = selectTelling(features, weights, STEPS);
  let total = priorSteps(model);
  for (let index = 0; index < length; index++) {
    const group = groups[index];
    const weight = weights[buckets[index]];
    if (selective && weight !== 0 && !isTelling(group, weight)) continue;
    total += Math.round(weight * factors[group]);
  }
  return total;
}

function priorSteps(model: ScoringParts): number {
  return Math.round((model.combination.bias + model.corrections.bias / CORRECTION_STEPS) * STEPS);
}

function scoreOf(model: Model, steps: number, hasPayload: boolean): Score {
  const logOdds = steps * STEP;
  return { logOdds, spamProbability: calibrate(model.calibration, logOdds), hasPayload };
}
