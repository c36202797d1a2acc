/** Other thresholds for a trained filter. A version never changes, so they make a version of its own. */
import { createModel, type Model } from '../core/model.ts';
import {
  type ComparedComment,
  countOutcomes,
  type GateFinding,
  gateOf,
  judgeThresholds,
} from '../core/model-comparison.ts';
import { serialiseModel } from '../core/model-format.ts';
import { measureAt } from '../core/training.ts';
import type { Service } from '../service.ts';
import { appendAudit } from '../storage/audit.ts';
import { findReport, insertReport } from '../storage/model-reports.ts';
import { findModel, type ModelRow } from '../storage/models.ts';
import { inTransaction } from '../storage/transaction.ts';
import { type Actor, actorReference } from './actor.ts';
import { drawHeldBack } from './draw-samples.ts';
import { collectFlips } from './flips.ts';
import { loadModel } from './load-model.ts';
import { type ModelView, showModel } from './models.ts';
import { promiseOf } from './promise.ts';
import { RefusedError } from './refused-error.ts';
import { pointOf, readGate } from './report.ts';
import { type ScoreAll, scoreBoth, withScores } from './score-all.ts';
import { readSiteContext, type SiteContext } from './site-context.ts';
import { storeModel } from './store-model.ts';

/** Thresholds are ten-thousandths, so that equal ones make one version. */
const STEPS = 10_000;
const MOVED = /-t\d+-\d+$/;

export interface WantedThresholds {
  /** Below it a comment is ham; 0 to 1. */
  readonly ham: number;
  /** From it on a comment is spam; not below `ham`. */
  readonly spam: number;
}

/**
 * A copy of a version with other thresholds, as a candidate; refused when they publish more spam or block more ham
 * than they may. Its flips and figures are found anew, beside the filter that is active now, in a thread and from at
 * most 100,000 of the samples.
 *
 * @throws {RefusedError} `not_found`; `invalid_value` for thresholds that cross; `gate_unmet` when the threshold for
 *   spam lies below the one that keeps the promise on blocked good comments, which `max_ham_blocked` alone may move.
 */
export async function moveThresholds(
  service: Service,
  siteId: string,
  actor: Actor,
  version: string,
  wanted: WantedThresholds,
): Promise<ModelView> {
  const thresholds = { ham: round(wanted.ham), spam: round(wanted.spam) };
  if (thresholds.ham > thresholds.spam)
    throw new RefusedError('invalid_value', 'The threshold for ham lies above the one for spam.');
  const row = await findModel(service.db, siteId, version);
  const site = await readSiteContext(service, siteId);
  if (!row || !site) throw new RefusedError('not_found', `There is no model “${version}” of this site.`);
  const model = await loadModel(service, siteId, version);
  const trained = await loadModel(service, siteId, version.replace(MOVED, ''));
  requirePromise(site, trained, thresholds);
  const name = `${trained.version}-t${Math.round(thresholds.ham * STEPS)}-${Math.round(thresholds.spam * STEPS)}`;
  // A version never changes, and what it was found to do is told by its report.
  if (await findModel(service.db, siteId, name)) return await showModel(service, siteId, name);
  // Thresholds do not change a score.
  const { moved, report } = await withScores(
    service,
    siteId,
    [site.model.version, version],
    async (score) => {
      const sent = await scoreBoth(score, await drawHeldBack(service, siteId, model.metrics.samples));
      const moved = createModel({
        ...model,
        version: name,
        thresholds,
        metrics: measureMoved(model, sent, thresholds),
        provenance: { ...model.provenance, thresholds_of: version },
      });
      return { moved, report: await reportOnMoved(service, site, score, { version, trained, moved, sent }) };
    },
  );
  await storeMoved(service, siteId, actorReference(actor), row, moved, report);
  return await showModel(service, siteId, name);
}

