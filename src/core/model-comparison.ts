/** Two filters beside each other on the same comments, and whether the new one may replace the old one. */

import type { Label } from './comment.ts';
import {
  bootstrapIntervals,
  type Interval,
  type Metrics,
  mcnemarExact,
  measurePredictions,
} from './evaluation.ts';
import { seededRandom } from './seeded-random.ts';

/** A probability and the log-odds it comes from, by one of the two filters. */
export interface Scored {
  readonly logOdds: number;
  readonly spamProbability: number;
}

/** A labelled comment that neither filter has learnt. */
export interface ComparedComment {
  readonly label: Label;
  readonly active: Scored;
  readonly candidate: Scored;
}

export interface Figures {
  readonly metrics: Metrics;
  /** 95 %, by bootstrap. */
  readonly intervals: { readonly [name in keyof Metrics]: Interval | null };
}

export interface Comparison {
  readonly ham: number;
  readonly spam: number;
  readonly active: Figures;
  readonly candidate: Figures;
  /** On how many comments one of the two alone was right. */
  readonly only_active_right: number;
  readonly only_candidate_right: number;
  /** McNemar's exact two-sided p that the two are equally good. */
  readonly p: number;
}

/** From this spam probability on an answer counts as "spam", whatever the thresholds are: both answer one question. */
const ANSWER_FROM = 0.65;
const DRAWS = 200;
const SEED = 1;

/**
 * The figures of both filters with intervals, and McNemar's test on their answers.
 *
 * @example
 * const sure = { logOdds: 5, spamProbability: 0.99 };
 * compareModels([{ label: 'spam', active: sure, candidate: sure }]).p // 1
 */
export function compareModels(comments: readonly ComparedComment[]): Comparison {
  const spam = comments.filter(({ label }) => label === 'spam').length;
  let [onlyActive, onlyCandidate] = [0, 0];
  for (const { label, active, candidate } of comments) {
    const activeRight = isRight(label, active);
    if (activeRight === isRight(label, candidate)) continue;
    if (activeRight) onlyActive += 1;
    else onlyCandidate += 1;
  }
  return {
    ham: comments.length - spam,
    spam,
    active: measureFigures(comments.map(({ label, active }) => ({ label, ...active }))),
    candidate: measureFigures(comments.map(({ label, candidate }) => ({ label, ...candidate }))),
    only_active_right: onlyActive,
    only_candidate_right: onlyCandidate,
    p: mcnemarExact(onlyActive, onlyCandidate),
  };
}

function isRight(label: Label, { spamProbability }: Scored): boolean {
  return (label === 'spam') === spamProbability >= ANSWER_FROM;
}

function measureFigures(predictions: readonly (Scored & { readonly label: Label })[]): Figures {
  const answered = predictions.map((prediction) => ({ ...prediction, threshold: ANSWER_FROM }));
  return {
    metrics: measurePredictions(answered),
    intervals: bootstrapIntervals(answered, seededRandom(SEED), { draws: DRAWS }),
  };
}

/** Why a candidate may not replace the active filter, and what would have to change. */
export interface GateFinding {
  readonly code: 'worse' | 'unbound';
  readonly detail: string;
  readonly remedy: string;
}

export interface GateInput {
  readonly byCampaign: Comparison | null;
  readonly byTime: Comparison | null;
  /** Whether each filter keeps the site's promise on blocked ham. */
  readonly activeProven: boolean;
  readonly candidateProven: boolean;
}

/** Worse by chance alone in at most this share of trainings. */
const SIGNIFICANT = 0.05;
/** On this many comments a loss of a point of accuracy is refused, significant or not. */
const MANY = 500;
const POINT = 0.01;

/** What speaks against activating a candidate; empty when nothing does. */
export function judgeCandidate(input: GateInput): GateFinding[] {
  const findings: GateFinding[] = [];
  const sets = [
    ['held-back campaigns', input.byCampaign],
    ['the newest comments', input.byTime],
  ] as const;
  for (const [name, comparison] of sets) {
    if (comparison === null || !isWorse(comparison)) continue;
    const { active, candidate, p } = comparison;
    findings.push({
      code: 'worse',
      detail: `On ${name} it is right on ${percent(candidate.metrics.accuracy)} of ${comparison.ham + comparison.spam} comments, the active filter on ${percent(active.metrics.accuracy)} (p ${p.toFixed(3)}).`,
      remedy: 'Look at the suspicious labels and at what would flip, correct wrong labels, and train again.',
    });
  }
  if (input.activeProven && !input.candidateProven) {
    findings.push({
      code: 'unbound',
      detail:
        'The active filter keeps the promise on blocked good comments; this one has too few held-back ones to prove it.',
      remedy:
        'Label more good comments, or promise less (settings max_ham_blocked and confidence), and train again.',
    });
  }
  return findings;
}

function isWorse(comparison: Comparison): boolean {
  const { only_active_right: lost, only_candidate_right: won, p, ham, spam } = comparison;
  if (lost <= won) return false;
  return p < SIGNIFICANT || (ham + spam >= MANY && (lost - won) / (ham + spam) > POINT);
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}
