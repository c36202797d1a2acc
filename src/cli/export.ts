/** `leave-a-reply export`, `restore` and `samples export`: writes a site or its samples to a file and reads it back. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type ArchiveHead, readArchive } from '../moderation/archive/archive-format.ts';
import { RESTORE_FORMAT } from '../moderation/import/import-record.ts';
import { addDoorOptions, type Door, type DoorOptions, withDoor } from './door.ts';
import { explainError } from './explain-error.ts';
import { followJob } from './follow-job.ts';
import { sendFile } from './send-file.ts';
import { findSiteId, pathOf, siteQuery } from './site-options.ts';
import { createProgressBar, printError, printLine } from './terminal.ts';

interface ExportOptions extends DoorOptions {
  readonly site?: string;
}

interface RestoreOptions extends DoorOptions {
  readonly slug?: string;
  readonly withoutKeys?: boolean;
  readonly resume?: string;
}

const restoreShape = z.looseObject({
  id: z.string(),
  format: z.string(),
  job: z.string().nullable(),
  records: z.number(),
  added: z.number(),
  passed_over: z.number(),
  parts: z.array(z.object({ part: z.number(), bytes: z.number() })).default([]),
});

/** Adds `export` and `restore` to the command line. */
export function registerExport(program: Command): void {
  addDoorOptions(program.command('export'))
    .summary('export a whole site')
    .description(
      'Writes settings, models, rules, posts, comments, queue, decisions, notes and samples of a site to a file that ' +
        '`restore` reads; it is gzipped if its name ends in .gz. The file holds pseudonyms: protect it like the ' +
        'database. API keys, users and the pseudonym keys (PSEUDONYM_KEYS) are not in it.',
    )
    .argument('<file>', 'the file to write')
    .option('--site <slug>', 'the site; optional if there is only one')
    .action(async (file: string, options: ExportOptions) => {
      await withDoor(options, async (door) => {
        const id = await findSiteId(door, options.site);
        await download(door, `/v1/sites/${id}/export`, file);
        await checkWritten(file);
      });
    });
  addDoorOptions(program.command('restore'))
    .summary('restore a site from its export')
    .description(
      'Checks the file, then stores the site under its old id in a database that does not have it. If it fails, ' +
        'everything it stored is deleted again; after an interruption --resume continues.',
    )
    .argument('<file>', 'what `export` wrote')
    .option('--slug <slug>', 'a different slug from the exported one')
    .option('--without-keys', 'restore although the pseudonym keys of the export are missing here')
    .option('--resume <id>', 'continue an interrupted restore')
    .action(async (file: string, options: RestoreOptions) => {
      const head = await checkFile(file);
      await withDoor(options, (door) => restoreOver(door, file, head, options));
    });
}

/** Adds `samples export` to the command line. */
export function registerSamples(program: Command): void {
  const samples = program.command('samples').summary('export the samples (labelled comments)');
  addDoorOptions(samples.command('export'))
    .description(
      'Writes the samples of a site, decided and uploaded, in a form that `import --format jsonl` or `csv` reads; it is ' +
        'gzipped if its name ends in .gz.',
    )
    .argument('<file>', 'the file to write')
    .addOption(new Option('--format <format>', 'what to write').choices(['jsonl', 'csv']).default('jsonl'))
    .option('--site <slug>', 'the site; optional if there is only one')
    .action(async (file: string, options: ExportOptions & { readonly format: string }) => {
      await withDoor(options, async (door) => {
        await download(door, pathOf(`/v1/samples/export?format=${options.format}`, options.site), file);
        printLine(`${file}: written.`);
      });
    });
}

/** Writes to another name until the file is complete, readable by its owner only. */
async function download(door: Door, path: string, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  // A message about this file should name the file that was asked for.
  await open(unfinished, 'w', 0o600).then(
    (handle) => handle.close(),
    (error: unknown) => {
      throw new Error(explainError(error, file));
    },
  );
  const bar = createProgressBar('written (KiB)', Date.now);
  let bytes = 0;
  const count = new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      bytes += chunk.length;
      bar.show(bytes >> 10, null);
      done(null, chunk);
    },
  });
  try {
    const source = Readable.from(await door.stream(path));
    const target = createWriteStream(unfinished, { mode: 0o600 });
    if (isGzip(file)) await pipeline(source, count, createGzip(), target);
    else await pipeline(source, count, target);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    bar.end();
  }
}

async function checkWritten(file: string): Promise<void> {
  let counts: Readonly<Record<string, number>> = {};
  for await (const { content } of readArchive(textOf(file)))
    if ('end' in content) counts = content.end.counts;
  const { comment = 0, decision = 0, sample = 0, model = 0 } = counts;
  printLine(`${file}: ${comment} comments, ${decision} decisions, ${sample} samples, ${model} models.`);
}

/** Reads the file through before anything is sent. */
async function checkFile(file: string): Promise<ArchiveHead> {
  let head: ArchiveHead | null = null;
  for await (const { content } of readArchive(textOf(file))) if ('archive' in content) head = content;
  if (!head)
    throw new Error(`${file} is not an export of a site: give the file that "leave-a-reply export" wrote`);
  return head;
}

async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const bytes = createReadStream(file);
  const source: AsyncIterable<Uint8Array> = isGzip(file) ? bytes.pipe(createGunzip()) : bytes;
  bytes.on('error', (error) => {
    if (source !== bytes && 'destroy' in source && typeof source.destroy === 'function')
      source.destroy(error);
  });
  for await (const chunk of source) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function isGzip(file: string): boolean {
  return file.endsWith('.gz');
}

async function restoreOver(
  door: Door,
  file: string,
  head: ArchiveHead,
  options: RestoreOptions,
): Promise<void> {
  const { id: siteId, name, url, created_at } = head.site;
  const slug = options.slug ?? head.site.slug;
  const query = siteQuery(slug);
  const run =
    options.resume === undefined
      ? await door.call(restoreShape, 'POST', '/v1/restores', {
          ...{ id: siteId, slug, name, url, created_at },
          pseudonym_keys: head.pseudonym_keys,
          without_keys: options.withoutKeys === true,
        })
      : await door.call(restoreShape, 'GET', `/v1/imports/${encodeURIComponent(options.resume)}${query}`);
  if (run.format !== RESTORE_FORMAT) {
    throw new Error(
      `${run.id} is an import of ${run.format}, not a restore: continue it with npx leave-a-reply import --resume.`,
    );
  }
  if (options.resume === undefined) printError(`restore ${run.id}`);
  let { job } = run;
  if (job === null) {
    await sendFile(door, file, run.id, query, run.parts);
    job = (await door.call(z.object({ job: z.string() }), 'POST', `/v1/imports/${run.id}/start${query}`)).job;
  }
  const { failure } = await followJob(door, job, 'restore', true);
  if (failure !== null) {
    await door.call(z.null(), 'DELETE', `/v1/sites/${siteId}`);
    throw new Error(`${failure} Nothing of it is kept.`);
  }
  const done = await door.call(restoreShape, 'GET', `/v1/imports/${run.id}${query}`);
  printLine(
    `Site ${slug} is restored: ${done.added} rows, ${done.passed_over} skipped (erased since, or their parent is missing).`,
  );
  printLine(
    'API keys and users are not part of an export: create them again (npx leave-a-reply key create).',
  );
}
