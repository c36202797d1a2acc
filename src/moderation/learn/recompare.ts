/** The report on a version that is there already, beside the filter that is active now. */

import {
  type ComparedComment,
  countOutcomes,
  type Gate,
  type GateFinding,
  type GateInput,
  gateOf,
  judgeCandidate,
  judgeThresholds,
} from '../../core/evaluation/model-comparison.ts';
import type { Model } from '../../core/filter/model.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { findReport, replaceReport } from '../../storage/learn/model-reports.ts';
import { findModel, type ModelRow, setModelGate } from '../../storage/learn/models.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { loadModel } from '../site/load-model.ts';
import { isProven, promiseOf } from '../site/promise.ts';
import { readSiteContext, type SiteContext } from '../site/site-context.ts';
import { collectFlips } from './changed-verdicts.ts';
import { drawHeldBack } from './draw-samples.ts';
import { haveBoth, pointOf, readGate } from './report.ts';
import { type Compare, type ScoreAll, scoreBoth, withScores } from './score-all.ts';

/** How the name of a version ends whose thresholds were moved: it begins with the one of the training. */
const MOVED = /(?:-t\d+-\d+){1,2}$/;

/**
 * Holds a version against the filter that is active now, and puts that in the place of its report: the one it was held
 * against when it was trained is not what it would replace. The filter itself does not change.
 *
 * @returns the report.
 * @throws {RefusedError} `not_found` for a version without a report; `conflict` for the active one.
 */
export async function compareAnew(
  service: Service,
  siteId: string,
  actor: Actor,
  version: string,
): Promise<Record<string, unknown>> {
  const { site } = await requireVersion(service, siteId, version);
  if (version === site.model.version) throw new RefusedError('conflict', 'It is the active filter itself.');
  const judged = await loadModel(service, siteId, version);
  const trained = await loadTrained(service, siteId, version);
  const found = await withScores(service, siteId, [site.model.version, version], async (score, compare) => {
    const sent = await scoreBoth(score, await drawHeldBack(service, siteId, judged.metrics.samples));
    return await reportAnew(service, site, { score, compare }, { version, trained, judged, sent });
  });
  if (!found) throw new RefusedError('not_found', `There is no report on a model “${version}”.`);
  const { report, flips } = found;
  const at = service.now();
  await inTransaction(service.db, async (trx) => {
    await replaceReport(trx, { siteId, version, report, at }, flips);
    await setModelGate(trx, version, report.gate);
    const detail = { active: site.model.version, gate: report.gate.passed ? 'met' : 'unmet' };
    const action = 'model.compare';
    await appendAudit(trx, { siteId, actor: actorReference(actor), action, subject: version, detail, at });
  });
  return report;
}

/** A version that is there, and its site. @throws {RefusedError} `not_found`. */
export async function requireVersion(
  service: Service,
  siteId: string,
  version: string,
): Promise<{ row: ModelRow; site: SiteContext }> {
  const [row, site] = await Promise.all([
    findModel(service.db, siteId, version),
    readSiteContext(service, siteId),
  ]);
  if (!row || !site) throw new RefusedError('not_found', `There is no model “${version}” of this site.`);
  return { row, site };
}

/** The filter as it was trained, of a version whose thresholds may have been moved. */
export async function loadTrained(service: Service, siteId: string, version: string): Promise<Model> {
  return await loadModel(service, siteId, version.replace(MOVED, ''));
}

export interface Looked {
  /** Whose report it starts from. */
  readonly version: string;
  /** The filter as it was trained, and the one that is looked at: other thresholds, or the same. */
  readonly trained: Model;
  readonly judged: Model;
  /** The held-back comments by the active filter and by the judged one. */
  readonly sent: readonly ComparedComment[];
}

/** The report of the training, with what the thresholds and another active filter change; null without one. */
export async function reportAnew(
  service: Service,
  site: SiteContext,
  { score, compare }: { readonly score: ScoreAll; readonly compare: Compare },
  { version, trained, judged, sent }: Looked,
) {
  const report = await findReport(service.db, site.id, version);
  if (!report) return null;
  const elsewhere = report.active !== site.model.version;
  const byCampaign = elsewhere && haveBoth(sent) ? await compare(sent) : null;
  const outcomes = {
    active: countOutcomes(sent.map(pointOf('active')), site.model.thresholds),
    candidate: countOutcomes(sent.map(pointOf('candidate')), judged.thresholds),
  };
  const moved =
    judged.version === trained.version
      ? []
      : judgeThresholds({
          moved: outcomes.candidate,
          trained: countOutcomes(sent.map(pointOf('candidate')), trained.thresholds),
          active: outcomes.active,
          maxHamBlocked: promiseOf(site.settings).maxHamBlocked,
          publishesMore: judged.thresholds.ham > trained.thresholds.ham,
        });
  const before = elsewhere
    ? judgeAnew(site, trained, byCampaign, String(report.active))
    : findingsOfTraining(report);
  const { flips, found } = await collectFlips(service, site, judged, score);
  return {
    flips,
    report: {
      ...report,
      active: site.model.version,
      thresholds: judged.thresholds,
      ...(elsewhere ? { by_campaign: byCampaign, by_time: null } : {}),
      outcomes,
      gate: gateOf([...before.findings, ...moved], before.warnings),
      flips: found,
    },
  };
}

/** The model is the same: what its training found of it goes on, but not what other thresholds were found to do. */
function findingsOfTraining(report: Readonly<Record<string, unknown>>): Pick<Gate, 'findings' | 'warnings'> {
  const { findings, warnings } = readGate(report);
  return {
    findings: findings.filter(({ code }) => code === 'worse' || code === 'unbound'),
    warnings: warnings.filter(({ code }) => ['worse', 'unbound', 'not_measured'].includes(code)),
  };
}

function judgeAnew(
  site: SiteContext,
  trained: Model,
  byCampaign: GateInput['byCampaign'],
  before: string,
): Pick<Gate, 'findings' | 'warnings'> {
  const promise = promiseOf(site.settings);
  const { findings, warnings } = judgeCandidate({
    byCampaign,
    byTime: null,
    activeProven: isProven(site.model.bound, promise),
    candidateProven: isProven(trained.bound, promise),
  });
  return { findings, warnings: [...warnings, notRehearsed(before, site)] };
}

function notRehearsed(before: string, { model }: SiteContext): GateFinding {
  return {
    code: 'not_compared',
    detail: `On the newest samples it was compared with “${before}”, but “${model.version}” is active now. The report compares with the latter, without the newest samples.`,
    remedy: 'Train again to compare on the newest samples as well.',
  };
}
