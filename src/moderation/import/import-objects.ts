/** Files of JSON objects into records. */
import type { z } from 'zod';
import { type ImportedRecord, type ImportParserMaker, refused } from './import-record.ts';
import { createRowReader } from './json-rows.ts';

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
