/** Learning: the site's samples over the starter filter become a candidate. */
import { createHash } from 'node:crypto';
import type { Model } from '../core/model.ts';
import { serialiseModel } from '../core/model-format.ts';
import { beginTraining, type Training, type TrainingOptions } from '../core/training.ts';
import type { Service } from '../service.ts';
import type { JobRow } from '../storage/jobs.ts';
import { insertReport } from '../storage/model-reports.ts';
import { insertModel } from '../storage/models.ts';
import { countSamples, readSamples, type StoredSample } from '../storage/samples.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { Actor } from './actor.ts';
import { importFile } from './import-run.ts';
import { type JobHandler, type JobView, type Progress, queueJob, runJobs } from './jobs.ts';
import { promiseOf } from './promise.ts';
import { RefusedError } from './refused-error.ts';
import { type Rehearse, reportOnCandidate } from './report.ts';
import { restoreSite } from './restore-site.ts';
import { readSiteContext, type SiteContext } from './site-context.ts';
import { createVoteCap } from './vote-cap.ts';

/** Every kind of job and what it does. */
export const jobHandlers: Readonly<Record<string, JobHandler>> = {
  train: trainModel,
  import: importFile,
  restore: restoreSite,
};

/** Queues a training and sees to it that it runs. @throws {RefusedError} `training_running`. */
export async function startTraining(service: Service, siteId: string, actor: Actor): Promise<JobView> {
  const job = await queueJob(service, siteId, actor, 'train', {});
  service.background(async () => {
    await runJobs(service, jobHandlers);
  });
  return job;
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
  const total = counted.ham + counted.spam;
  const options = optionsFor(service, site, version, {
    samples: counted,
    trained_at: job.created_at.toISOString(),
  });
  const cap = createVoteCap(site.settings.votes_per_day);
  const pages = readSamples(service.db, site.id);
  const { model, report } = await learnSamples(options, pages, cap.admit, (done) => progress(done, total));
  if (report.refusal)
    throw new RefusedError('gate_unmet', report.refusal.detail, { refusal: report.refusal.code });
  const rehearse: Rehearse = async (samples) => {
    const { admit } = createVoteCap(site.settings.votes_per_day);
    const rehearsed = await learnSamples(optionsFor(service, site, version, {}), [samples], admit);
    await progress(total, total);
    return rehearsed.report.refusal ? null : rehearsed.model;
  };
  const found = await reportOnCandidate(service, site, model, rehearse);
  await storeCandidate(service, job, site, {
    model,
    report: { ...report, votesLeftOut: cap.leftOut(), gate: found.report.gate },
    found,
  });
  return {
    model_version: version,
    samples: counted,
    metrics: { ...model.metrics },
    gate: found.report.gate,
    flips: found.report.flips,
  };
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

/** Learns samples page by page; the same ones give the same model, bit for bit. */
async function learnSamples(
  options: TrainingOptions,
  pages: AsyncIterable<readonly StoredSample[]> | Iterable<readonly StoredSample[]>,
  wanted: (sample: StoredSample) => boolean,
  progress: (done: number) => Promise<void> = async () => undefined,
): Promise<ReturnType<Training['finish']>> {
  const training = beginTraining(options);
  let done = 0;
  for await (const page of pages) {
    for (const sample of page) if (wanted(sample)) training.add(sample, { groupKey: sample.group });
    done += page.length;
    await progress(done);
  }
  return training.finish();
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
