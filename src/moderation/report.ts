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
import { HELD_BACK_ONE_IN, isHeldBack } from '../core/training.ts';
import type { Service } from '../service.ts';
import { readLabelCut } from '../storage/model-reports.ts';
import { readSamples, type StoredSample } from '../storage/samples.ts';
import { collectFlips, type Flip } from './flips.ts';
import { isProven, promiseOf } from './promise.ts';
import type { SiteContext } from './site-context.ts';

/** Trains a filter on some of the site's samples, as the candidate was trained. Null when they do not suffice. */
export type Rehearse = (samples: readonly StoredSample[]) => Promise<Model | null>;

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
  /** How many were learnt. */
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
/** Texts are kept in memory for the rehearsals, up to this many characters. */
const MOST_CHARACTERS = 32_000_000;
const LEAST_OF_A_CLASS = 10;
const NEWEST_SHARE = 0.2;

export async function reportOnCandidate(
  service: Service,
  site: SiteContext,
  candidate: Model,
  rehearse: Rehearse,
): Promise<{ report: CandidateReport; flips: Flip[] }> {
  const drawn = await drawSamples(service, site.id, candidate.metrics.samples);
  const held = await compare(site.model, candidate, drawn.heldBack);
  const byTime = await compareByTime(service, site, drawn, rehearse);
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
  const report: CandidateReport = {
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
      learning_curve: await drawLearningCurve(site.model, drawn, rehearse, candidate),
    },
  };
  return { report, flips };
}

/** Parts of the samples, small enough to keep: those that no filter of the site has learnt, and the others. */
interface Drawn {
  readonly heldBack: readonly StoredSample[];
  readonly learnt: readonly StoredSample[];
}

/** One pass; which samples are drawn depends on their text alone. */
async function drawSamples(service: Service, siteId: string, total: number): Promise<Drawn> {
  const isCompared = drawShare((MOST_COMPARED * HELD_BACK_ONE_IN) / Math.max(1, total));
  const isRehearsed = drawShare(MOST_REHEARSED / Math.max(1, total));
  const heldBack: StoredSample[] = [];
  const learnt: StoredSample[] = [];
  let characters = 0;
  for await (const page of readSamples(service.db, siteId)) {
    for (const sample of page) {
      const held = isHeldBack(sample.group);
      if (!(held ? isCompared : isRehearsed)(sample) || characters > MOST_CHARACTERS) continue;
      characters += sample.content.length;
      (held ? heldBack : learnt).push(sample);
    }
  }
  return { heldBack, learnt: learnt.sort((a, b) => chanceOf(a) - chanceOf(b)) };
}

/** In [0, 1), by the text. */
function chanceOf({ content, label }: StoredSample): number {
  return hashText(`draw ${label} ${content}`) / 2 ** 32;
}

function drawShare(share: number): (sample: StoredSample) => boolean {
  return (sample) => share >= 1 || chanceOf(sample) < share;
}

/** So many are scored in about 10 ms, twice each; then whoever waits for an answer has a turn. */
const AT_ONCE = 100;

async function compare(
  active: Model,
  candidate: Model,
  samples: readonly StoredSample[],
): Promise<ComparedComment[]> {
  const compared: ComparedComment[] = [];
  for (const [index, sample] of samples.entries()) {
    if (index % AT_ONCE === 0) await letOthersRun();
    compared.push({
      label: sample.label,
      active: scoreComment(active, sample),
      candidate: scoreComment(candidate, sample),
    });
  }
  return compared;
}

function letOthersRun(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
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
  { heldBack, learnt }: Drawn,
  rehearse: Rehearse,
): Promise<CandidateReport['by_time']> {
  const newest = await readLabelCut(service.db, site.id, NEWEST_SHARE);
  if (newest === null) return null;
  const trained = new Date(String(site.model.provenance.trained_at ?? 0));
  const since = Number.isNaN(trained.getTime()) || trained < newest ? newest : trained;
  const model = await rehearse(learnt.filter(({ labelledAt }) => labelledAt < since));
  if (model === null) return null;
  const tested = [...heldBack, ...learnt].filter(({ labelledAt }) => labelledAt >= since);
  const comparison = compareWhereBoth(await compare(site.model, model, tested));
  return comparison && { ...comparison, since: since.toISOString() };
}

async function drawLearningCurve(
  active: Model,
  { heldBack, learnt }: Drawn,
  rehearse: Rehearse,
  candidate: Model,
): Promise<LearningPoint[]> {
  const { mcc, auc, samples } = candidate.metrics;
  const points: LearningPoint[] = [];
  const sizes = CURVE_SHARES.map((share) => Math.min(MOST_CURVE, Math.round(share * learnt.length)));
  for (const size of new Set(sizes)) {
    const model = await rehearse(learnt.slice(0, size));
    const comparison = model && compareWhereBoth(await compare(active, model, heldBack));
    if (!comparison) continue;
    const { metrics } = comparison.candidate;
    points.push({ samples: size, mcc: metrics.mcc, auc: metrics.auc });
  }
  return [...points, { samples, mcc, auc }];
}