/** The version, its report and the audit's line in one transaction. @param row the version whose thresholds were moved */
async function storeMoved(
  service: Service,
  siteId: string,
  createdBy: string,
  row: ModelRow,
  moved: Model,
  report: Awaited<ReturnType<typeof reportOnMoved>>,
): Promise<void> {
  const at = service.now();
  const { version: name, thresholds, metrics } = moved;
  const gate = report?.report.gate ?? row.report.gate;
  const state = row.state === 'refused' || report?.report.gate.passed === false ? 'refused' : 'candidate';
  await inTransaction(service.db, async (trx) => {
    const record = { siteId, state, report: { ...row.report, metrics, gate }, createdBy, at } as const;
    await storeModel(trx, moved, record, serialiseModel(moved));
    if (report) {
      const flips = report.flips.map((flip) => ({ ...flip, model_version: name, site_id: siteId }));
      await insertReport(trx, { version: name, report: report.report, at }, flips);
    }
    const detail = { of: row.version, ...thresholds };
    await appendAudit(trx, {
      siteId,
      actor: createdBy,
      action: 'model.thresholds',
      subject: name,
      detail,
      at,
    });
  });
}

function round(share: number): number {
  return Math.round(share * STEPS) / STEPS;
}

function requirePromise({ settings }: SiteContext, trained: Model, { spam }: WantedThresholds): void {
  const lowest = trained.thresholds.spam;
  if (spam >= lowest) return;
  throw new RefusedError(
    'gate_unmet',
    `Below ${lowest} more than ${promiseOf(settings).maxHamBlocked * 100} % of good comments may be marked spam: promise less (setting max_ham_blocked) and train again.`,
  );
}

/** Without both classes among the held-back comments, what the thresholds do is not known. */
function measureMoved(
  { metrics }: Model,
  sent: readonly ComparedComment[],
  thresholds: WantedThresholds,
): Model['metrics'] {
  const { ham, spam } = countOutcomes(sent.map(pointOf('candidate')), thresholds);
  if (Math.min(ham, spam) === 0) return { ...metrics, hamBlocked: null, spamCaught: null };
  const answers = sent.map(({ label, candidate }) => ({ label, ...candidate }));
  return { ...metrics, ...measureAt('held-back', answers, thresholds) };
}

interface Moved {
  /** The one whose thresholds were moved, and the one of the training. */
  readonly version: string;
  readonly trained: Model;
  readonly moved: Model;
  readonly sent: readonly ComparedComment[];
}

/** The report of the training, with what the thresholds change; null for a version without one. */
async function reportOnMoved(
  service: Service,
  site: SiteContext,
  score: ScoreAll,
  { version, trained, moved, sent }: Moved,
) {
  const report = await findReport(service.db, site.id, version);
  if (!report) return null;
  const points = sent.map(pointOf('candidate'));
  const outcomes = {
    active: countOutcomes(sent.map(pointOf('active')), site.model.thresholds),
    candidate: countOutcomes(points, moved.thresholds),
  };
  const found = judgeThresholds({
    moved: outcomes.candidate,
    trained: countOutcomes(points, trained.thresholds),
    active: outcomes.active,
    maxHamBlocked: promiseOf(site.settings).maxHamBlocked,
    publishesMore: moved.thresholds.ham > trained.thresholds.ham,
  });
  const { flips, found: counts } = await collectFlips(service, site, moved, score);
  // The model is the same: what its training found of it goes on, but not what other thresholds were found to do.
  const before = readGate(report);
  const ofTraining = (finding: GateFinding) => ['worse', 'unbound', 'not_measured'].includes(finding.code);
  const elsewhere = report.active !== site.model.version;
  const gate = gateOf(
    [
      ...before.findings.filter((finding) => ofTraining(finding) && finding.code !== 'not_measured'),
      ...found,
    ],
    [...before.warnings.filter(ofTraining), ...(elsewhere ? [notCompared(String(report.active), site)] : [])],
  );
  return {
    flips,
    report: {
      ...report,
      active: site.model.version,
      thresholds: moved.thresholds,
      ...(elsewhere ? { by_campaign: null, by_time: null } : {}),
      outcomes,
      gate,
      flips: counts,
    },
  };
}

function notCompared(active: string, { model }: SiteContext): GateFinding {
  return {
    code: 'not_compared',
    detail: `When it was trained it was held against “${active}”; “${model.version}” is active now. The flips and what the thresholds do are beside the latter.`,
    remedy: 'Train again for a comparison with the filter that is active.',
  };
}
