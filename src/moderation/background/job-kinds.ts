/** Every kind of job, and where it is done. */
import type { Service } from '../../service.ts';
import { isJobWaiting } from '../../storage/jobs.ts';
import type { Actor } from '../actor.ts';
import { restoreSite } from '../archive/restore-site.ts';
import { importFile } from '../import/import-run.ts';
import { queueImport } from '../import/imports.ts';
import { type JobHandler, type JobView, queueJob, runJobs } from '../jobs.ts';
import { queueReplay, type ReplayRequest, replayComments } from '../learn/replay.ts';
import { trainModel } from '../learn/train.ts';
import type { SiteContext } from '../site/site-context.ts';

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

/** Does the jobs that wait, beside the thread that answers requests where that can be. Resolves when none is left. */
export async function doJobs(service: Service): Promise<void> {
  const handlers = jobHandlersOf(service);
  if (service.doJobsBeside === null) await runJobs(service, handlers);
  else if (await isJobWaiting(service.db, Object.keys(handlers), service.now())) await service.doJobsBeside();
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

/** Queues an import whose file has arrived, and runs it. @throws {RefusedError} see {@link queueImport}. */
export async function startImport(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
): Promise<Pick<QueuedWork, 'job'>> {
  const { job } = seeTo(service, await queueImport(service, siteId, actor, id));
  return { job };
}

function seeTo(service: Service, { id }: JobView): QueuedWork {
  service.background(() => doJobs(service));
  const here = service.trainInThread !== null;
  return {
    job: id,
    waits_for: here
      ? null
      : 'This runtime cannot do it: a Node process on the same database takes the job within seconds (leave-a-reply serve).',
  };
}
