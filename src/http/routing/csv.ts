/** Tables as CSV (RFC 4180), safe to open in a spreadsheet. */
import type { AppContext } from './app-context.ts';

/** What a spreadsheet takes for the beginning of a formula, also behind blanks. */
const FORMULA = /^[\s\u0000]*[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * Rows as CSV with a head. A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay.
 *
 * @example
 * writeCsv(['name'], [['=1+1']]) // "name\r\n'=1+1\r\n"
 */
export function writeCsv(
  head: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  return [head, ...rows].map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');
}

/** The table as a file of this name. */
export function answerCsv(c: AppContext, name: string, ...table: Parameters<typeof writeCsv>): Response {
  return c.body(writeCsv(...table), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  });
}

/** One value, guarded and quoted where it has to be. */
export function writeCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = typeof value === 'string' && FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
