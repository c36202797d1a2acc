/** `leave-a-reply job`: lists, follows and cancels long-running work. */
import type { Command } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { followJob } from './follow-job.ts';
import { addSiteOptions, pathOf, type SiteOptions } from './site-options.ts';
import { printLine, printTable } from './terminal.ts';

const jobShape = z.looseObject({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  error: z.string().nullable(),
  created_at: z.string(),
});

/** Adds `job list`, `job follow` and `job cancel`. */
export function registerJobs(program: Command): void {
  const job = program
    .command('job')
    .summary('list, follow and cancel trainings, imports, replays and restores');
  addSiteOptions(job.command('list'))
    .description('Lists the newest 100 jobs of a site, newest first.')
    .action(listJobs);
  addDoorOptions(job.command('follow'))
    .description(
      'Waits for the end of a job and prints its result as JSON. If no service runs, this command does the job and ' +
        'continues where an interrupted command stopped.',
    )
    .argument('<id>', 'its id')
    .action(follow);
  addDoorOptions(job.command('cancel'))
    .description('Cancels a waiting or running job; a running one stops at its next step.')
    .argument('<id>', 'its id')
    .action(cancel);
}

async function listJobs({ site, json, ...door }: SiteOptions): Promise<void> {
  const { items } = await withDoor(door, (opened) =>
    opened.call(z.object({ items: z.array(jobShape) }), 'GET', pathOf('/v1/jobs', site)),
  );
  if (json) {
    printLine(JSON.stringify(items));
    return;
  }
  printTable([
    ['id', 'kind', 'state', 'done', 'asked for', 'error'],
    ...items.map(({ id, kind, state, done, total, created_at, error }) => [
      id,
      kind,
      state,
      total === null ? String(done) : `${done} of ${total}`,
      created_at,
      error ?? '-',
    ]),
  ]);
}

async function follow(id: string, options: DoorOptions): Promise<void> {
  await withDoor(options, async (door) => {
    const { kind } = await door.call(jobShape, 'GET', jobPath(id));
    const { failure, result } = await followJob(door, id, kind, kind === 'import' || kind === 'restore');
    if (failure !== null) throw new Error(failure);
    printLine(JSON.stringify(result));
  });
}

async function cancel(id: string, options: DoorOptions): Promise<void> {
  const { kind } = await withDoor(options, (door) => door.call(jobShape, 'DELETE', jobPath(id)));
  printLine(`The ${kind} ${id} is cancelled.`);
}

function jobPath(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}
