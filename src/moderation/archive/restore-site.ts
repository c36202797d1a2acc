/** A site back from its export: read through once to see that it is whole, then stored in batches that can go on. */
import type { Service } from '../../service.ts';
import { type ArchivedTable, insertMissingPosts, insertRows, writeReference } from '../../storage/archive.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction, sqlState } from '../../storage/connection/transaction.ts';
import { findImport, type ImportRunRow, noteBatch, prepareBatch } from '../../storage/imports.ts';
import { findSite, updateSite } from '../../storage/sites.ts';
import { ImportFormatError, RESTORE_FORMAT } from '../import/import-record.ts';
import { finishImport, openParts } from '../import/import-run.ts';
import { readText } from '../import/read-text.ts';
import type { JobHandler, Progress } from '../jobs.ts';
import { RefusedError } from '../refused-error.ts';
import { settingsSchema } from '../site/settings.ts';
import { forgetSite } from '../site/site-context.ts';
import { type ArchiveEnd, ArchiveError, type ArchiveHead, readArchive } from './archive-format.ts';
import { createRowReader, type NumberedRow, planRows, tableOf } from './restore-plan.ts';

const BATCH_ROWS = 500;
/** PostgreSQL takes 65,535 parameters in a statement. */
const MOST_PARAMETERS = 60_000;
const BATCH_CHARACTERS = 8_000_000;

/** Progress is in bytes of the file, counted twice: it is read to check it, and again to store it. */
export const restoreSite: JobHandler = async (service, job, progress) => {
  const id = typeof job.input.import === 'string' ? job.input.import : '';
  const run = await findImport(service.db, job.site_id, id);
  if (!run || run.format !== RESTORE_FORMAT) throw new RefusedError('not_found', 'The restore is gone.');
  try {
    const { head, end } = await checkFile(service, run, progress);
    await storeLines(service, run, head, progress);
    await finishSite(service, run, head, end);
    return await finishImport(service, run);
  } catch (error) {
    if (error instanceof ArchiveError || error instanceof ImportFormatError) {
      throw new RefusedError('invalid_value', `The file: ${error.message}.`, { import: id });
    }
    throw error;
  }
};

interface Checked {
  readonly head: ArchiveHead;
  readonly end: ArchiveEnd;
}

async function checkFile(service: Service, run: ImportRunRow, progress: Progress): Promise<Checked> {
  let head: ArchiveHead | null = null;
  let end: ArchiveEnd | null = null;
  for await (const { line, content } of linesOf(service, run, progress, 0)) {
    if ('archive' in content) {
      head = content;
      if (head.site.id !== run.site_id) throw new ArchiveError(line, 'it is the export of another site');
    } else if ('end' in content) end = content.end;
    else if ('table' in content) tableOf(content.table, line);
  }
  if (head && end) return { head, end };
  throw new ArchiveError(1, 'there is nothing in it');
}

/** Every line, telling the progress after each part. */
async function* linesOf(service: Service, run: ImportRunRow, progress: Progress, before: number) {
  const total = Number(run.size_bytes);
  let read = 0;
  let told = 0;
  const source = openParts(service, run, (bytes) => {
    read += bytes;
  });
  for await (const line of readArchive(readText(source))) {
    if (read > told) {
      told = read;
      await progress(before + Math.min(read, total), 2 * total);
    }
    yield line;
  }
}

interface Batch {
  readonly table: ArchivedTable;
  /** The columns of its rows; null: of links. */
  readonly columns: string | null;
  readonly rows: NumberedRow[];
  readonly links: { readonly id: string; readonly to: string }[];
  characters: number;
}

