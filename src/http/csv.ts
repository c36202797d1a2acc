/** Tables as CSV (RFC 4180), safe to open in a spreadsheet. */

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

function writeCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = typeof value === 'string' && FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
