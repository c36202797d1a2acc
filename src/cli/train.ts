/** `leave-a-reply train`: trains a candidate from a site's samples, and activates it when asked. */
import type { Command } from 'commander';
import { z } from 'zod';
import { addDoorOptions, CallError, type Door, type DoorOptions, withDoor } from './door.ts';
import { queuedWork, resultOfJob } from './follow-job.ts';
import { pathOf } from './site-options.ts';
import { printError, printLine } from './terminal.ts';

interface TrainOptions extends DoorOptions {
  readonly site?: string;
  readonly activate?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const told = z.array(z.looseObject({ detail: z.string(), remedy: z.string() })).default([]);
const resultShape = z.looseObject({
  model_version: z.string(),
  gate: z.looseObject({ findings: told, warnings: told }).optional(),
  samples: z.object({ ham: z.number(), spam: z.number() }),
});

/** Adds `train` to the command line. */
export function registerTrain(program: Command): void {
  addDoorOptions(program.command('train'))
    .summary("train a filter from a site's samples")
    .description(
      "Trains a candidate from the decisions of the site's moderators and its uploaded samples, on top of the starter " +
        'filter. With --activate it becomes the active filter if it is not worse on the held-out set.',
    )
    .option('--site <slug>', 'the site; optional if there is only one')
    .option('--activate', 'activate the candidate if the quality gate passes')
    .option('--force', 'activate it even if the quality gate fails; this is recorded in the audit log')
    .option('--json', 'print JSON')
    .action(async (options: TrainOptions) => {
      await withDoor(options, (door) => trainOver(door, options));
    });
}

async function trainOver(door: Door, options: TrainOptions): Promise<void> {
  const result = await resultOfJob(door, await queueTraining(door, options), 'training', resultShape);
  const version = result.model_version;
  const { findings, warnings } = result.gate ?? { findings: [], warnings: [] };
  for (const { detail, remedy } of [...findings, ...warnings]) printError(`${detail} ${remedy}`);
  const { ham, spam } = result.samples;
  if (!options.json) printLine(`Trained ${version} from ${ham} ham and ${spam} spam samples.`);
  const activated = options.activate === true || options.force === true;
  if (activated) {
    const path = pathOf(`/v1/models/${encodeURIComponent(version)}/activate`, options.site);
    await door.call(z.unknown(), 'POST', path, { force: options.force === true });
  }
  if (options.json) printLine(JSON.stringify({ ...result, activated }));
  else printLine(activated ? 'It is the active filter.' : describeCandidate(version, findings.length > 0));
}

/**
 * What may come next.
 *
 * @example
 * describeCandidate('daily-1', true) // 'The quality gate refused it. Read why with: npx leave-a-reply model report daily-1'
 */
export function describeCandidate(version: string, refused: boolean): string {
  return refused
    ? `The quality gate refused it. Read why with: npx leave-a-reply model report ${version}`
    : `It is a candidate. Activate it with: npx leave-a-reply model activate ${version}`;
}

/** The job that trains: the one that waits or runs already, where a training was asked for before. */
async function queueTraining(door: Door, options: TrainOptions): Promise<z.infer<typeof queuedWork>> {
  try {
    return await door.call(queuedWork, 'POST', '/v1/models', { site: options.site });
  } catch (error) {
    if (!(error instanceof CallError) || error.code !== 'training_running' || !error.job) throw error;
    printError('A training of this site was requested already: following that one.');
    return { job: error.job, waits_for: null };
  }
}
