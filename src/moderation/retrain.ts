/** Learning: the site's samples over the starter filter become a candidate. */
import { createHash } from 'node:crypto';
import type { Model } from '../core/model.ts';
import { serialiseModel } from '../core/model-format.ts';
import type { TrainingOptions } from '../core/training.ts';
import type { Service, TrainingThread } from '../service.ts';
import type { JobRow } from '../storage/jobs.ts';
import { insertReport } from '../storage/model-reports.ts';
import { findModel, insertModel } from '../storage/models.ts';
import { countSamples, readSamples } from '../storage/samples.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { Actor } from './actor.ts';
import { importFile } from './import-run.ts';
import { type JobHandler, type JobView, type Progress, queueJob, runJobs } from './jobs.ts';
import { learnSamples } from './learn-samples.ts';
import { promiseOf } from './promise.ts';
import { RefusedError } from './refused-error.ts';
import { queueReplay, type ReplayRequest, replayComments } from './replay.ts';
import { type Rehearse, reportOnCandidate } from './report.ts';
import { restoreSite } from './restore-site.ts';
import { readSiteContext, type SiteContext } from './site-context.ts';
import { createVoteCap } from './vote-cap.ts';

/** Every kind of job and what it does. */
const everyHandler: Readonly<Record<string, JobHandler>> = {
  train: trainModel,
  import: importFile,
  restore: restoreSite,
  replay: replayComments,
};

/** What this process can do: without threads nothing that takes the processor for minutes; it waits for one with them. */
export function jobHandlersOf(service: Service): Readonly<Record<string, JobHandler>> {
  if (service.trainInThread !== null) return everyHandler;
  const { train: _train, replay: _replay, ...others } = everyHandler;
  return others;
}

/** Long work that was asked for. */
export interface QueuedWork {
  readonly job: string;
  /** Where it waits for another process: what has to be done; else null. */
  readonly waits_for: string | null;
}

/** Queues a training and sees to it that it runs. @throws {RefusedError} `training_running`. */
export async function startTraining(service: Service, siteId: string, actor: Actor): Promise<QueuedWork> {
  return seeTo(service, await queueJob(service, siteId, actor, 'train', {}));
}

/** Queues a replay and sees to it that it runs. @throws {RefusedError} see {@link queueReplay}. */
export async function startReplay(
  service: Service,
  site: SiteContext,
  actor: Actor,
  request: ReplayRequest,
): Promise<QueuedWork> {
  return seeTo(service, await queueReplay(service, site, actor, request));
}

function seeTo(service: Service, { id }: JobView): QueuedWork {
  service.background(async () => {
    await runJobs(service, jobHandlersOf(service));
  });
  const here = service.trainInThread !== null;
  return {
    job: id,
    waits_for: here
      ? null
      : 'This runtime cannot do it: a Node process on the same database takes the job within seconds (leave-a-reply serve).',
  };
}

/** Trains a candidate from every sample of the site, and reports on it before anybody can activate it. */
async function trainModel(
  service: Service,
  job: JobRow,
  progress: Progress,
): Promise<Record<string, unknown>> {
  const site = await readSiteContext(service, job.site_id);
  if (!site) throw new RefusedError('not_found', 'The site is gone.');
  const counted = await countSamples(service.db, site.id);
  const version = versionOf(site.slug, job);
  // An attempt before this one got as far as storing it.
  const stored = await findModel(service.db, site.id, version);
  if (stored) {
    const { metrics, report } = stored;
    return { model_version: version, samples: counted, metrics, gate: report.gate };
  }
  const options = optionsFor(service, site, version, {
    samples: counted,
    trained_at: job.created_at.toISOString(),
  });
  if (service.trainInThread === null) throw new Error('there are no threads to train in');
  const thread = service.trainInThread(options);
  try {
    const total = counted.ham + counted.spam;
    const found = await trainAndReport(service, site, thread, (done) => progress(done, total));
    await storeCandidate(service, job, site, found);
    const { metrics } = found.model;
    const { gate, flips } = found.found.report;
    return { model_version: version, samples: counted, metrics: { ...metrics }, gate, flips };
  } finally {
    await thread.close();
  }
}

/** All its trainings run in one thread, one after the other. @throws {RefusedError} `gate_unmet`. */
async function trainAndReport(
  service: Service,
  site: SiteContext,
  thread: TrainingThread,
  progress: (done: number) => Promise<void>,
): Promise<Candidate> {
  const cap = createVoteCap(site.settings.votes_per_day);
  const pages = readSamples(service.db, site.id);
  const { model, report } = await learnSamples(thread, pages, cap.admit, progress);
  if (report.refusal)
    throw new RefusedError('gate_unmet', report.refusal.detail, { refusal: report.refusal.code });
  const options = { ...optionsFor(service, site, model.version, {}), starterWeight: report.starterWeight };
  const rehearse: Rehearse = async (samples) => {
    await thread.begin(options);
    const { admit } = createVoteCap(site.settings.votes_per_day);
    const rehearsed = await learnSamples(thread, [samples], admit, () => progress(report.samples));
    return rehearsed.report.refusal ? null : rehearsed.model;
  };
  const found = await reportOnCandidate(service, site, model, rehearse);
  const { gate } = found.report;
  return { model, report: { ...report, votesLeftOut: cap.leftOut(), gate }, found };
}

function optionsFor(
  service: Service,
  { slug, settings }: SiteContext,
  version: string,
  provenance: Readonly<Record<string, unknown>>,
): TrainingOptions {
  return {
    version,
    starter: service.starter,
    promisedBound: promiseOf(settings),
    provenance: { site: slug, starter: service.starter.version, ...provenance },
  };
}

interface Candidate {
  readonly model: Model;
  readonly report: Readonly<Record<string, unknown>>;
  readonly found: Awaited<ReturnType<typeof reportOnCandidate>>;
}

/** Model, report and flips in one transaction: a process that is lost leaves all or nothing. */
async function storeCandidate(
  service: Service,
  job: JobRow,
  site: SiteContext,
  { model, report, found }: Candidate,
): Promise<void> {
  const bytes = serialiseModel(model);
  const at = service.now();
  await inTransaction(service.db, async (trx) => {
    await insertModel(trx, {
      version: model.version,
      site_id: site.id,
      state: found.report.gate.passed ? 'candidate' : 'refused',
      bytes,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      size_bytes: bytes.length,
      metrics: JSON.stringify(model.metrics),
      report: JSON.stringify(report),
      provenance: JSON.stringify(model.provenance),
      created_by: job.created_by,
      created_at: at,
    });
    const rows = found.flips.map((flip) => ({ ...flip, model_version: model.version, site_id: site.id }));
    await insertReport(trx, { version: model.version, report: found.report, at }, rows);
  });
}

/** A version sorts by the time of its training and is the same for a job that is tried again. */
function versionOf(slug: string, job: JobRow): string {
  const time = job.created_at.toISOString().replace(/\D/g, '').slice(0, 14);
  return `${slug}-${time}-${job.id.slice(-4)}`;
}
