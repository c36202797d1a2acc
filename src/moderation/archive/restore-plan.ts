/** What lines of an export come to as rows of this database: checked, and without what was erased since. */
import type { Service } from '../../service.ts';
import {
  ARCHIVED_TABLES,
  type ArchivedTable,
  findIds,
  readColumns,
  readModelChecksum,
  type StoredRow,
  type StoredValue,
} from '../../storage/archive.ts';
import { findTombstones } from '../../storage/privacy/tombstones.ts';
import { hashContent } from '../site/content-hash.ts';
import { checksumOf } from '../site/store-model.ts';
import { type ArchivedRow, ArchiveError } from './archive-format.ts';

export interface NumberedRow {
  readonly line: number;
  readonly row: StoredRow;
}

export function tableOf(name: string, line: number): ArchivedTable {
  const table = ARCHIVED_TABLES.find((one) => one.name === name);
  if (!table)
    throw new ArchiveError(line, `the table “${name}” is unknown here: restore with a newer version`);
  return table;
}

/** Reads rows as the database's types; asks for the columns of each table once. */
export function createRowReader(service: Service, siteId: string) {
  const known = new Map<string, ReadonlyMap<string, string>>();
  return async (table: ArchivedTable, row: ArchivedRow['row'], line: number): Promise<StoredRow> => {
    const columns = known.get(table.name) ?? (await readColumns(service.db, table.name));
    known.set(table.name, columns);
    const shipped = table.name === 'model' && row.site_id === null;
    if (row.site_id !== siteId && !shipped) throw new ArchiveError(line, 'it belongs to another site');
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const type = columns.get(name);
        if (type === undefined) {
          throw new ArchiveError(line, `the column “${name}” is unknown here: restore with a newer version`);
        }
        return [name, toStored(value, type)];
      }),
    );
  };
}

function toStored(value: ArchivedRow['row'][string] | undefined, type: string): StoredValue {
  if (value === null || value === undefined) return null;
  if (type === 'jsonb') return JSON.stringify(value);
  if (type === 'bytea') return new Uint8Array(Buffer.from(String(value), 'base64'));
  return value;
}

/** The rows of a batch that are to be stored; the others name what is not there, or were erased since. */
export async function planRows(
  service: Service,
  siteId: string,
  table: ArchivedTable,
  batch: readonly NumberedRow[],
  exportedAt: Date,
): Promise<StoredRow[]> {
  if (table.name === 'model') await checkModels(service, batch);
  if (table.name === 'comment') return await planComments(service, siteId, batch, exportedAt);
  if (table.name === 'sample') {
    const erased = await findTombstones(service.db, siteId, 'sample', idsOf(batch, 'id'));
    return batch.filter(({ row }) => !erased.has(String(row.id))).map(({ row }) => row);
  }
  let rows = batch.map(({ row }) => row);
  for (const column of table.comments) {
    const there = await findIds(service.db, siteId, 'comment', idsOf(batch, column));
    rows = rows.filter((row) => there.has(String(row[column])));
  }
  if (table.name === 'second_look') {
    const there = await findIds(service.db, siteId, 'decision', idsOf(batch, 'decision_id'));
    rows = rows.filter((row) => there.has(String(row.decision_id)));
  }
  // Keys and people are not restored: nobody could give a claim back.
  if (table.name === 'queue_item')
    return rows.map((row) => ({ ...row, claimed_by: null, claimed_until: null }));
  if (table.name === 'decision') rows = await withoutLost(service, siteId, rows, 'decision', 'undoes');
  return rows;
}

async function planComments(
  service: Service,
  siteId: string,
  batch: readonly NumberedRow[],
  exportedAt: Date,
): Promise<StoredRow[]> {
  const ids = idsOf(batch, 'id');
  const erased = await findTombstones(service.db, siteId, 'comment', ids);
  const mentions = await findTombstones(service.db, siteId, 'mention', ids);
  const rows = batch
    .map(({ row }) => row)
    .filter((row) => !erased.has(String(row.id)))
    .map((row) => {
      const cutAt = mentions.get(String(row.id));
      return cutAt !== undefined && cutAt >= exportedAt ? cutAddresses(row) : row;
    });
  return await withoutLost(service, siteId, rows, 'comment', 'parent_id');
}

/** Which address was cut is not kept: every one in the text goes. */
function cutAddresses(row: StoredRow): StoredRow {
  const content = String(row.content).replaceAll(/[^\s@<>"'()[\]]+@[^\s@<>"'()[\]]+/gu, '[…]');
  return { ...row, content, content_hash: hashContent(content) };
}

/** A reference to what is neither stored nor in the batch is left empty. */
async function withoutLost(
  service: Service,
  siteId: string,
  rows: readonly StoredRow[],
  table: 'comment' | 'decision',
  column: string,
): Promise<StoredRow[]> {
  const own = new Set(rows.map(({ id }) => String(id)));
  const asked = rows.flatMap((row) => {
    const to = row[column];
    return to === null || to === undefined || own.has(String(to)) ? [] : [String(to)];
  });
  const stored = await findIds(service.db, siteId, table, asked);
  const removed = table === 'comment' ? await findIds(service.db, siteId, 'removed_comment', asked) : [];
  const there = new Set([...stored, ...removed]);
  const isLost = (to: StoredValue | undefined) =>
    to != null && !own.has(String(to)) && !there.has(String(to));
  return rows.map((row) => (isLost(row[column]) ? { ...row, [column]: null } : row));
}

/** @throws {ArchiveError} for bytes without their checksum, and a version that is another model here. */
async function checkModels(service: Service, batch: readonly NumberedRow[]): Promise<void> {
  for (const { line, row } of batch) {
    const bytes = row.bytes instanceof Uint8Array ? row.bytes : new Uint8Array();
    const sha256 = checksumOf(bytes);
    if (sha256 !== row.sha256)
      throw new ArchiveError(line, 'the bytes of the model do not fit their checksum');
    const there = await readModelChecksum(service.db, String(row.version));
    if (there === null || (row.site_id === null && there === sha256)) continue;
    throw new ArchiveError(line, `another model has the version “${String(row.version)}” here`);
  }
}

function idsOf(batch: readonly NumberedRow[], column: string): string[] {
  return batch.map(({ row }) => String(row[column]));
}
