/** Reads the first records of a file, so that a wrong format is seen before anything is imported. */
import type { Label } from '../../core/comment.ts';
import { RefusedError } from '../refused-error.ts';
import { type ImportFormat, parserOf } from './import-formats.ts';
import { type ImportedRecord, type ImportedThreadState, ImportFormatError } from './import-record.ts';

const MOST_ROWS = 10;
const MOST_CHARACTERS = 200;

/** A record as the preview shows it: neither an address nor an IP is in it. */
interface PreviewRow {
  readonly kind: Exclude<ImportedRecord, ImportedThreadState>['kind'];
  readonly line: number;
  readonly author_name: string | null;
  /** Cut at 200 characters. */
  readonly content: string | null;
  readonly label: Label | null;
  /** Why it would be refused or passed over. */
  readonly detail: string | null;
}

/**
 * The first ten records of a file that begins so. Nothing is stored.
 *
 * @throws {RefusedError} `invalid_value` when it cannot be read as this format.
 */
export function previewImport(format: ImportFormat, beginning: string): PreviewRow[] {
  const records: ImportedRecord[] = [];
  const parser = parserOf(format)(records);
  try {
    parser.write(beginning);
    if (records.length === 0) parser.end();
  } catch (error) {
    if (!(error instanceof ImportFormatError)) throw error;
    // The beginning of a longer file ends in the middle of a record: what came before is shown.
    if (records.length === 0) throw new RefusedError('invalid_value', `The file: ${error.message}.`);
  }
  // What a file says of an article alone is no row of it.
  return records.flatMap((record) => (record.kind === 'thread' ? [] : [viewRow(record)])).slice(0, MOST_ROWS);
}

function viewRow(record: Exclude<ImportedRecord, ImportedThreadState>): PreviewRow {
  const { kind, line } = record;
  if (kind !== 'comment' && kind !== 'sample') {
    return { kind, line, author_name: null, content: null, label: null, detail: record.detail };
  }
  return {
    kind,
    line,
    author_name: record.authorName,
    content: record.content.slice(0, MOST_CHARACTERS),
    label: kind === 'sample' ? record.label : labelOf(record.status),
    detail: null,
  };
}

function labelOf(status: string): Label | null {
  if (status === 'approved') return 'ham';
  return status === 'spam' ? 'spam' : null;
}
