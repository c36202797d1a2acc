/** Files of JSON objects into records. */
import type { z } from 'zod';
import { type ImportedRecord, ImportFormatError, type ImportParserMaker, refused } from '../import-record.ts';
import { createRowReader, parseJson } from './json-rows.ts';

/** One object a row, however they are written; see json-rows.ts. */
export function parseObjects<T>(
  schema: z.ZodType<T>,
  read: (row: T, line: number) => ImportedRecord | null,
  nested = false,
): ImportParserMaker {
  const readRow = (value: object, line: number): ImportedRecord | null => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return read(parsed.data, line);
    const [issue] = parsed.error.issues;
    return refused(line, 'invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300));
  };
  return (records) =>
    createRowReader(
      {
        row: (value, line) => {
          const record = readRow(value, line);
          if (record) records.push(record);
        },
        fault: (line, code, detail) => records.push(refused(line, code, detail)),
      },
      nested,
    );
}

/** The document is held whole, several times its size while it is parsed. */
const MAX_DOCUMENT_LENGTH = 64 * 1024 * 1024;

/**
 * One JSON document whose parts name each other, so that it is read as a whole: the names of authors stand behind their
 * comments. Records are counted, as such a document may be one line.
 */
export function parseDocument<T>(
  name: string,
  schema: z.ZodType<T>,
  read: (document: T) => ImportedRecord[],
): ImportParserMaker {
  return (records) => {
    const pieces: string[] = [];
    let length = 0;
    return {
      write: (text) => {
        pieces.push(text);
        length += text.length;
        if (length > MAX_DOCUMENT_LENGTH)
          throw new ImportFormatError(`an export of ${name} may have 64 MiB: split it`);
      },
      end: () => {
        const text = pieces.join('').replace(/^\uFEFF/, '');
        const json = parseJson(text);
        if (json === undefined) throw new ImportFormatError(`it is not one whole JSON document of ${name}`);
        const parsed = schema.safeParse(json);
        const [issue] = parsed.error?.issues ?? [];
        if (!parsed.success) {
          const place = issue?.path.join('.') || 'the document';
          throw new ImportFormatError(`it is not an export of ${name} (${place}: ${issue?.message ?? ''})`);
        }
        for (const record of read(parsed.data)) records.push(record);
      },
    };
  };
}
