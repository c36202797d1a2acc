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
      "Trains a candidate from everything that the site's moderators decided and its uploaded samples, over the starter\n" +
        'filter. It goes live with --activate, and only when it is no worse than the active one on held-back labels.',
    )
    .option('--site <slug>', 'the site; may be left out when there is only one')
    .option('--activate', 'make the candidate the active filter')
    .option('--force', 'activate it although the gate refuses; this is written to the audit log')
    .option('--json', 'print one JSON object')
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
 * describeCandidate('daily-1', true) // 'It is refused by the gate: “leave-a-reply model report daily-1” tells more.'
 */
export function describeCandidate(version: string, refused: boolean): string {
  return refused
    ? `It is refused by the gate: “leave-a-reply model report ${version}” tells more.`
    : `It is a candidate: “leave-a-reply model activate ${version}” makes it active.`;
}

/** The job that trains: the one that waits or runs already, where a training was asked for before. */
async function queueTraining(door: Door, options: TrainOptions): Promise<z.infer<typeof queuedWork>> {
  try {
    return await door.call(queuedWork, 'POST', '/v1/models', { site: options.site });
  } catch (error) {
    if (!(error instanceof CallError) || error.code !== 'training_running' || !error.job) throw error;
    printError('A training of this site was asked for already: this is its end.');
    return { job: error.job, waits_for: null };
  }
}
