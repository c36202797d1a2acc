/** The model: everything a score is made from, as one immutable value with a version. */

import type { ThresholdPairs } from '../comment.ts';
import type { Calibration } from './calibration.ts';
import type { Combination } from './combination.ts';
import type { Corrections } from './corrections.ts';
import type { FeatureCounts } from './counts.ts';
import { deriveWeights } from './weights.ts';

/** The version of the bytes; a model of another one is refused. */
export const MODEL_FORMAT_VERSION = 2;

/** How good a model is on samples it was not trained on; shares in [0, 1], `null` where it cannot be said. */
export interface ModelMetrics {
  readonly samples: number;
  readonly ham: number;
  readonly spam: number;
  /** How many samples the figures below are from. */
  readonly measuredHam: number;
  readonly measuredSpam: number;
  /** `held-back`: never learnt. `left-out`: each with its near-copies taken out of the counts by subtraction. */
  readonly measuredOn: 'held-back' | 'left-out';
  readonly accuracy: number | null;
  readonly mcc: number | null;
  readonly auc: number | null;
  /** Share of ham with the verdict spam, and of spam with it, at the model's own thresholds. */
  readonly hamBlocked: number | null;
  readonly spamCaught: number | null;
  readonly brier: number | null;
  readonly ece: number | null;
}

/** The promise a model was made under. */
export interface ModelBound {
  readonly maxHamBlocked: number;
  readonly confidence: number;
  /** Held-back ham the threshold was chosen on, and how much the promise takes. */
  readonly heldBackHam: number;
  readonly needed: number;
  /** More than 0: too little for the promise, so nothing has the verdict spam. */
  readonly missing: number;
}

/** A model without what is derived from it. */
export interface ModelParts {
  readonly version: string;
  readonly counts: FeatureCounts;
  readonly starter: FeatureCounts | null;
  /** How much each of the starter's samples counts beside one of the site's own, ≥ 0. */
  readonly starterWeight: number;
  readonly combination: Combination;
  readonly corrections: Corrections;
  readonly calibration: Calibration;
  readonly thresholds: ThresholdPairs;
  readonly bound: ModelBound | null;
  readonly metrics: ModelMetrics;
  readonly provenance: Readonly<Record<string, unknown>>;
}

/** What is known of a model without its counts. */
export type ModelFacts = Pick<ModelParts, 'version' | 'thresholds' | 'bound' | 'metrics' | 'provenance'>;

/** A filter ready to score. */
export interface Model extends ModelParts {
  readonly formatVersion: number;
  /** Each bucket's weight, derived from counts, combination and corrections. */
  readonly weights: Float32Array;
}

/** Derives the weights; the counts must not change afterwards. */
export function createModel(parts: ModelParts): Model {
  return { ...parts, formatVersion: MODEL_FORMAT_VERSION, weights: deriveWeights(parts) };
}