async function storeLines(
  service: Service,
  run: ImportRunRow,
  head: ArchiveHead,
  progress: Progress,
): Promise<void> {
  const readRow = createRowReader(service, run.site_id);
  const total = Number(run.size_bytes);
  let batch: Batch | null = null;
  let record = 0;
  for await (const { line, content } of linesOf(service, run, progress, total)) {
    if (!('table' in content) || record++ < run.records) continue;
    const table = tableOf(content.table, line);
    const columns = 'row' in content ? Object.keys(content.row).sort().join() : null;
    if (batch && !fits(batch, table, columns)) {
      await storeBatch(service, run, head, batch);
      batch = null;
    }
    batch ??= { table, columns, rows: [], links: [], characters: 0 };
    if ('link' in content) batch.links.push(content.link);
    else {
      batch.rows.push({ line, row: await readRow(table, content.row, line) });
      batch.characters += sizeOf(content.row);
    }
  }
  if (batch) await storeBatch(service, run, head, batch);
}

function fits(batch: Batch, table: ArchivedTable, columns: string | null): boolean {
  const width = columns === null ? 1 : columns.split(',').length;
  const most = Math.min(BATCH_ROWS, Math.floor(MOST_PARAMETERS / width));
  return (
    batch.table === table &&
    batch.columns === columns &&
    batch.rows.length + batch.links.length < most &&
    batch.characters < BATCH_CHARACTERS
  );
}

function sizeOf(row: Readonly<Record<string, unknown>>): number {
  let size = 0;
  for (const value of Object.values(row)) size += typeof value === 'string' ? value.length : 8;
  return size;
}

/** A batch and the note of it in one transaction: an attempt that goes on repeats no line and leaves none out. */
async function storeBatch(
  service: Service,
  run: ImportRunRow,
  head: ArchiveHead,
  { table, rows, links }: Batch,
): Promise<void> {
  const records = rows.length + links.length;
  try {
    await inTransaction(service.db, async (trx) => {
      await prepareBatch(trx);
      const inTrx: Service = { ...service, db: trx };
      const planned = await planRows(inTrx, run.site_id, table, rows, new Date(head.exported_at));
      if (table.name === 'comment') await insertMissingPosts(trx, planned);
      await insertRows(trx, table, Object.keys(rows[0]?.row ?? {}), planned);
      for (const link of links) await writeReference(trx, run.site_id, table, table.self ?? '', link);
      const added = planned.length + links.length;
      await noteBatch(trx, run.id, { records, added, known: 0, refused: 0, passedOver: records - added }, []);
    });
  } catch (error) {
    throw explain(error, rows, table) ?? error;
  }
}

/** SQLSTATE classes 22 and 23: the data is at fault. Its message may hold what is in the row, so it is left out. */
function explain(error: unknown, rows: readonly NumberedRow[], table: ArchivedTable): ArchiveError | null {
  const state = sqlState(error);
  const first = rows[0]?.line;
  if (!/^2[23]/.test(state) || first === undefined) return null;
  const last = rows.at(-1)?.line ?? first;
  return new ArchiveError(
    first,
    `the database takes no such ${table.name} (SQLSTATE ${state}) up to line ${last}`,
  );
}

/** The settings and the active model come last: until then the site is as a new one. */
async function finishSite(
  service: Service,
  run: ImportRunRow,
  head: ArchiveHead,
  end: ArchiveEnd,
): Promise<void> {
  const known = Object.entries(head.site.settings).filter(([name]) => name in settingsSchema.shape);
  const settings = settingsSchema.partial().safeParse(Object.fromEntries(known));
  if (!settings.success) throw new ArchiveError(1, 'a setting is not valid here');
  const site = await findSite(service.db, run.site_id);
  if (!site) throw new RefusedError('not_found', 'The site is gone.');
  await inTransaction(service.db, async (trx) => {
    await updateSite(trx, run.site_id, {
      settings: JSON.stringify(Object.fromEntries(known)),
      active_model: head.site.active_model,
    });
    await appendAudit(trx, {
      siteId: run.site_id,
      actor: run.created_by,
      action: 'site.restore',
      subject: run.site_id,
      detail: { exported_at: head.exported_at, sha256: end.sha256, counts: end.counts },
      at: service.now(),
    });
  });
  forgetSite(service, run.site_id);
}
