/** Imports: a file is announced, sent in parts, and read by a job. */
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import {
  deleteImport,
  findImport,
  type ImportRunRow,
  insertImport,
  listImports,
  listParts,
  listRefusals,
  readImportLoad,
  startRun,
} from '../../storage/imports.ts';
import { findJob } from '../../storage/jobs.ts';
import { type Actor, actorReference, hasScope } from '../actor.ts';
import { type JobView, queueJob } from '../jobs.ts';
import { RefusedError } from '../refused-error.ts';
import type { ImportFormat } from './import-formats.ts';
import { keepPart, PART_OVERHEAD_BYTES } from './import-parts.ts';
import { RESTORE_FORMAT } from './import-record.ts';

/** 16 MiB each: 16 GiB in all. */
export const MOST_PARTS = 1024;
const LISTED_REFUSALS = 1000;
/** Of one site, without those that have started. */
const MAX_WAITING = 20;
/** Of all imports of a site together, as one file may have. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024 * 1024;

export interface ImportView {
  readonly id: string;
  readonly format: string;
  readonly name: string | null;
  /** Of its job; `waiting` while parts are sent. */
  readonly state: string;
  readonly job: string | null;
  readonly records: number;
  /** Comments or samples that are new. */
  readonly added: number;
  readonly known: number;
  readonly refused: number;
  readonly passed_over: number;
  /** Articles of the file that went into threads of other names. */
  readonly merged: readonly { readonly post: string; readonly into: string }[];
  readonly created_at: string;
  readonly finished_at: string | null;
}

export interface ImportDetails extends ImportView {
  /** What has been sent, while the import has not read it all: a client that lost its way sends the others. */
  readonly parts: readonly { part: number; bytes: number }[];
  /** The first 1,000. */
  readonly refusals: readonly { line: number; code: string; detail: string }[];
}

export async function announceImport(
  service: Service,
  siteId: string,
  actor: Actor,
  wanted: { format: ImportFormat; name: string | null; labels: boolean },
): Promise<ImportView> {
  const now = service.now();
  if ((await readImportLoad(service.db, siteId)).waiting >= MAX_WAITING) {
    throw new RefusedError(
      'conflict',
      `${MAX_WAITING} imports of this site wait for their parts: start one, or withdraw it with DELETE.`,
    );
  }
  const row = await inTransaction(service.db, async (trx) => {
    const run = await insertImport(trx, {
      id: createId(now.getTime(), service.random(10)),
      site_id: siteId,
      job_id: null,
      format: wanted.format,
      name: wanted.name,
      options: JSON.stringify({ labels: wanted.labels }),
      parts: null,
      size_bytes: 0,
      created_by: actorReference(actor),
      created_at: now,
    });
    await appendAudit(trx, {
      siteId,
      actor: actorReference(actor),
      action: 'import.create',
      subject: run.id,
      detail: { format: wanted.format, labels: wanted.labels },
      at: now,
    });
    return run;
  });
  return viewImport(row, 'waiting');
}

/** Keeps a part of the file; parts count from 0 and may come again. */
export async function sendPart(
  service: Service,
  siteId: string,
  actor: Actor,
  { id, part }: { readonly id: string; readonly part: number },
  bytes: Uint8Array,
): Promise<void> {
  const run = await findSendable(service, siteId, actor, id);
  if (run.job_id !== null)
    throw new RefusedError('conflict', 'The import has started: it takes no more parts.');
  const { bytes: kept } = await readImportLoad(service.db, siteId);
  if (kept + bytes.length > MAX_KEPT_BYTES) {
    throw new RefusedError(
      'conflict',
      'The files of this site that wait or are being read have 16 GiB: let one end, or withdraw it with DELETE.',
    );
  }
  await keepPart(service, id, part, bytes);
}

/**
 * Withdraws an import: its file, and what is shown of it, is deleted. What it has stored stays.
 *
 * @throws {RefusedError} `conflict` while its job waits or runs.
 */
export async function withdrawImport(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
): Promise<void> {
  await findSendable(service, siteId, actor, id);
  await inTransaction(service.db, async (trx) => {
    if (!(await deleteImport(trx, id))) {
      throw new RefusedError('conflict', 'The import is being read: cancel its job first.');
    }
    await appendAudit(trx, {
      siteId,
      actor: actorReference(actor),
      action: 'import.withdraw',
      subject: id,
      detail: {},
      at: service.now(),
    });
  });
}

/** A restore writes rows as they are: its file is an admin's alone, also for a key that may import. */
async function findSendable(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
): Promise<ImportRunRow> {
  const run = await findImport(service.db, siteId, id);
  if (!run || (run.format === RESTORE_FORMAT && !(hasScope(actor, 'admin') && actor.siteId === null))) {
    throw missing();
  }
  return run;
}

/** Queues the job that reads the file. @throws {RefusedError} `conflict` when a part is missing or it has started. */
export async function queueImport(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
): Promise<JobView> {
  const run = await findSendable(service, siteId, actor, id);
  if (run.job_id !== null) throw new RefusedError('conflict', 'The import has started already.');
  const parts = await listParts(service.db, id);
  const sizeBytes = parts.reduce((sum, { size }) => sum + size, 0);
  const gap = parts.findIndex(({ part }, at) => part !== at);
  if (parts.length === 0 || gap >= 0) {
    throw new RefusedError('conflict', `Part ${Math.max(0, gap)} of the file is missing: send it first.`);
  }
  const kind = run.format === RESTORE_FORMAT ? 'restore' : 'import';
  return await inTransaction(service.db, async (trx) => {
    const queued = await queueJob({ ...service, db: trx }, siteId, actor, kind, { import: id });
    if (!(await startRun(trx, id, queued.id, parts.length, sizeBytes))) {
      throw new RefusedError('conflict', 'The import has started already.');
    }
    return queued;
  });
}

export async function showImport(service: Service, siteId: string, id: string): Promise<ImportDetails> {
  const run = await findImport(service.db, siteId, id);
  if (!run) throw missing();
  const [refusals, kept] = await Promise.all([
    listRefusals(service.db, id, LISTED_REFUSALS),
    listParts(service.db, id),
  ]);
  const parts = kept.map(({ part, size }) => ({ part, bytes: size - PART_OVERHEAD_BYTES }));
  return { ...(await withState(service, run)), parts, refusals };
}

/** The newest 100. */
export async function showImports(service: Service, siteId: string): Promise<ImportView[]> {
  const runs = await listImports(service.db, siteId, 100);
  return await Promise.all(runs.map((run) => withState(service, run)));
}

async function withState(service: Service, run: ImportRunRow): Promise<ImportView> {
  const job = run.job_id === null ? null : await findJob(service.db, run.site_id, run.job_id);
  return viewImport(run, job?.state ?? 'waiting');
}

export function viewImport(run: ImportRunRow, state: string): ImportView {
  return {
    id: run.id,
    format: run.format,
    name: run.name,
    state,
    job: run.job_id,
    records: run.records,
    added: run.added,
    known: run.known,
    refused: run.refused,
    passed_over: run.passed_over,
    merged: run.merged,
    created_at: run.created_at.toISOString(),
    finished_at: run.finished_at?.toISOString() ?? null,
  };
}

function missing(): RefusedError {
  return new RefusedError('not_found', 'There is no such import.');
}
