/** What a candidate would change, found out before it is activated: on comments that no filter has learnt. */
import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import type { Metrics } from '../../core/evaluation/evaluation.ts';
import {
  type ComparedComment,
  type Comparison,
  countOutcomes,
  GATE_CODES,
  type Gate,
  judgeCandidate,
  LEAST_COMPARED,
  type Outcomes,
} from '../../core/evaluation/model-comparison.ts';
import {
  calibrationTable,
  histogram,
  type PlottedPoint,
  sweepThresholds,
} from '../../core/evaluation/plots.ts';
import type { ModelFacts } from '../../core/filter/model.ts';
import type { Service } from '../../service.ts';
import { readLabelCut } from '../../storage/learn/model-reports.ts';
import type { StoredSample } from '../../storage/learn/samples.ts';
import { isProven, promiseOf } from '../site/promise.ts';
import type { SiteContext } from '../site/site-context.ts';
import { collectFlips, type Flip, type FoundFlips } from './changed-verdicts.ts';
import type { Drawn } from './draw-samples.ts';
import { type ScoreAll, scoreBoth } from './score-all.ts';

/** What takes the processor for seconds: done beside the thread that answers requests. */
export interface Rehearsals {
  /** Told after each of the {@link REPORT_STEPS}; what it throws ends the report. */
  readonly reached: (step: number) => Promise<void>;
  /**
   * Trains a filter on some of the site's samples, as the candidate was trained, and gives it a name. Null when they do
   * not suffice.
   */
  readonly train: (samples: readonly StoredSample[]) => Promise<string | null>;
  /** Scores by the filters of these names. */
  readonly scoreBy: (...names: string[]) => ScoreAll;
  /** The figures of the filters of these names. */
  readonly measure: (
    names: readonly string[],
    samples: readonly StoredSample[],
  ) => Promise<readonly Metrics[]>;
  readonly compare: (comments: readonly ComparedComment[]) => Promise<Comparison>;
}

export const REPORT_STEPS = 5;
/** What the two filters are called among the {@link Rehearsals}. */
export const ACTIVE = 'active';
export const CANDIDATE = 'candidate';

export interface CandidateReport {
  readonly active: string;
  readonly thresholds: { readonly ham: number; readonly spam: number };
  readonly by_campaign: Comparison | null;
  readonly by_time: (Comparison & { readonly since: string }) | null;
  /** What the thresholds of both do to the held-back comments. */
  readonly outcomes: { readonly active: Outcomes; readonly candidate: Outcomes };
  readonly gate: Gate;
  /** How many there are; of each the largest 1,000 are kept. */
  readonly flips: FoundFlips['found'];
  readonly plots: {
    readonly histogram: ReturnType<typeof histogram>;
    readonly thresholds: ReturnType<typeof sweepThresholds>;
    readonly calibration: ReturnType<typeof calibrationTable>;
    readonly learning_curve: readonly LearningPoint[];
  };
}

interface LearningPoint {
  /** How many were learnt. */
  readonly samples: number;
  readonly mcc: number | null;
  readonly auc: number | null;
}

const MOST_CURVE = 5000;
const CURVE_SHARES = [0.125, 0.25, 0.5] as const;
const NEWEST_SHARE = 0.2;

export async function reportOnCandidate(
  service: Service,
  site: SiteContext,
  candidate: ModelFacts,
  drawn: Drawn,
  rehearsals: Rehearsals,
): Promise<{ report: CandidateReport; flips: readonly Flip[] }> {
  await rehearsals.reached(0);
  const scoreByBoth = rehearsals.scoreBy(ACTIVE, CANDIDATE);
  const held = await scoreBoth(scoreByBoth, drawn.heldBack);
  await rehearsals.reached(1);
  const byTime = await compareByTime(service, site, drawn, rehearsals);
  await rehearsals.reached(2);
  const byCampaign = haveBoth(held) ? await rehearsals.compare(held) : null;
  await rehearsals.reached(3);
  const promise = promiseOf(site.settings);
  const gate = judgeCandidate({
    byCampaign,
    byTime,
    activeProven: isProven(site.model.bound, promise),
    candidateProven: isProven(candidate.bound, promise),
  });
  const { flips, found } = await collectFlips(service, site, candidate, scoreByBoth);
  await rehearsals.reached(4);
  const points = held.map(pointOf('candidate'));
  const report: CandidateReport = {
    active: site.model.version,
    thresholds: candidate.thresholds,
    by_campaign: byCampaign,
    by_time: byTime,
    outcomes: {
      active: countOutcomes(held.map(pointOf('active')), site.model.thresholds),
      candidate: countOutcomes(points, candidate.thresholds),
    },
    gate,
    flips: found,
    plots: await plot(points, await drawLearningCurve(drawn, rehearsals, candidate)),
  };
  return { report, flips };
}

