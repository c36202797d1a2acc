/** Other thresholds for a trained filter. A version never changes, so they make a version of its own. */
import { createHash } from 'node:crypto';
import { createModel } from '../core/model.ts';
import { serialiseModel } from '../core/model-format.ts';
import type { Service } from '../service.ts';
import { appendAudit } from '../storage/audit.ts';
import { findReport, insertReport } from '../storage/model-reports.ts';
import { findModel, insertModel } from '../storage/models.ts';
import { inTransaction } from '../storage/transaction.ts';
import { type Actor, actorReference } from './actor.ts';
import { loadModel } from './load-model.ts';
import { type ModelView, showModel } from './models.ts';
import { promiseOf } from './promise.ts';
import { RefusedError } from './refused-error.ts';
import { readSiteContext } from './site-context.ts';

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
 * A copy of a version with other thresholds, as a candidate.
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
  const [ham, spam] = [round(wanted.ham), round(wanted.spam)];
  if (ham > spam)
    throw new RefusedError('invalid_value', 'The threshold for ham lies above the one for spam.');
  const row = await findModel(service.db, siteId, version);
  const site = await readSiteContext(service, siteId);
  if (!row || !site) throw new RefusedError('not_found', `There is no model “${version}” of this site.`);
  const model = await loadModel(service, siteId, version);
  const trained = version.replace(MOVED, '');
  const lowest = (await loadModel(service, siteId, trained)).thresholds.spam;
  const { maxHamBlocked } = promiseOf(site.settings);
  if (spam < lowest) {
    throw new RefusedError(
      'gate_unmet',
      `Below ${lowest} more than ${maxHamBlocked * 100} % of good comments may be marked spam: promise less (setting max_ham_blocked) and train again.`,
    );
  }
  const at = service.now();
  const moved = createModel({
    ...model,
    version: `${trained}-t${Math.round(ham * STEPS)}-${Math.round(spam * STEPS)}`,
    thresholds: { ham, spam },
    provenance: { ...model.provenance, thresholds_of: version },
  });
  const bytes = serialiseModel(moved);
  const report = await findReport(service.db, siteId, version);
  await inTransaction(service.db, async (trx) => {
    await insertModel(trx, {
      version: moved.version,
      site_id: siteId,
      state: row.state === 'refused' ? 'refused' : 'candidate',
      bytes,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      size_bytes: bytes.length,
      metrics: JSON.stringify(moved.metrics),
      report: JSON.stringify(row.report),
      provenance: JSON.stringify(moved.provenance),
      created_by: actorReference(actor),
      created_at: at,
    });
    if (report) {
      const copied = { ...report, thresholds: { ham, spam } };
      await insertReport(trx, { version: moved.version, report: copied, at }, []);
    }
    await appendAudit(trx, {
      siteId,
      actor: actorReference(actor),
      action: 'model.thresholds',
      subject: moved.version,
      detail: { of: version, ham, spam },
      at,
    });
  });
  return await showModel(service, siteId, moved.version);
}

function round(share: number): number {
  return Math.round(share * STEPS) / STEPS;
}
