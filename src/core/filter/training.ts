/**
 * Training: samples in, one at a time and in any order, a model and its measure out.
 *
 * All samples are counted except those held back for a promised bound. Combination, calibration and the weight of the
 * starter are fitted on scores that the samples get with their own near-copies taken out of the counts, which naive
 * Bayes can do exactly. Memory does not grow with the number of samples.
 */

import { type Sample, type ThresholdPairs, verdictUnder } from '../comment.ts';
import { measurePredictions } from '../evaluation/evaluation.ts';
import { steadyFigure } from '../evaluation/round-to-12-digits.ts';
import { extractFeatures } from '../features/features.ts';
import { type Calibration, type CalibrationPoint, calibrate, fitIsotonic, fitPlatt } from './calibration.ts';
import { scoreFeatures } from './classifier.ts';
import { type Combination, type CombinationPoint, combine, fitCombination } from './combination.ts';
import {
  beginCorrections,
  type CorrectionFit,
  type CorrectionPoint,
  type Corrections,
  correctionOf,
} from './corrections.ts';
import { createCounts, extractLearntFeatures, type FeatureCounts, learnFeatures } from './counts.ts';
import { leftOutSums } from './leave-one-out.ts';
import { createModel, type Model, type ModelBound, type ModelMetrics } from './model.ts';
import { chooseThreshold, type PromisedBound } from './neyman-pearson.ts';
import {
  createReservoir,
  hashText,
  isTaking,
  type KeptSample,
  keepSample,
  keptGroups,
  type Reservoir,
} from './reservoir.ts';
import { type CountedModel, deriveWeights } from './weights.ts';

/** What a training is begun with. */
export interface TrainingOptions {
  readonly version: string;
  /** The model whose counts stand under the new ones, with a weight chosen on the new samples; null: from nothing. */
  readonly starter: Model | null;
  /** Given: the starter has this weight instead of the best of seven, each of which costs a fit. */
  readonly starterWeight?: number | undefined;
  /** Given: one sample in five is held back, never learnt, and the threshold for spam keeps the promise. */
  readonly promisedBound?: PromisedBound | undefined;
  /** Goes into the model as it is. */
  readonly provenance: Readonly<Record<string, unknown>>;
}

/** Why a model should not be used. */
export interface TrainingRefusal {
  readonly code: 'one_class' | 'too_few' | 'out_of_balance';
  readonly detail: string;
}

/** What a training found. */
export interface TrainingReport {
  readonly samples: number;
  readonly ham: number;
  readonly spam: number;
  /** Samples held back, never learnt. */
  readonly heldBack: number;
  readonly starterWeight: number;
  readonly bound: ModelBound | null;
  readonly metrics: ModelMetrics;
  readonly refusal: TrainingRefusal | null;
}

/** A training in progress. */
export interface Training {
  /** Samples with one `groupKey` are near-copies: all learnt, or all held back. */
  add(sample: Sample, options: { readonly groupKey: string }): void;
  finish(): { readonly model: Model; readonly report: TrainingReport };
}

/** Under a promised bound one group of near-copies in this many is never learnt, only measured on. */
export const HELD_BACK_ONE_IN = 5;
const LEFT_OUT_SAMPLES = 8_192;
const HELD_BACK_SAMPLES = 16_384;
/** Fewer of a class cannot be told from chance. */
const LEAST_OF_A_CLASS = 5;
/** A class rarer than this is refused: the filter would learn "always the other". */
const LEAST_SHARE = 1 / 1_000;
/** A starter's sample counts as this many of the site's own; 0 is a filter of its own. */
const STARTER_WEIGHTS = [0, 0.02, 0.05, 0.1, 0.2, 0.5, 1] as const;
/** Held-back labels of each class from which on the calibration is fitted on them, and is isotonic. */
const LEAST_FOR_PLATT = 30;
const LEAST_FOR_ISOTONIC = 500;
/**
 * Where a model without a promised bound marks spam. At 0.5 it blocks 3.9 % of the ham of a video it never saw, at
 * 0.65 1.8 % and MCC is higher; above 0.7 MCC falls (docs/decisions/0006-threshold.md).
 */
