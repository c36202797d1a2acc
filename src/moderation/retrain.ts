/** Learning: the site's samples over the starter filter become a candidate. */
import { createHash } from 'node:crypto';
import { serialiseModel } from '../core/model-format.ts';
import { beginTraining } from '../core/training.ts';
import type { Service } from '../service.ts';
import type { JobRow } from '../storage/jobs.ts';
import { insertModel } from '../storage/models.ts';
import { countSamples, readSamples } from '../storage/samples.ts';
import type { Actor } from './actor.ts';
import { importFile } from './import-run.ts';
import { type JobHandler, type JobView, queueJob, runJobs } from './jobs.ts';
import { RefusedError } from './refused-error.ts';
import { readSiteContext } from './site-context.ts';
import { createVoteCap } from './vote-cap.ts';

/** Every kind of job and what it does. */
export const jobHandlers: Readonly<Record<string, JobHandler>> = { train: trainModel, import: importFile };

/** Queues a training and sees to it that it runs. @throws {RefusedError} `training_running`. */
export async function startTraining(service: Service, siteId: string, actor: Actor): Promise<JobView> {
  const job = await queueJob(service, siteId, actor, 'train', {});
  service.background(async () => {
    await runJobs(service, jobHandlers);
  });
  return job;
}

/** Trains a candidate from every sample of the site; the same samples give the same counts, bit for bit. */
async function trainModel(
  service: Service,
  job: JobRow,
  progress: (done: number, total: number | null) => Promise<void>,
): Promise<Record<string, unknown>> {
  const site = await readSiteContext(service, job.site_id);
  if (!site) throw new RefusedError('not_found', 'The site is gone.');
  const counted = await countSamples(service.db, site.id);
  const total = counted.ham + counted.spam;
  const version = versionOf(site.slug, job);
  const training = beginTraining({
    version,
    starter: service.starter,
    promisedBound: { maxHamBlocked: site.settings.max_ham_blocked, confidence: site.settings.confidence },
    provenance: {
      site: site.slug,
      samples: counted,
      starter: service.starter.version,
      trained_at: job.created_at.toISOString(),
    },
  });
  const cap = createVoteCap(site.settings.votes_per_day);
  let done = 0;
  for await (const page of readSamples(service.db, site.id)) {
    for (const sample of page) {
      if (cap.admit(sample)) training.add(sample, { groupKey: sample.group });
    }
    done += page.length;
    await progress(done, total);
  }
  const { model, report } = training.finish();
  if (report.refusal)
    throw new RefusedError('gate_unmet', report.refusal.detail, { refusal: report.refusal.code });
  const bytes = serialiseModel(model);
  await insertModel(service.db, {
    version,
    site_id: site.id,
    state: 'candidate',
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size_bytes: bytes.length,
    metrics: JSON.stringify(model.metrics),
    report: JSON.stringify({ ...report, votesLeftOut: cap.leftOut() }),
    provenance: JSON.stringify(model.provenance),
    created_by: job.created_by,
    created_at: service.now(),
  });
  return { model_version: version, samples: counted, metrics: { ...model.metrics } };
}

/** A version sorts by the time of its training and is the same for a job that is tried again. */
function versionOf(slug: string, job: JobRow): string {
  const time = job.created_at.toISOString().replace(/\D/g, '').slice(0, 14);
  return `${slug}-${time}-${job.id.slice(-4)}`;
}
