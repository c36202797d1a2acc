/** `leave-a-reply train`: trains a candidate from a site's samples, and activates it when asked. */
import type { Command } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type Door, type DoorOptions, withDoor } from './door.ts';
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
      const outcome = await withDoor(options, (door) => trainOver(door, options));
      if (options.json) printLine(JSON.stringify(outcome));
      else {
        const { findings = [], warnings = [] } = outcome.gate ?? {};
        for (const { detail, remedy } of [...findings, ...warnings]) printError(`${detail} ${remedy}`);
        printLine(
          `Trained ${outcome.model_version} from ${outcome.samples.ham} ham and ${outcome.samples.spam} spam samples.`,
        );
        printLine(
          outcome.activated ? 'It is the active filter.' : 'It is a candidate: --activate makes it active.',
        );
      }
    });
}

async function trainOver(door: Door, options: TrainOptions) {
  const queued = await door.call(queuedWork, 'POST', '/v1/models', { site: options.site });
  const result = await resultOfJob(door, queued, 'training', resultShape);
  if (options.activate === true || options.force === true) {
    const path = pathOf(`/v1/models/${encodeURIComponent(result.model_version)}/activate`, options.site);
    await door.call(z.unknown(), 'POST', path, { force: options.force === true });
  }
  return { ...result, activated: options.activate === true || options.force === true };
}
