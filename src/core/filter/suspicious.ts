/**
 * Labels that all the other labels speak against.
 *
 * Each sample is scored as if it had never been learnt, which naive Bayes does exactly by subtracting it. Where that
 * score is far on the other side of the label, the label is wrong, or the comment is one to learn from.
 */

import type { Sample } from '../comment.ts';
import { type Evidence, explainComment, leaveOneOutScore } from './classifier.ts';
import { emptyCorrections } from './corrections.ts';
import { learn, unlearn } from './counts.ts';
import { createModel, type Model } from './model.ts';

/** A sample whose label the others speak against. */
export interface Suspicion<S extends Sample> {
  readonly sample: S;
  /** ln(P(spam) / P(ham)) by all the other samples: below 0 for a suspicious spam label, above for ham. */
  readonly logOdds: number;
}

/** A search for suspicious labels in one pass; memory does not grow with the samples. */
export interface SuspicionSearch<S extends Sample> {
  /** Looks at one sample; it must be among those the model counts. */
  readonly look: (sample: S) => void;
  /**
   * The most suspicious labels seen, at most {@link MOST_SUSPICIOUS}, the most suspicious first, each with at most so
   * much that speaks against it; ties in the order they were seen.
   */
  readonly list: (mostEvidence: number) => {
    readonly items: (Suspicion<S> & { readonly evidence: Evidence[] })[];
    /** How many labels were looked at, and how many of them the others speak against. */
    readonly looked: number;
    readonly disagreeing: number;
  };
}

/** As many are kept. */
export const MOST_SUSPICIOUS = 200;

export function createSuspicionSearch<S extends Sample>(model: Model): SuspicionSearch<S> {
  let kept: Suspicion<S>[] = [];
  let looked = 0;
  let disagreeing = 0;
  const trim = (): void => {
    kept.sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
    kept = kept.slice(0, MOST_SUSPICIOUS);
  };
  return {
    look: (sample) => {
      looked++;
      const { logOdds } = leaveOneOutScore(model, sample);
      if (logOdds === 0 || logOdds > 0 === (sample.label === 'spam')) return;
      disagreeing++;
      kept.push({ sample, logOdds });
      // Trimmed when it is twice as long: sorting at every one costs most of the time.
      if (kept.length >= 2 * MOST_SUSPICIOUS + 100) trim();
    },
    list: (mostEvidence) => {
      trim();
      const items = kept.map((found) => ({
        ...found,
        evidence: explainSuspicion(model, found.sample, mostEvidence),
      }));
      return { items, looked, disagreeing };
    },
  };
}

/**
 * What speaks against the label of a sample, strongest first: the evidence of the model that never learnt it. The
 * sample must be among those the model counts, which are as before when this returns.
 */
export function explainSuspicion(model: Model, sample: Sample, most: number): Evidence[] {
  unlearn(model.counts, sample);
  try {
    const without = createModel({
      ...model,
      corrections: emptyCorrections(),
      calibration: { kind: 'none' },
    });
    const against = sample.label === 'spam' ? -1 : 1;
    return explainComment(without, sample)
      .evidence.filter(({ logOdds }) => logOdds * against > 0)
      .sort((a, b) => (b.logOdds - a.logOdds) * against)
      .slice(0, most);
  } finally {
    learn(model.counts, sample);
  }
}
