/** Other thresholds for a trained filter. A version never changes, so they make a version of its own. */

import type { ThresholdPairs, Thresholds } from '../../core/comment.ts';
import { type ComparedComment, countOutcomes } from '../../core/evaluation/model-comparison.ts';
import { createModel, type Model } from '../../core/filter/model.ts';
import { serialiseModel } from '../../core/filter/model-format.ts';
import { measureAt } from '../../core/filter/training.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { insertReport } from '../../storage/learn/model-reports.ts';
import { findModel, type ModelRow } from '../../storage/learn/models.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { loadModel } from '../site/load-model.ts';
import { promiseOf } from '../site/promise.ts';
import type { SiteContext } from '../site/site-context.ts';
import { storeModel } from '../site/store-model.ts';
import { drawHeldBack } from './draw-samples.ts';
import { type ModelView, showModel } from './models.ts';
import { loadTrained, reportAnew, requireVersion } from './recompare.ts';
import { pointOf } from './report.ts';
import { scoreBoth, withScores } from './score-all.ts';

/** Thresholds are ten-thousandths, so that equal ones make one version. */
const STEPS = 10_000;

export interface WantedThresholds {
  /** Below it a comment is ham; 0 to 1. */
  readonly ham: number;
  /** From it on a comment is spam; not below `ham`. */
  readonly spam: number;
  /** The pair for comments with a link, an author's address or another way to be reached; left out: the same pair. */
  readonly payload?: Thresholds | undefined;
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
  const { row, site } = await requireVersion(service, siteId, version);
  const model = await loadModel(service, siteId, version);
  const trained = await loadTrained(service, siteId, version);
  const thresholds = {
    ...pairAtStep(wanted, trained.thresholds),
    payload: pairAtStep(wanted.payload ?? wanted, trained.thresholds.payload),
  };
  for (const { ham, spam } of [thresholds, thresholds.payload]) {
    if (ham > spam)
      throw new RefusedError('invalid_value', 'The threshold for ham lies above the one for spam.');
  }
  requirePromise(site, trained.thresholds.spam, thresholds.spam);
  requirePromise(site, trained.thresholds.payload.spam, thresholds.payload.spam);
  const name = [
    trained.version,
    nameOf(thresholds),
    ...(wanted.payload ? [nameOf(thresholds.payload)] : []),
  ].join('-');
  // A version never changes, and what it was found to do is told by its report.
  if (await findModel(service.db, siteId, name)) return await showModel(service, siteId, name);
  // Thresholds do not change a score.
  const { moved, report } = await withScores(
    service,
    siteId,
    [site.model.version, version],
    async (score, compare) => {
      const sent = await scoreBoth(score, await drawHeldBack(service, siteId, model.metrics.samples));
      const moved = createModel({
        ...model,
        version: name,
        thresholds,
        metrics: measureMoved(model, sent, thresholds),
        provenance: { ...model.provenance, thresholds_of: version },
      });
      const looked = { version, trained, judged: moved, sent };
      return { moved, report: await reportAnew(service, site, { score, compare }, looked) };
    },
  );
  await storeMoved(service, siteId, actorReference(actor), row, { moved, report });
  return await showModel(service, siteId, name);
}

/** The version, its report and the audit's line in one transaction. @param row the version whose thresholds were moved */
async function storeMoved(
  service: Service,
  siteId: string,
  createdBy: string,
  row: ModelRow,
  { moved, report }: { readonly moved: Model; readonly report: Awaited<ReturnType<typeof reportAnew>> },
): Promise<void> {
  const at = service.now();
  const { version: name, thresholds, metrics } = moved;
  const gate = report?.report.gate ?? row.report.gate;
  const state = row.state === 'refused' || report?.report.gate.passed === false ? 'refused' : 'candidate';
  await inTransaction(service.db, async (trx) => {
    const record = { siteId, state, report: { ...row.report, metrics, gate }, createdBy, at } as const;
    await storeModel(trx, moved, record, serialiseModel(moved));
    if (report) await insertReport(trx, { siteId, version: name, report: report.report, at }, report.flips);
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

function pairAtStep(wanted: Thresholds, trained: Thresholds): Thresholds {
  return { ham: atStep(wanted.ham, trained.ham), spam: atStep(wanted.spam, trained.spam) };
}

function nameOf({ ham, spam }: Thresholds): string {
  return `t${Math.round(ham * STEPS)}-${Math.round(spam * STEPS)}`;
}

/** The threshold of the training is finer than the steps: whoever asks for its step means it, and not just below it. */
function atStep(wanted: number, trained: number): number {
  const step = Math.round(wanted * STEPS);
  return step === Math.round(trained * STEPS) ? trained : step / STEPS;
}

function requirePromise({ settings }: SiteContext, lowest: number, spam: number): void {
  if (spam >= lowest) return;
  throw new RefusedError(
    'gate_unmet',
    `Below ${lowest} more than ${Number((promiseOf(settings).maxHamBlocked * 100).toFixed(2))} % of good comments may be marked spam: promise less (setting max_ham_blocked) and train again.`,
  );
}

/** Without both classes among the held-back comments, what the thresholds do is not known. */
function measureMoved(
  { metrics }: Model,
  sent: readonly ComparedComment[],
  thresholds: ThresholdPairs,
): Model['metrics'] {
  const { ham, spam } = countOutcomes(sent.map(pointOf('candidate')), thresholds);
  if (Math.min(ham, spam) === 0) return { ...metrics, hamBlocked: null, spamCaught: null };
  const answers = sent.map(({ label, candidate }) => ({ label, ...candidate }));
  return { ...metrics, ...measureAt('held-back', answers, thresholds) };
}
