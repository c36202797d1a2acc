/** Long work: queued in the database, done by whichever process takes it, again when that process is lost. */
import { createId } from '../core/id.ts';
import { describeError } from '../logging.ts';
import type { Service } from '../service.ts';
import {
  beat,
  cancelJob,
  findJob,
  findOpenJob,
  finishJob,
  HEARTBEAT_SECONDS,
  insertJob,
  type JobRow,
  listJobs,
  MAX_ATTEMPTS,
  MAX_LOSSES,
  putBackJob,
  reportProgress,
  takeJob,
} from '../storage/jobs.ts';
import { type Actor, actorReference } from './actor.ts';
import { RefusedError } from './refused-error.ts';

export interface JobView {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly done: number;
  readonly total: number | null;
  /** What it does just now, for kinds with several steps: `done` and `total` are of that. */
  readonly phase: string | null;
  readonly result: Record<string, unknown> | null;
  readonly error: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}

/** Tells how far the work is; throws {@link JobStoppedError} when it was cancelled or taken away. */
export type Progress = (done: number, total: number | null, phase?: string) => Promise<void>;

/** The work of a kind of job. What it returns becomes the job's `result`; a {@link RefusedError} its `error`. */
export type JobHandler = (
  service: Service,
  job: JobRow,
  progress: Progress,
) => Promise<Record<string, unknown>>;

export class JobStoppedError extends Error {
  override readonly name = 'JobStoppedError';
}

/** Queues a job. @throws {RefusedError} `training_running` when the site has one of the kind that runs alone. */
export async function queueJob(
  service: Service,
  siteId: string,
  actor: Actor,
  kind: string,
  input: Record<string, unknown>,
): Promise<JobView> {
  const now = service.now();
  const row = await insertJob(service.db, {
    id: createId(now.getTime(), service.random(10)),
    site_id: siteId,
    kind,
    state: 'queued',
    input: JSON.stringify(input),
    total: null,
    error: null,
    created_by: actorReference(actor),
    created_at: now,
  });
  if (row) return viewJob(row);
  const open = await findOpenJob(service.db, siteId, kind);
  throw new RefusedError(
    'training_running',
    'A training of this site waits or runs already: wait for it or cancel it.',
    open ? { job: open.id } : {},
  );
}

export async function showJob(service: Service, siteId: string | null, id: string): Promise<JobView> {
  const row = await findJob(service.db, siteId, id);
  if (!row) throw new RefusedError('not_found', 'There is no such job.');
  return viewJob(row);
}

export async function showJobs(service: Service, siteId: string): Promise<JobView[]> {
  return (await listJobs(service.db, siteId, 100)).map(viewJob);
}

export async function cancel(service: Service, siteId: string | null, id: string): Promise<JobView> {
  await showJob(service, siteId, id);
  if (!(await cancelJob(service.db, siteId, id, service.now()))) {
    throw new RefusedError('conflict', 'The job is over already.');
  }
  return await showJob(service, siteId, id);
}

/** Does every job of these kinds that waits or was left by a lost process, one by one. Returns how many it did. */
export async function runJobs(
  service: Service,
  handlers: Readonly<Record<string, JobHandler>>,
): Promise<number> {
  for (let count = 0; ; count++) {
    if (service.stopping.aborted) return count;
    const job = await takeJob(service.db, Object.keys(handlers), service.now());
    if (!job) return count;
    await runJob(service, job, handlers[job.kind]);
  }
}

/** Why a job is not tried again, or null. */
function findHopeless({ attempts, losses }: JobRow): string | null {
  if (losses >= MAX_LOSSES) return `given up: its process ended ${losses} times at the same place`;
  return attempts > MAX_ATTEMPTS ? 'given up after too many attempts' : null;
}

async function runJob(service: Service, job: JobRow, handler: JobHandler | undefined): Promise<void> {
  const end = (end: Parameters<typeof finishJob>[2]) => finishJob(service.db, job, end, service.now());
  const hopeless = handler ? findHopeless(job) : `unknown kind “${job.kind}”`;
  if (!handler || hopeless !== null) {
    await end({ state: 'failed', error: hopeless ?? '' });
    return;
  }
  const progress: Progress = async (done, total, phase) => {
    if (service.stopping.aborted) throw new JobStoppedError('stopping');
    const goOn = await reportProgress(service.db, job, { done, total, phase: phase ?? null }, service.now());
    if (!goOn) throw new JobStoppedError('cancelled');
  };
  const heart = setInterval(() => {
    // A missed beat is made good by the next; a database that is away for long ends the work by itself.
    beat(service.db, job, service.now()).catch(() => undefined);
  }, HEARTBEAT_SECONDS * 1000);
  try {
    await end({ state: 'succeeded', result: await handler(service, job, progress) });
  } catch (error) {
    if (error instanceof JobStoppedError && service.stopping.aborted) await putBackJob(service.db, job);
    else if (error instanceof JobStoppedError) await end({ state: 'cancelled' });
    else if (error instanceof RefusedError)
      await end({ state: 'failed', error: error.message, result: { code: error.code, ...error.members } });
    else {
      service.log.error('job-failed', { jobId: job.id, kind: job.kind, ...describeError(error) });
      await end({ state: 'failed', error: 'the job failed: the log of the service says where' });
    }
  } finally {
    clearInterval(heart);
  }
}

function viewJob(row: JobRow): JobView {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    done: row.done,
    total: row.total,
    phase: row.phase,
    result: row.result,
    error: row.error,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
