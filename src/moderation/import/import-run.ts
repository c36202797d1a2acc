/** The work of an import: parts → text → records → batches, going on where an earlier attempt ended. */
import type { Service } from '../../service.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { appendEvents } from '../../storage/events.ts';
import { deleteParts, findImport, finishRun, type ImportRunRow } from '../../storage/imports.ts';
import type { JobHandler, Progress } from '../jobs.ts';
import { readErasures } from '../privacy/erasures.ts';
import { RefusedError } from '../refused-error.ts';
import { readSiteContext } from '../site/site-context.ts';
import { isImportFormat, parserOf } from './import-formats.ts';
import { PART_OVERHEAD_BYTES, readBackPart } from './import-parts.ts';
import { CutOffError, type ImportedRecord, ImportFormatError } from './import-record.ts';
import { createImportStore, type ImportStore } from './import-store.ts';
import { PIECE_BYTES, readText } from './read-text.ts';

const BATCH = 500;

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
    await store.finish();
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
  return `The file ends early: ${error.message}.${taken} Send the whole file again: nothing is stored twice.`;
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
  await store.finish();
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
    merged: done?.merged.length ?? 0,
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
