/**
 * How the shipped filter is made, from the rows that starter-rows.ts collects. Deterministic: the same rows give the same
 * bytes.
 *
 * Calibration and thresholds are for sites that the filter has not seen, so they are chosen on real sources that were left
 * out of a training as a whole: a cut chosen within a source blocks 8 % of another's ham.
 */
import type { Label, ThresholdPairs } from '../src/core/comment.ts';
import { type Calibration, calibrate, fitPlatt } from '../src/core/filter/calibration.ts';
import { scoreComment } from '../src/core/filter/classifier.ts';
import { createModel, type Model } from '../src/core/filter/model.ts';
import { beginTraining } from '../src/core/filter/training.ts';
import { groupNearDuplicates } from '../src/core/near-duplicates/near-duplicate.ts';
import type { StarterRow } from './starter-rows.ts';

const VERSION = 'starter-2';
/** Folds of sources; each real source is in one of them. */
const FOLDS = 4;
/** The share of spam that the shown probability assumes: newspapers have 1 to 20 %, half as training assumes no site has. */
const SPAM_SHARE = 0.2;
/**
 * Shares of the ham of left-out sources that may be held. A comment with something to sell by is one in four of a blog's and
 * one in forty of a newspaper's, and nearly all spam is one.
 */
const HELD_WITH_PAYLOAD = 0.36;
const HELD_WITHOUT_PAYLOAD = 0.06;
/** Log-odds above the most spam-like ham of all left-out sources from which a comment is marked as spam. */
const MARK_MARGIN = 0.5;

/** The score of a comment by a model that has not seen its source. */
export interface LeftOutScore {
  readonly logOdds: number;
  readonly label: Label;
  readonly hasPayload: boolean;
  readonly source: string;
}

/** Trains on all rows; calibrates and chooses the thresholds on real sources left out. */
export function trainStarter(rows: readonly StarterRow[]): Model {
  const model = trainOn(rows, VERSION);
  const leftOut = scoreLeftOutSources(rows);
  const calibration = calibrateForNewSites(leftOut);
  return createModel({ ...model, calibration, thresholds: chooseThresholds(leftOut, calibration) });
}

/** A model of some rows, with the thresholds that any training gives. */
export function trainOn(rows: readonly StarterRow[], version: string): Model {
  const groups = groupNearDuplicates(rows.map(({ sample }) => sample.content));
  const training = beginTraining({ version, starter: null, provenance: provenanceOf(rows) });
  rows.forEach(({ sample }, index) => {
    training.add(sample, { groupKey: String(groups[index]) });
  });
  const { model, report } = training.finish();
  if (report.refusal !== null) throw new Error(report.refusal.detail);
  return model;
}

function provenanceOf(rows: readonly StarterRow[]): Record<string, unknown> {
  const counts: Record<string, { ham: number; spam: number }> = {};
  for (const { source, sample } of rows) {
    counts[source] ??= { ham: 0, spam: 0 };
    counts[source][sample.label] += 1;
  }
  return { rows: rows.length, sources: counts, card: 'models/README.md', command: 'npm run train:starter' };
}

/** Real sources that both cut and calibration are chosen on: not what was written by one hand, and not chats or videos. */
export function scoreLeftOutSources(rows: readonly StarterRow[]): LeftOutScore[] {
  const real = rows.filter(({ part }) => part === 'blogs');
  const folds = foldSources(real);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const isOut = (row: StarterRow): boolean => row.part === 'blogs' && folds.get(row.source) === fold;
    const model = trainOn(
      rows.filter((row) => !isOut(row)),
      `${VERSION}-without-${fold}`,
    );
    return rows.filter(isOut).map(({ sample, source, hasAuthorUrl }) => {
      const score = scoreComment(model, sample);
      return {
        logOdds: score.logOdds,
        hasPayload: score.hasPayload || hasAuthorUrl,
        label: sample.label,
        source,
      };
    });
  }).flat();
}

/** Spreads the sources, the largest first, so that each fold has about as many rows. */
function foldSources(rows: readonly StarterRow[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { source } of rows) sizes.set(source, (sizes.get(source) ?? 0) + 1);
  const filled = new Array<number>(FOLDS).fill(0);
  const folds = new Map<string, number>();
  for (const [source, size] of [...sizes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))) {
    const fold = filled.indexOf(Math.min(...filled));
    folds.set(source, fold);
    filled[fold] = (filled[fold] ?? 0) + size;
  }
  return folds;
}

/** Platt's sigmoid, moved from the share of spam among the rows to {@link SPAM_SHARE}. */
function calibrateForNewSites(points: readonly LeftOutScore[]): Calibration {
  const calibration = fitPlatt(points);
  if (calibration.kind !== 'platt') throw new Error('the left-out sources have one class only');
  const spam = points.filter(({ label }) => label === 'spam').length;
  const logit = (share: number): number => Math.log(share / (1 - share));
  const moved = calibration.intercept + logit(SPAM_SHARE) - logit(spam / points.length);
  return { ...calibration, intercept: Number(moved.toFixed(6)) };
}

/** Without anything to sell by nothing is marked as spam: in a language without ham in the model all would look like it. */
function chooseThresholds(points: readonly LeftOutScore[], calibration: Calibration): ThresholdPairs {
  const ham = points.filter(({ label }) => label === 'ham');
  const cut = (payload: boolean, held: number): number => {
    const scores = ham.filter(({ hasPayload }) => hasPayload === payload).map(({ logOdds }) => logOdds);
    return scores.sort((a, b) => b - a)[Math.floor(scores.length * held)] ?? 0;
  };
  const round = (logOdds: number): number => Number(calibrate(calibration, logOdds).toFixed(4));
  const marked = Math.max(...ham.map(({ logOdds }) => logOdds)) + MARK_MARGIN;
  return {
    ham: round(cut(false, HELD_WITHOUT_PAYLOAD)),
    spam: 1,
    payload: { ham: round(cut(true, HELD_WITH_PAYLOAD)), spam: round(marked) },
  };
}
