/** What a candidate would change, found out before it is activated: on comments that no filter has learnt. */
import { scoreComment } from '../core/classifier.ts';
import type { Model } from '../core/model.ts';
import {
  type ComparedComment,
  type Comparison,
  compareModels,
  judgeCandidate,
} from '../core/model-comparison.ts';
import { calibrationTable, histogram, type PlottedPoint, sweepThresholds } from '../core/plots.ts';
import { hashText } from '../core/reservoir.ts';
import { isHeldBack } from '../core/training.ts';
import type { Service } from '../service.ts';
import { readLabelCut } from '../storage/model-reports.ts';
import { readSamples, type StoredSample } from '../storage/samples.ts';
import { collectFlips, type Flip } from './flips.ts';
import { isProven, promiseOf } from './promise.ts';
import type { SiteContext } from './site-context.ts';

/** Trains a filter on some of the site's samples, as the candidate was trained. Null when they do not suffice. */
export type Rehearse = (wanted: (sample: StoredSample) => boolean) => Promise<Model | null>;

export interface CandidateReport {
  readonly active: string;
  readonly thresholds: { readonly ham: number; readonly spam: number };
  readonly by_campaign: Comparison | null;
  readonly by_time: (Comparison & { readonly since: string }) | null;
  readonly gate: {
    readonly passed: boolean;
    readonly findings: ReturnType<typeof judgeCandidate>;
  };
  readonly flips: { readonly decided: number; readonly waiting: number };
  readonly plots: {
    readonly histogram: ReturnType<typeof histogram>;
    readonly thresholds: ReturnType<typeof sweepThresholds>;
    readonly calibration: ReturnType<typeof calibrationTable>;
    readonly learning_curve: readonly LearningPoint[];
  };
}

interface LearningPoint {
  /** Share of the samples that were learnt, and how many that is about. */
  readonly share: number;
  readonly samples: number;
  readonly mcc: number | null;
  readonly auc: number | null;
}

/** As many comments as give an interval of ±0.5 points; more cost time and tell no more. */
const MOST_COMPARED = 20_000;
/** A rehearsal learns at most this many: its fit takes a second. */
const MOST_REHEARSED = 20_000;
const MOST_CURVE = 5000;
const CURVE_SHARES = [0.125, 0.25, 0.5] as const;
const LEAST_OF_A_CLASS = 10;
const NEWEST_SHARE = 0.2;

export async function reportOnCandidate(
  service: Service,
  site: SiteContext,
  candidate: Model,
  rehearse: Rehearse,
): Promise<{ report: CandidateReport; flips: Flip[] }> {
  const total = candidate.metrics.samples;
  const held = await compare(service, site, total, ({ group }) => isHeldBack(group), candidate);
  const byTime = await compareByTime(service, site, total, rehearse);
  const byCampaign = compareWhereBoth(held);
  const promise = promiseOf(site.settings);
  const findings = judgeCandidate({
    byCampaign,
    byTime,
    activeProven: isProven(site.model.bound, promise),
    candidateProven: isProven(candidate.bound, promise),
  });
  const flips = await collectFlips(service, site, candidate);
  const points = held.map(
    ({ label, candidate: { spamProbability } }): PlottedPoint => ({ label, spamProbability }),
  );
  return {
    report: {
      active: site.model.version,
      thresholds: candidate.thresholds,
      by_campaign: byCampaign,
      by_time: byTime,
      gate: { passed: findings.length === 0, findings },
      flips: {
        decided: flips.filter(({ decided }) => decided).length,
        waiting: flips.filter(({ decided }) => !decided).length,
      },
      plots: {
        histogram: histogram(points),
        thresholds: sweepThresholds(points),
        calibration: calibrationTable(points),
        learning_curve: await drawLearningCurve(service, site, total, rehearse, candidate),
      },
    },
    flips,
  };
}

/** Scores the wanted samples (a fair part of them when there are too many) with both filters. */
async function compare(
  service: Service,
  site: SiteContext,
  total: number,
  wanted: (sample: StoredSample) => boolean,
  candidate: Model,
): Promise<ComparedComment[]> {
  const isDrawn = drawShare(MOST_COMPARED / Math.max(1, total));
  const compared: ComparedComment[] = [];
  for await (const page of readSamples(service.db, site.id)) {
    for (const sample of page) {
      if (!wanted(sample) || !isDrawn(sample)) continue;
      const [byActive, byCandidate] = [scoreComment(site.model, sample), scoreComment(candidate, sample)];
      compared.push({ label: sample.label, active: byActive, candidate: byCandidate });
    }
  }
  return compared;
}

/** The same samples each time, chosen by their text. */
function drawShare(share: number): (sample: StoredSample) => boolean {
  return ({ content, label }) => hashText(`draw ${label} ${content}`) / 2 ** 32 < share;
}

function compareWhereBoth(compared: readonly ComparedComment[]): Comparison | null {
  const spam = compared.filter(({ label }) => label === 'spam').length;
  return Math.min(spam, compared.length - spam) < LEAST_OF_A_CLASS ? null : compareModels(compared);
}

/**
 * A rehearsal: what a filter that was trained the same way would have said of the newest labels, which neither it nor
 * the active filter knew. Null when they are too few, or all of one time.
 */
async function compareByTime(
  service: Service,
  site: SiteContext,
  total: number,
  rehearse: Rehearse,
): Promise<CandidateReport['by_time']> {
  const newest = await readLabelCut(service.db, site.id, NEWEST_SHARE);
  if (newest === null) return null;
  const learnt = new Date(String(site.model.provenance.trained_at ?? 0));
  const since = Number.isNaN(learnt.getTime()) || learnt < newest ? newest : learnt;
  const isDrawn = drawShare(MOST_REHEARSED / Math.max(1, total));
  const model = await rehearse((sample) => sample.labelledAt < since && isDrawn(sample));
  if (model === null) return null;
  const compared = await compare(service, site, total, ({ labelledAt }) => labelledAt >= since, model);
  const comparison = compareWhereBoth(compared);
  return comparison && { ...comparison, since: since.toISOString() };
}

async function drawLearningCurve(
  service: Service,
  site: SiteContext,
  total: number,
  rehearse: Rehearse,
  candidate: Model,
): Promise<LearningPoint[]> {
  const { mcc, auc, samples } = candidate.metrics;
  const points: LearningPoint[] = [];
  for (const share of CURVE_SHARES) {
    if (total * share > MOST_CURVE) continue;
    const model = await rehearse(drawShare(share));
    if (model === null) continue;
    const compared = await compare(service, site, total, ({ group }) => isHeldBack(group), model);
    const { metrics } = compareModels(compared).candidate;
    points.push({ share, samples: Math.round(total * share), mcc: metrics.mcc, auc: metrics.auc });
  }
  return [...points, { share: 1, samples, mcc, auc }];
}
