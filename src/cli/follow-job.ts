/** Waiting for a job with a bar. */
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

/**
 * Waits for the end of a job; its result as `schema`. On a terminal a bar tells how far it is, at what rate, and how
 * long it still takes; a job of several steps has one for each, with the step's name.
 *
 * @param what for people, such as `training`.
 * @throws {Error} when the job did not succeed, with its reason.
 */
export async function followJob<T>(
  door: Door,
  { job: id, waits_for }: z.infer<typeof queuedWork>,
  what: string,
  schema: z.ZodType<T>,
): Promise<T> {
  if (waits_for !== null) printError(waits_for);
  let bar = createProgressBar(what, Date.now);
  let phase: string | null = null;
  for (;;) {
    const job = await door.call(jobShape, 'GET', `/v1/jobs/${id}`);
    if (phase !== (job.phase ?? null)) {
      bar.end();
      phase = job.phase ?? null;
      bar = createProgressBar(phase === null ? what : `${what}: ${phase}`, Date.now);
    }
    if (job.state === 'succeeded') {
      bar.end();
      return schema.parse(job.result);
    }
    if (job.state !== 'queued' && job.state !== 'running') {
      bar.end();
      throw new Error(`the ${what} ${job.state}: ${job.error ?? 'no reason given'}`);
    }
    bar.show(job.done, job.total);
    await wait(POLL_MS);
  }
}
