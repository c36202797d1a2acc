/** The work of an import: parts → text → records → batches, going on where an earlier attempt ended. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Service } from '../service.ts';
import { appendEvents } from '../storage/events.ts';
import { deleteParts, findImport, finishRun, type ImportRunRow } from '../storage/imports.ts';
import { inTransaction } from '../storage/transaction.ts';
import { readErasures } from './erasures.ts';
import { isImportFormat, parserOf } from './import-formats.ts';
import { PART_OVERHEAD_BYTES, readBackPart } from './import-parts.ts';
import { CutOffError, type ImportedRecord, ImportFormatError } from './import-record.ts';
import { createImportStore, type ImportStore } from './import-store.ts';
import type { JobHandler, Progress } from './jobs.ts';
import { RefusedError } from './refused-error.ts';
import { readSiteContext } from './site-context.ts';

const BATCH = 500;
/** Parsed in one go: some milliseconds, in which nobody gets an answer, nor the next batch to the database. */
const PIECE_BYTES = 32 * 1024;
/** A small file may unpack to anything: beyond this it is no export. */
const MOST_TEXT_BYTES = 16 * 1024 * 1024 * 1024;

/** Progress is in bytes of the file as it was sent. */
export const importFile: JobHandler = async (service, job, progress) => {
  const id = typeof job.input.import === 'string' ? job.input.import : '';
  const site = await readSiteContext(service, job.site_id);
  const run = await findImport(service.db, job.site_id, id);
  if (!site || !run || !isImportFormat(run.format))
    throw new RefusedError('not_found', 'The import is gone.');
  const store = createImportStore(service, site, run, await readErasures(service, site.id));
  try {
    await readRecords(service, run, store, progress);
  } catch (error) {
    await store.settled();
    if (!(error instanceof ImportFormatError)) throw error;
    await store.flush();
    await store.settled();
    // Whoever repairs the file sends it anew, and the addresses in this one are kept for nothing.
    await deleteParts(service.db, id);
    throw new RefusedError('invalid_value', await tellFault(service, run, error), { import: id });
  }
  return await finishImport(service, run);
};

async function tellFault(service: Service, run: ImportRunRow, error: ImportFormatError): Promise<string> {
  const added = (await findImport(service.db, run.site_id, run.id))?.added ?? 0;
  const taken = added === 0 ? '' : ` ${added} of its records were taken before that.`;
  if (!(error instanceof CutOffError)) return `The file: ${error.message}.${taken}`;
  return `The file ends early: ${error.message}.${taken} Send the whole file again: what is here already is not doubled.`;
}

async function readRecords(
  service: Service,
  run: ImportRunRow,
  store: ImportStore,
  progress: Progress,
): Promise<void> {
  if (!isImportFormat(run.format)) return;
  const records: ImportedRecord[] = [];
  const parser = parserOf(run.format)(records);
  let record = 0;
  let read = 0;
  const total = Number(run.size_bytes);
  const source = openParts(service, run, (bytes) => {
    read += bytes;
  });
  const take = async () => {
    for (const one of records.splice(0)) {
      store.take(one, record++ < run.records);
      if (store.waiting() < BATCH) continue;
      await store.flush();
      await progress(Math.min(read, total), total);
    }
  };
  try {
    for await (const text of readText(source)) {
      parser.write(text);
      await take();
    }
    parser.end();
  } finally {
    // Also what stood before the place where the file cannot be read.
    await take();
  }
  await store.flush();
  await store.settled();
  await progress(total, total);
}

/** Drops the parts and tells what it came to; the job's result. */
export async function finishImport(service: Service, run: ImportRunRow): Promise<Record<string, unknown>> {
  const now = service.now();
  await deleteParts(service.db, run.id);
  await finishRun(service.db, run.id, now);
  const done = await findImport(service.db, run.site_id, run.id);
  const counts = {
    records: done?.records ?? 0,
    added: done?.added ?? 0,
    known: done?.known ?? 0,
    refused: done?.refused ?? 0,
    passed_over: done?.passed_over ?? 0,
  };
  await inTransaction(service.db, (trx) =>
    appendEvents(trx, [
      { siteId: run.site_id, kind: 'import.finished', subject: run.id, data: counts, at: now },
    ]),
  );
  return { import: run.id, ...counts };
}

/**
 * The file's bytes as they are asked for, in pieces: most files are one part, and a progress that is told by parts
 * would stand at its end from the beginning.
 */
export function openParts(
  service: Service,
  run: ImportRunRow,
  onRead: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  let part = 0;
  let bytes: Uint8Array = new Uint8Array();
  let at = 0;
  return new ReadableStream({
    pull: async (controller) => {
      if (at >= bytes.length) {
        if (part >= (run.parts ?? 0)) {
          controller.close();
          return;
        }
        bytes = await readBackPart(service, run.id, part++);
        at = 0;
        onRead(PART_OVERHEAD_BYTES);
      }
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      at += PIECE_BYTES;
      onRead(piece.length);
      controller.enqueue(piece);
    },
  });
}

/**
 * The text of a stream of bytes, unpacked when it begins like gzip. Between two pieces of it others get a turn: the parts
 * of a file wait for nothing, and neither a request nor the answer of the database would come in between.
 */
export async function* readText(source: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of await unpack(source)) {
      bytes += chunk.length;
      if (bytes > MOST_TEXT_BYTES) throw new ImportFormatError('it unpacks to more than 16 GiB');
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        yield decoder.decode(chunk.subarray(at, at + PIECE_BYTES), { stream: true });
        await breathe();
      }
    }
    yield decoder.decode();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new ImportFormatError('it is not UTF-8: save it as that');
    if (/^(Z_|ERR_.*ZLIB)/.test(code)) throw new ImportFormatError('it is damaged gzip');
    throw error;
  }
}

async function unpack(source: ReadableStream<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const reader = source.getReader();
  const first = await reader.read();
  const rest = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (first.value) controller.enqueue(first.value);
    },
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  const gzip = first.value?.[0] === 0x1f && first.value[1] === 0x8b;
  return gzip ? rest.pipeThrough(new DecompressionStream('gzip')) : rest;
}