/** Each table takes some 15 ms for 20,000 comments: whoever asks meanwhile is answered in between. */
async function plot(
  points: readonly PlottedPoint[],
  curve: readonly LearningPoint[],
): Promise<CandidateReport['plots']> {
  await breathe();
  const rows = histogram(points);
  await breathe();
  const thresholds = sweepThresholds(points);
  await breathe();
  return { histogram: rows, thresholds, calibration: calibrationTable(points), learning_curve: curve };
}

/** What one of the two says of a compared comment. */
export function pointOf(
  which: 'active' | 'candidate',
): (comment: ComparedComment) => PlottedPoint & { readonly hasPayload: boolean } {
  return ({ label, [which]: { spamProbability, hasPayload } }) => ({ label, spamProbability, hasPayload });
}

/** Whether there are enough of each class to say anything. */
export function haveBoth(labelled: readonly Pick<StoredSample, 'label'>[]): boolean {
  const spam = labelled.filter(({ label }) => label === 'spam').length;
  return Math.min(spam, labelled.length - spam) >= LEAST_COMPARED;
}

/**
 * A rehearsal: what a filter that was trained the same way would have said of the newest labels, which neither it nor
 * the active filter knew. Null when they are too few, or all of one time.
 */
async function compareByTime(
  service: Service,
  site: SiteContext,
  { heldBack, learnt }: Drawn,
  rehearsals: Rehearsals,
): Promise<CandidateReport['by_time']> {
  const newest = await readLabelCut(service.db, site.id, NEWEST_SHARE);
  if (newest === null) return null;
  const trained = new Date(String(site.model.provenance.trained_at ?? 0));
  const since = Number.isNaN(trained.getTime()) || trained < newest ? newest : trained;
  const rehearsed = await rehearsals.train(learnt.filter(({ labelledAt }) => labelledAt < since));
  if (rehearsed === null) return null;
  const tested = [...heldBack, ...learnt].filter(({ labelledAt }) => labelledAt >= since);
  if (!haveBoth(tested)) return null;
  const comparison = await rehearsals.compare(await scoreBoth(rehearsals.scoreBy(ACTIVE, rehearsed), tested));
  return { ...comparison, since: since.toISOString() };
}

async function drawLearningCurve(
  { heldBack, learnt }: Drawn,
  rehearsals: Rehearsals,
  candidate: ModelFacts,
): Promise<LearningPoint[]> {
  const { mcc, auc, samples } = candidate.metrics;
  const sizes = CURVE_SHARES.map((share) => Math.min(MOST_CURVE, Math.round(share * learnt.length)));
  const rehearsed: { readonly samples: number; readonly name: string }[] = [];
  for (const size of haveBoth(heldBack) ? new Set(sizes) : []) {
    const name = await rehearsals.train(learnt.slice(0, size));
    if (name !== null) rehearsed.push({ samples: size, name });
  }
  const names = rehearsed.map(({ name }) => name);
  const measured = names.length === 0 ? [] : await rehearsals.measure(names, heldBack);
  const points = rehearsed.map(({ samples: size }, which): LearningPoint => {
    const figures = measured[which];
    return { samples: size, mcc: figures?.mcc ?? null, auc: figures?.auc ?? null };
  });
  return [...points, { samples, mcc, auc }];
}

const finding = z.object({ code: z.enum(GATE_CODES), detail: z.string(), remedy: z.string() });
const storedGate = z.object({
  gate: z.object({ findings: z.array(finding), warnings: z.array(finding).default([]) }),
});

/** The gate's word in a stored report; one of before there were warnings has none. */
export function readGate(report: Readonly<Record<string, unknown>>): Pick<Gate, 'findings' | 'warnings'> {
  return storedGate.parse(report).gate;
}