const DEFAULT_THRESHOLDS: ThresholdPairs = pairUp(0.2, 0.65);
/** The promise may allow to mark spam what is more likely ham: this filter does not. */
const LOWEST_SPAM_THRESHOLD = 0.5;

/** A sample that was not learnt, or taken out of the counts, with its score. */
type MeasuredPoint = CalibrationPoint & { readonly hasPayload: boolean };

/**
 * A site's own model has one pair: what a link means there is in its labels. Only a filter for sites that it has not seen
 * needs the second one.
 */
function pairUp(ham: number, spam: number): ThresholdPairs {
  return { ham, spam, payload: { ham, spam } };
}

interface State {
  readonly options: TrainingOptions;
  readonly counts: FeatureCounts;
  readonly learnt: Reservoir;
  readonly heldBack: Reservoir;
  ham: number;
  spam: number;
  heldBackSamples: number;
}

/**
 * Begins a training. Deterministic: the same samples, in any order, give the same model to the bit.
 *
 * @example
 * const training = beginTraining({ version: 'v1', starter: null, provenance: {} });
 * training.add({ content: 'Buy now', label: 'spam' }, { groupKey: 'a' });
 * training.finish().report.refusal?.code // 'one_class'
 */
export function beginTraining(options: TrainingOptions): Training {
  const state: State = {
    options,
    counts: createCounts(),
    learnt: createReservoir(LEFT_OUT_SAMPLES),
    heldBack: createReservoir(HELD_BACK_SAMPLES),
    ham: 0,
    spam: 0,
    heldBackSamples: 0,
  };
  return {
    add: (sample, { groupKey }) => addSample(state, sample, groupKey),
    finish: () => finishTraining(state),
  };
}

/** Whether samples of this group are held back by every training under a promise: no filter of the site has learnt them. */
export function isHeldBack(groupKey: string): boolean {
  return isHeldBackHash(hashText(groupKey));
}

function isHeldBackHash(groupHash: number): boolean {
  return groupHash % HELD_BACK_ONE_IN === 0;
}

function addSample(state: State, sample: Sample, groupKey: string): void {
  const spam = sample.label === 'spam';
  const groupHash = hashText(groupKey);
  const order = (): number => hashText(`${sample.label} ${sample.authorName ?? ''} ${sample.content}`);
  if (spam) state.spam += 1;
  else state.ham += 1;
  if (state.options.promisedBound !== undefined && isHeldBackHash(groupHash)) {
    state.heldBackSamples += 1;
    if (isTaking(state.heldBack, groupHash))
      keepSample(state.heldBack, groupHash, order(), extractFeatures(sample), spam);
    return;
  }
  const features = extractLearntFeatures(sample);
  learnFeatures(state.counts, features, sample.label);
  if (isTaking(state.learnt, groupHash)) keepSample(state.learnt, groupHash, order(), features, spam);
}

interface Fit {
  readonly starterWeight: number;
  readonly combination: Combination;
  readonly points: readonly CorrectionPoint[];
  readonly loss: number;
}

/** Corrections are fitted on all groups but each fourth, and measured there, four times. */
const FOLDS = 4;

function finishTraining(state: State): { model: Model; report: TrainingReport } {
  const { options, counts } = state;
  const starter = options.starter?.counts ?? null;
  const fit = fitBest(state, starter);
  const fitting = beginCorrections(fit.points);
  const corrections = fitting.fit();
  const leftOut = scoreLeftOut(fitting, fit.points);
  const parts = {
    version: options.version,
    counts,
    starter: fit.starterWeight > 0 ? starter : null,
    starterWeight: fit.starterWeight,
    combination: fit.combination,
    corrections,
    provenance: options.provenance,
  };
  const heldBackPoints = scoreHeldBack(state, parts);
  const calibration = fitCalibration(heldBackPoints, leftOut);
  const { thresholds, bound } = chooseThresholds(heldBackPoints, calibration, options.promisedBound);
  const metrics = measure(state, heldBackPoints, leftOut, calibration, thresholds);
  const model = createModel({ ...parts, calibration, thresholds, bound, metrics });
  const report: TrainingReport = {
    samples: state.ham + state.spam,
    ham: state.ham,
    spam: state.spam,
    heldBack: state.heldBackSamples,
    starterWeight: fit.starterWeight,
    bound,
    metrics,
    refusal: refuse(state),
  };
  return { model, report };
}

