/** The life of a model after its training: shown, activated, replaced. */
import { serialiseModel } from '../../core/filter/model-format.ts';
import type { PromisedBound } from '../../core/filter/neyman-pearson.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { appendEvents } from '../../storage/events.ts';
import { findReport } from '../../storage/learn/model-reports.ts';
import {
  findModel,
  listModels,
  type ModelRow,
  retireActiveModel,
  setModelState,
} from '../../storage/learn/models.ts';
import { countSamples } from '../../storage/learn/samples.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { findSite, lockSite, updateSite } from '../../storage/sites.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { loadModel } from '../site/load-model.ts';
import { type PromiseView, promiseOf, readBound, viewPromise } from '../site/promise.ts';
import { readSettings } from '../site/settings.ts';
import { forgetSite } from '../site/site-context.ts';
import { storeModel } from '../site/store-model.ts';
import { endShadow } from './shadow.ts';

export interface ModelView {
  readonly version: string;
  readonly state: string;
  readonly size_bytes: number;
  readonly sha256: string | null;
  /** Shares in [0, 1] on samples it was not trained on, among them `brier` and `ece`; null where unknown. */
  readonly metrics: Record<string, unknown>;
  /** How this version stands to what the site is promised now. */
  readonly promise: PromiseView;
  readonly report: Record<string, unknown>;
  readonly provenance: Record<string, unknown>;
  readonly created_at: string | null;
  readonly activated_at: string | null;
}

/** The site's models, newest first, and the starter filter last. */
export async function showModels(service: Service, siteId: string): Promise<ModelView[]> {
  const standing = await readStanding(service, siteId);
  const rows = await listModels(service.db, siteId);
  return [...rows.map((row) => viewModel(row, standing)), viewStarter(service, standing)];
}

export async function showModel(service: Service, siteId: string, version: string): Promise<ModelView> {
  const standing = await readStanding(service, siteId);
  if (version === service.starter.version) return viewStarter(service, standing);
  const row = await findModel(service.db, siteId, version);
  if (!row) throw new RefusedError('not_found', `There is no model “${version}”.`);
  return viewModel(row, standing);
}

/**
 * Makes a version the active one; other processes see it within a second, nothing restarts. The starter's version
 * goes back to the starter filter, an older one rolls back.
 *
 * @throws {RefusedError} `not_found`; `model_not_usable` for damaged bytes; `gate_unmet` for a refused candidate,
 *   unless forced.
 */
export async function activateModel(
  service: Service,
  siteId: string,
  actor: Actor,
  version: string,
  force: boolean,
): Promise<ModelView> {
  const view = await showModel(service, siteId, version);
  if (view.state === 'refused' && !force) {
    throw new RefusedError('gate_unmet', 'The candidate did not pass the gate: its report says why.', {
      report: view.report,
    });
  }
  await loadModel(service, siteId, version);
  const now = service.now();
  const starter = version === service.starter.version;
  await inTransaction(service.db, async (trx) => {
    // One at a time: of two at once the second would find no active model to retire, and make a second one.
    await lockSite(trx, siteId);
    if (view.state === 'candidate' && !force) await requireCurrentReport(service, trx, siteId, version);
    await retireActiveModel(trx, siteId);
    if (!starter) await setModelState(trx, version, 'active', now);
    await updateSite(trx, siteId, { active_model: starter ? null : version });
    await endShadow(trx, siteId, actorReference(actor), version, now);
    await appendAudit(trx, {
      siteId,
      actor: actorReference(actor),
      action: 'model.activate',
      subject: version,
      detail: { force, gate: view.state === 'refused' ? 'unmet' : 'met' },
      at: now,
    });
    await appendEvents(trx, [{ siteId, kind: 'model.activated', subject: version, at: now }]);
  });
  forgetSite(service, siteId);
  service.log.info('model-activated', { siteId, modelVersion: version });
  return await showModel(service, siteId, version);
}

/** A candidate is held against the filter that it would replace, not against one that was active before. */
async function requireCurrentReport(
  service: Service,
  trx: Transaction,
  siteId: string,
  version: string,
): Promise<void> {
  const report = await findReport(trx, siteId, version);
  const site = await findSite(trx, siteId);
  const active = site?.active_model ?? service.starter.version;
  if (report === null || report.active === active) return;
  throw new RefusedError(
    'gate_unmet',
    `Its report compares it with “${report.active}”, but “${active}” is active now: compare it again (POST /v1/models/${version}/report, or “model compare” on the command line).`,
    { report },
  );
}

/** Keeps the shipped starter filter in the database, so that its verdicts can be explained after an upgrade. */
export async function keepStarter(service: Service): Promise<void> {
  const record = {
    siteId: null,
    state: 'retired',
    report: {},
    createdBy: 'system:start',
    at: service.now(),
  } as const;
  await storeModel(service.db, service.starter, record, serialiseModel(service.starter));
}

/** What a version is looked at beside. */
interface Standing {
  readonly promise: PromisedBound;
  readonly hamLabels: number;
  readonly starterActive: boolean;
}

async function readStanding(service: Service, siteId: string): Promise<Standing> {
  const [site, { ham }] = await Promise.all([findSite(service.db, siteId), countSamples(service.db, siteId)]);
  return {
    promise: promiseOf(readSettings(site?.settings ?? {})),
    hamLabels: ham,
    starterActive: site?.active_model == null,
  };
}

function viewStarter({ starter }: Service, { promise, hamLabels, starterActive }: Standing): ModelView {
  return {
    version: starter.version,
    state: starterActive ? 'active' : 'retired',
    size_bytes: 0,
    sha256: null,
    metrics: { ...starter.metrics },
    promise: viewPromise(promise, null, hamLabels),
    report: {},
    provenance: { ...starter.provenance },
    created_at: null,
    activated_at: null,
  };
}

function viewModel(row: ModelRow, { promise, hamLabels }: Standing): ModelView {
  return {
    version: row.version,
    state: row.state,
    size_bytes: row.size_bytes,
    sha256: row.sha256,
    metrics: row.metrics,
    promise: viewPromise(promise, readBound(row.report), hamLabels),
    report: row.report,
    provenance: row.provenance,
    created_at: row.created_at.toISOString(),
    activated_at: row.activated_at?.toISOString() ?? null,
  };
}
