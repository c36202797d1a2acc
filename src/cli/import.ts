/** `leave-a-reply import`: imports the exports of other systems into a site. */
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { IMPORT_FORMATS } from '../moderation/import/import-formats.ts';
import { addDoorOptions, type Door, type DoorOptions, withDoor } from './door.ts';
import { followJob } from './follow-job.ts';
import { requireFile, type SentPart, sendFile } from './send-file.ts';
import { siteQuery } from './site-options.ts';
import { printError, printLine } from './terminal.ts';

interface ImportOptions extends DoorOptions {
  readonly format: string;
  readonly site?: string;
  readonly labels: boolean;
  readonly resume?: string;
  readonly json?: boolean;
}

const SHOWN_REFUSALS = 20;

const importShape = z.looseObject({
  id: z.string(),
  format: z.string(),
  state: z.string(),
  job: z.string().nullable(),
  records: z.number(),
  added: z.number(),
  known: z.number(),
  refused: z.number(),
  passed_over: z.number(),
  merged: z.array(z.object({ post: z.string(), into: z.string() })),
});
const detailsShape = importShape.extend({
  parts: z.array(z.object({ part: z.number(), bytes: z.number() })),
  refusals: z.array(z.object({ line: z.number(), code: z.string(), detail: z.string() })),
});
type Begun = z.infer<typeof importShape> & { readonly parts: readonly SentPart[] };

/** Adds `import` to the command line. */
export function registerImport(program: Command): void {
  addDoorOptions(program.command('import'))
    .summary('import comments or samples from another system')
    .description(
      'Imports a file, gzipped or not: comments of WordPress (wxr), Disqus, Isso or Remark42 with their articles and ' +
        'dates, or samples (jsonl, csv, natural). Statuses become labels and addresses become pseudonyms. Importing ' +
        'the same file again adds nothing.',
    )
    .argument('<file>', 'the file')
    .addOption(
      new Option('--format <format>', 'what kind of file it is')
        .choices(IMPORT_FORMATS)
        .makeOptionMandatory(),
    )
    .option('--site <slug>', 'the site; optional if there is only one')
    .option('--no-labels', 'do not train from the statuses of the comments')
    .option('--resume <id>', 'continue an interrupted import')
    .option('--json', 'print JSON')
    .action(async (file: string, options: ImportOptions) => {
      await requireFile(file);
      await withDoor(options, (door) => importOver(door, file, options));
    });
}

async function importOver(door: Door, file: string, options: ImportOptions): Promise<void> {
  const query = siteQuery(options.site);
  const begun = await beginImport(door, file, options, query);
  let job = begun.job;
  if (job === null) {
    if (options.resume === undefined) printError(`import ${begun.id}`);
    else printError(`${begun.parts.length} parts are there already`);
    await sendFile(door, file, begun.id, query, begun.parts);
    const started = await door.call(
      z.object({ job: z.string() }),
      'POST',
      `/v1/imports/${begun.id}/start${query}`,
    );
    job = started.job;
  }
  const { failure } = await followJob(door, job, 'import', true);
  const done = await door.call(detailsShape, 'GET', `/v1/imports/${begun.id}${query}`);
  report(done, options.json === true);
  if (failure !== null) throw new Error(failure);
}

async function beginImport(door: Door, file: string, options: ImportOptions, query: string): Promise<Begun> {
  if (options.resume !== undefined) {
    const path = `/v1/imports/${encodeURIComponent(options.resume)}${query}`;
    const begun = await door.call(detailsShape, 'GET', path);
    if (begun.format !== options.format) {
      throw new Error(`${begun.id} was begun with --format ${begun.format}: begin a new import`);
    }
    return begun;
  }
  const announced = await door.call(importShape, 'POST', `/v1/imports${query}`, {
    format: options.format,
    name: basename(file).slice(0, 200),
    labels: options.labels,
  });
  return { ...announced, parts: [] };
}

function report(done: z.infer<typeof detailsShape>, json: boolean): void {
  if (json) {
    printLine(JSON.stringify(done));
    return;
  }
  printLine(
    `${done.records} records: ${done.added} added, ${done.known} known already, ${done.passed_over} skipped, ${done.refused} refused.`,
  );
  for (const { post, into } of done.merged.slice(0, SHOWN_REFUSALS))
    printLine(`The comments of ${post} are with those of ${into}: both have the same address.`);
  for (const { line, detail } of done.refusals.slice(0, SHOWN_REFUSALS))
    printError(`line ${line}: ${detail}`);
  if (done.refused > SHOWN_REFUSALS) printError(`… all of them: GET /v1/imports/${done.id}`);
}