/** By what was learnt: near-copies are held back together, and with them may go a whole class. */
function refuse({ ham, spam, counts, heldBackSamples }: State): TrainingRefusal | null {
  const { hamSamples, spamSamples } = counts;
  const fewer = Math.min(hamSamples, spamSamples);
  const heldBack =
    heldBackSamples === 0
      ? ''
      : `, ${hamSamples} and ${spamSamples} of them for training (groups of near-copies are held out together)`;
  const detail = `${ham} ham and ${spam} spam samples${heldBack}`;
  if (Math.min(ham, spam) === 0) return { code: 'one_class', detail: `${detail}: both classes are needed` };
  if (fewer < LEAST_OF_A_CLASS) {
    return { code: 'too_few', detail: `${detail}: at least ${LEAST_OF_A_CLASS} of each are needed` };
  }
  if (fewer < LEAST_SHARE * (hamSamples + spamSamples)) {
    return {
      code: 'out_of_balance',
      detail: `${detail}: one in ${1 / LEAST_SHARE} at least must be of each class`,
    };
  }
  return null;
}

/** Tries each weight of the starter and keeps the one with the smallest loss on the left-out scores. */
function fitBest(state: State, starter: FeatureCounts | null): Fit {
  const groups = keptGroups(state.learnt);
  let best: Fit | null = null;
  const { starterWeight: given } = state.options;
  const weights = given === undefined ? STARTER_WEIGHTS : [given];
  for (const starterWeight of starter === null ? [0] : weights) {
    const fit = fitOne(groups, state.counts, starter, starterWeight);
    if (best === null || fit.loss < best.loss) best = fit;
  }
  return best ?? fitOne(groups, state.counts, null, 0);
}

function fitOne(
  groups: readonly KeptSample[][],
  counts: FeatureCounts,
  starter: FeatureCounts | null,
  starterWeight: number,
): Fit {
  const points: CombinationPoint[] = [];
  const counted = { counts, starter: starterWeight > 0 ? starter : null, starterWeight };
  for (const group of groups) points.push(...leftOutSums(counted, group));
  const combination = fitCombination(points);
  const samples = groups.flat();
  let loss = 0;
  const scored = points.map((point, index): CorrectionPoint => {
    const logOdds = combine(combination, point.sums);
    loss += Math.log1p(Math.exp(point.spam ? -logOdds : logOdds));
    return { logOdds, sample: samples[index] as KeptSample };
  });
  return { starterWeight, combination, points: scored, loss };
}

/** Each sample's score with corrections that were fitted without it and its near-copies. */
function scoreLeftOut(fitting: CorrectionFit, points: readonly CorrectionPoint[]): MeasuredPoint[] {
  const scored: MeasuredPoint[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const inFold = ({ sample }: CorrectionPoint): boolean => sample.groupHash % FOLDS === fold;
    const corrections = fitting.fit((point) => !inFold(point));
    for (const point of points.filter(inFold)) {
      const logOdds = point.logOdds + correctionOf(corrections, point.sample);
      const { spam, hasPayload } = point.sample;
      scored.push({ logOdds, label: spam ? 'spam' : 'ham', hasPayload });
    }
  }
  return scored;
}

/** Held-back samples are scored as any comment will be: the promise is about that score and no other. */
function scoreHeldBack(
  state: State,
  parts: CountedModel & { combination: Combination; corrections: Corrections },
): MeasuredPoint[] {
  const samples = keptGroups(state.heldBack).flat();
  if (samples.length === 0) return [];
  const model = { ...parts, weights: deriveWeights(parts) };
  return samples.map((sample) => ({
    logOdds: scoreFeatures(model, sample),
    label: sample.spam ? 'spam' : 'ham',
    hasPayload: sample.hasPayload,
  }));
}

