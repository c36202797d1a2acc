/** Waits for a job with a progress bar, and does it in this process if no service runs. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Door } from './door.ts';
import { createProgressBar, printError } from './terminal.ts';

/** The answer to whoever asked for long work. */
export const queuedWork = z.looseObject({ job: z.string(), waits_for: z.string().nullable() });

const jobShape = z.looseObject({
  state: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  phase: z.string().nullish(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.string().nullable(),
});

const POLL_MS = 250;

/** Somebody pressed Ctrl-C. What was begun is not lost: the message says how it goes on. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export interface JobEnd {
  /** What went wrong, for people; null when it succeeded. */
  readonly failure: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
}

/**
 * Waits for the end of a job, and does it where no service runs. On a terminal a bar tells how far it is, at what rate, and
 * how long it still takes; a job of several steps has one for each, with the step's name.
 *
 * @param what for people, such as `training`.
 * @param inBytes whether the job counts bytes: they are shown as KiB.
 * @throws {InterruptedError} after Ctrl-C: a service goes on with the job, else it waits for whoever follows it next.
 */
export async function followJob(door: Door, id: string, what: string, inBytes: boolean): Promise<JobEnd> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  printError(`job ${id}`);
  try {
    return await watchJob(door, id, what, inBytes, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    const now = door.doJobs === null ? 'continues in the service' : 'is interrupted';
    const command = 'npx leave-a-reply job';
    throw new InterruptedError(
      `the ${what} ${now}: continue with "${command} follow ${id}", or end it with "${command} cancel ${id}"`,
    );
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupt);
  }
}

async function watchJob(
  door: Door,
  id: string,
  what: string,
  inBytes: boolean,
  interrupted: AbortSignal,
): Promise<JobEnd> {
  const scale = (amount: number) => (inBytes ? Math.floor(amount / 1024) : amount);
  const name = inBytes ? `${what} (KiB)` : what;
  let bar = createProgressBar(name, Date.now);
  let phase: string | null = null;
  for (;;) {
    door.doJobs?.();
    const job = await door.call(jobShape, 'GET', `/v1/jobs/${id}`);
    if (phase !== (job.phase ?? null)) {
      bar.end();
      phase = job.phase ?? null;
      bar = createProgressBar(phase === null ? name : `${name}: ${phase}`, Date.now);
    }
    if (job.state !== 'queued' && job.state !== 'running') {
      bar.end();
      const { state, error, result } = job;
      const failure = state === 'succeeded' ? null : `the ${what} ${state}: ${error ?? 'no reason given'}`;
      return { failure, result };
    }
    bar.show(scale(job.done), job.total === null ? null : scale(job.total));
    await wait(POLL_MS, undefined, { signal: interrupted });
  }
}

/** The result, as `schema`, of long work that was asked for; see {@link followJob}. @throws {Error} when it failed. */
export async function resultOfJob<T>(
  door: Door,
  { job, waits_for }: z.infer<typeof queuedWork>,
  what: string,
  schema: z.ZodType<T>,
): Promise<T> {
  if (waits_for !== null) printError(waits_for);
  const { failure, result } = await followJob(door, job, what, false);
  if (failure !== null) throw new Error(failure);
  return schema.parse(result);
}
