/** `leave-a-reply replay`: shows what another model or other rules would have done. */
import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { queuedWork, resultOfJob } from './follow-job.ts';
import { siteQuery } from './site-options.ts';
import { printLine, printTable } from './terminal.ts';

interface ReplayOptions extends DoorOptions {
  readonly site?: string;
  readonly from: string;
  readonly to?: string;
  readonly model?: string;
  readonly rules: string;
  readonly examples: number;
  readonly json?: boolean;
}

const change = z.object({ did: z.string(), would: z.string(), count: z.number() });
const outcome = z.looseObject({ disposition: z.string(), spam_probability: z.number().nullable() });
const resultShape = z.looseObject({
  model_version: z.string(),
  comments: z.number(),
  changed: z.number(),
  dispositions: z.array(change),
  labelled: z.array(change.extend({ label: z.string() })),
  examples: z.array(z.looseObject({ id: z.string(), did: outcome, would: outcome })),
});

/** Adds `replay` to the command line. */
export function registerReplay(program: Command): void {
  addDoorOptions(program.command('replay'))
    .summary('show what another model or other rules would have done')
    .description(
      'Scores the comments of a period again with a model and a rule set, and changes nothing. Facts known only at ' +
        'arrival (honeypot, form time, author history, addresses) are kept as they were recorded.',
    )
    .requiredOption('--from <time>', 'start of the period, such as 2026-11-01T00:00:00Z')
    .option('--to <time>', 'end of the period; now if left out')
    .option('--model <version>', 'the model version; the active one if left out')
    .option(
      '--rules <which>',
      'current, none, or a JSON file with an array of rules as POST /v1/rules takes',
      'current',
    )
    .option('--examples <count>', 'how many changed comments to print, 0 to 500', readCount, 10)
    .option('--site <slug>', 'the site; optional if there is only one')
    .option('--json', 'print JSON')
    .action(replay);
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= 500) return count;
  throw new InvalidArgumentError('A whole number from 0 to 500 is needed.');
}

async function replay({
  site,
  from,
  to,
  model,
  rules,
  examples,
  json,
  ...door
}: ReplayOptions): Promise<void> {
  const wanted = ['current', 'none'].includes(rules) ? rules : await readRules(rules);
  const query = siteQuery(site);
  const result = await withDoor(door, async (opened) => {
    const body = { from, to, model, rules: wanted, examples };
    const queued = await opened.call(queuedWork, 'POST', `/v1/replays${query}`, body);
    return await resultOfJob(opened, queued, 'replay', resultShape);
  });
  if (json) {
    printLine(JSON.stringify(result));
    return;
  }
  printLine(
    `${result.changed} of ${result.comments} comments would be handled differently by ${result.model_version}.`,
  );
  printTable([
    ['did', 'would', 'comments'],
    ...result.dispositions.map(({ did, would, count }) => [did, would, String(count)]),
  ]);
  for (const { label, did, would, count } of result.labelled.filter((one) => one.did !== one.would)) {
    printLine(`${count} decided as ${label}: ${did}, would be ${would}`);
  }
  for (const { id, did, would } of result.examples) {
    printLine(`${id}  ${did.disposition} ${percent(did)} -> ${would.disposition} ${percent(would)}`);
  }
}

async function readRules(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(
      `--rules must be current, none or a file that can be read: there is no such file “${file}”`,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function percent({ spam_probability: probability }: z.infer<typeof outcome>): string {
  return probability === null ? 'not scored' : `${(probability * 100).toFixed(1)} %`;
}
