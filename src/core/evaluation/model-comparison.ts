/** Two filters beside each other on the same comments, and whether the new one may replace the old one. */

import { type Label, type ThresholdPairs, verdictUnder } from '../comment.ts';
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
  /** Whether the comment is judged by the stricter pair of thresholds. */
  readonly hasPayload: boolean;
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
 * const sure = { logOdds: 5, spamProbability: 0.99, hasPayload: false };
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

type Answered = Scored & { readonly label: Label };

/** One filter's figures on comments that it has not learnt, its answers taken as {@link compareModels} takes them. */
export function measureAnswers(predictions: readonly Answered[]): Metrics {
  return measurePredictions(predictions.map(toAnswer));
}

function toAnswer(prediction: Answered) {
  return { ...prediction, threshold: ANSWER_FROM };
}

function measureFigures(predictions: readonly Answered[]): Figures {
  const answered = predictions.map(toAnswer);
  return {
    metrics: measurePredictions(answered),
    intervals: bootstrapIntervals(answered, seededRandom(SEED), { draws: DRAWS }),
  };
}

/** What a filter's thresholds do to labelled comments that it has not learnt, in comments. */
export interface Outcomes {
  readonly ham: number;
  readonly spam: number;
  /** Good comments with the verdict spam. */
  readonly ham_blocked: number;
  readonly spam_caught: number;
  /** Spam with the verdict ham: nobody looks at it before it is published. */
  readonly spam_published: number;
}

/**
 * @example
 * const pair = { ham: 0.2, spam: 0.9 };
 * const comment = { label: 'spam', spamProbability: 0.1, hasPayload: false } as const;
 * countOutcomes([comment], { ...pair, payload: pair }).spam_published // 1
 */
export function countOutcomes(
  comments: readonly (Pick<Scored, 'spamProbability' | 'hasPayload'> & { readonly label: Label })[],
  thresholds: ThresholdPairs,
): Outcomes {
  const counts = { ham: 0, spam: 0, ham_blocked: 0, spam_caught: 0, spam_published: 0 };
  for (const { label, ...answer } of comments) {
    counts[label] += 1;
    const verdict = verdictUnder(thresholds, answer);
    if (verdict === 'spam') counts[label === 'ham' ? 'ham_blocked' : 'spam_caught'] += 1;
    else if (verdict === 'ham' && label === 'spam') counts.spam_published += 1;
  }
  return counts;
}

export const GATE_CODES = [
  'worse',
  'unbound',
  'publishes_spam',
  'blocks_ham',
  'not_measured',
  'not_compared',
] as const;

/** What speaks against a candidate or could not be found out, and what would have to change. */
export interface GateFinding {
  readonly code: (typeof GATE_CODES)[number];
  readonly detail: string;
  readonly remedy: string;
}

/** The gate's word: passed when nothing was found. */
export interface Gate {
  readonly passed: boolean;
  readonly findings: readonly GateFinding[];
  /** What the gate could not look at, so that passing it says less. */
  readonly warnings: readonly GateFinding[];
}

export interface GateInput {
  readonly byCampaign: Comparison | null;
  readonly byTime: Comparison | null;
  /** Whether each filter keeps the site's promise on blocked ham. */
  readonly activeProven: boolean;
  readonly candidateProven: boolean;
}

/** Fewer held-back labels of a class say nothing. */
export const LEAST_COMPARED = 10;
/** Worse by chance alone in at most this share of trainings. */
const SIGNIFICANT = 0.05;
/** On this many comments a loss of a point of accuracy is refused, significant or not. */
const MANY = 500;
const POINT = 0.01;

/**
 * The gate. A filter that does not prove the promise may replace one that does not prove it either: under both nothing
 * is marked spam without a human, so that nothing is lost, and a new site could not begin otherwise.
 */
export function judgeCandidate(input: GateInput): Gate {
  const findings: GateFinding[] = [];
  const sets = [
    ['held-out campaigns', input.byCampaign],
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
        'The active filter keeps the promise on blocked good comments; this one has too few held-out ones to prove it.',
      remedy:
        'Decide on more good comments, or promise less (settings max_ham_blocked and confidence), and train again.',
    });
  }
  const measured = input.byCampaign !== null || input.byTime !== null;
  return gateOf(findings, measured ? [] : [notMeasured()]);
}

export function gateOf(findings: readonly GateFinding[], warnings: readonly GateFinding[]): Gate {
  return { passed: findings.length === 0, findings, warnings };
}

function notMeasured(): GateFinding {
  return {
    code: 'not_measured',
    detail: `Not measured: too few held-out samples. A comparison with the active filter needs ${LEAST_COMPARED} good comments and ${LEAST_COMPARED} spam that neither was trained on.`,
    remedy: 'Decide on more comments of both classes and train again, or run it as a shadow first.',
  };
}

export interface MovedInput {
  /** The same comments under the moved thresholds, those of the training, and by the active filter. */
  readonly moved: Outcomes;
  readonly trained: Outcomes;
  readonly active: Outcomes;
  readonly maxHamBlocked: number;
  /** Whether comments are published that the trained version would hold. */
  readonly publishesMore: boolean;
}

/** What speaks against moved thresholds. */
export function judgeThresholds(input: MovedInput): GateFinding[] {
  const { moved, trained, active, maxHamBlocked, publishesMore } = input;
  const findings: GateFinding[] = [];
  const before = Math.max(trained.spam_published, active.spam_published);
  const more = moved.spam_published - before;
  if (moved.spam < LEAST_COMPARED && publishesMore) findings.push(notMeasured());
  // Beyond chance, and enough to matter: of thousands of comments a handful is significant, too.
  else if (more > POINT * moved.spam && mcnemarExact(more, 0) < SIGNIFICANT) {
    findings.push({
      code: 'publishes_spam',
      detail: `It would publish ${moved.spam_published} of ${moved.spam} held-out spam comments, compared with ${before} now.`,
      remedy: 'Lower the threshold for ham.',
    });
  }
  if (moved.ham >= LEAST_COMPARED && moved.ham_blocked > maxHamBlocked * moved.ham) {
    findings.push({
      code: 'blocks_ham',
      detail: `It would mark ${moved.ham_blocked} of ${moved.ham} held-out good comments as spam: more than the promised ${percent(maxHamBlocked)}.`,
      remedy: 'Raise the threshold for spam, or promise less (setting max_ham_blocked) and train again.',
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