function fewerOf(points: readonly CalibrationPoint[]): number {
  const spam = points.reduce((sum, { label }) => sum + (label === 'spam' ? 1 : 0), 0);
  return Math.min(spam, points.length - spam);
}

/**
 * On held-back labels where there are enough. On left-out scores only the slope is fitted: their bias is fitted
 * already, and a second one, fitted to the same source, moved the decision point away from the next source's (MCC
 * between videos .899 with it, .916 without).
 */
function fitCalibration(
  heldBack: readonly CalibrationPoint[],
  leftOut: readonly CalibrationPoint[],
): Calibration {
  const fewest = fewerOf(heldBack);
  if (fewest >= LEAST_FOR_ISOTONIC) return fitIsotonic(heldBack);
  if (fewest >= LEAST_FOR_PLATT) return fitPlatt(heldBack);
  const calibration = fitPlatt(leftOut);
  return calibration.kind === 'platt' ? { ...calibration, intercept: 0 } : calibration;
}

function chooseThresholds(
  heldBack: readonly CalibrationPoint[],
  calibration: Calibration,
  promise: PromisedBound | undefined,
): { thresholds: ThresholdPairs; bound: ModelBound | null } {
  if (promise === undefined) return { thresholds: DEFAULT_THRESHOLDS, bound: null };
  const heldBackHamScores = heldBack
    .filter(({ label }) => label === 'ham')
    .map(({ logOdds }) => calibrate(calibration, logOdds));
  const { threshold, needed, missing } = chooseThreshold({ ...promise, heldBackHamScores });
  const spam = threshold === null ? 1 : Math.max(LOWEST_SPAM_THRESHOLD, Math.min(1, threshold));
  return {
    thresholds: pairUp(Math.min(DEFAULT_THRESHOLDS.ham, spam), spam),
    bound: {
      maxHamBlocked: promise.maxHamBlocked,
      confidence: promise.confidence,
      heldBackHam: heldBackHamScores.length,
      needed,
      missing,
    },
  };
}

function measure(
  state: State,
  heldBack: readonly MeasuredPoint[],
  leftOut: readonly MeasuredPoint[],
  calibration: Calibration,
  thresholds: ThresholdPairs,
): ModelMetrics {
  const measuredOn = fewerOf(heldBack) > 0 ? 'held-back' : 'left-out';
  const points = measuredOn === 'held-back' ? heldBack : leftOut;
  const predictions = points.map(({ logOdds, label, hasPayload }) => ({
    logOdds,
    label,
    hasPayload,
    spamProbability: calibrate(calibration, logOdds),
  }));
  const { ham, spam } = state;
  return { samples: ham + spam, ham, spam, ...measureAt(measuredOn, predictions, thresholds) };
}

/** The measured figures of a model on comments that it has not learnt, under some thresholds. */
export function measureAt(
  measuredOn: ModelMetrics['measuredOn'],
  predictions: readonly (MeasuredPoint & { readonly spamProbability: number })[],
  thresholds: ThresholdPairs,
): Omit<ModelMetrics, 'samples' | 'ham' | 'spam'> {
  const { accuracy, mcc, auc, brier, ece } = measurePredictions(predictions);
  const steady = (figure: number | null): number | null => (figure === null ? null : steadyFigure(figure));
  const marked = (label: string): number | null => {
    const all = predictions.filter((prediction) => prediction.label === label);
    const spam = all.filter((answer) => verdictUnder(thresholds, answer) === 'spam');
    return all.length === 0 ? null : steadyFigure(spam.length / all.length);
  };
  const measuredSpam = predictions.filter(({ label }) => label === 'spam').length;
  return {
    measuredHam: predictions.length - measuredSpam,
    measuredSpam,
    measuredOn,
    accuracy: steady(accuracy),
    mcc: steady(mcc),
    auc: steady(auc),
    hamBlocked: marked('ham'),
    spamCaught: marked('spam'),
    brier: steady(brier),
    ece: steady(ece),
  };
}
