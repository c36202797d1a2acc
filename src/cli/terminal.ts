/** What is printed: results on stdout, progress and errors on stderr, control characters nowhere. */

/**
 * The text without C0 and C1 control characters (line feeds and tabs stay): a name from the database must not be able
 * to move the cursor, set the window title or colour the screen.
 *
 * @example
 * stripControls('a\u001b]0;title\u0007b') // 'a]0;titleb'
 */
export function stripControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

export function printLine(text: string): void {
  process.stdout.write(`${stripControls(text)}\n`);
}

export function printError(text: string): void {
  process.stderr.write(`${stripControls(text)}\n`);
}

/** A table in columns; the first row is the head. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const clean = rows.map((row) => row.map((cell) => stripControls(cell).replace(/[\n\t]/g, ' ')));
  const widths =
    clean[0]?.map((_, column) => Math.max(...clean.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of clean) {
    printLine(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

export interface ProgressBar {
  /** `total` null: how much there is is not known yet. */
  readonly show: (done: number, total: number | null) => void;
  readonly end: () => void;
}

const BAR_WIDTH = 30;

/**
 * A bar with rate and time left, on stderr and only on a terminal: a log file gets none of it.
 *
 * @param now the clock in milliseconds.
 */
export function createProgressBar(label: string, now: () => number): ProgressBar {
  if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
  const start = now();
  return {
    show: (done, total) => {
      process.stderr.write(`\r\u001b[2K${stripControls(formatProgress(label, done, total, now() - start))}`);
    },
    end: () => {
      process.stderr.write('\r\u001b[2K');
    },
  };
}

/**
 * @example
 * formatProgress('training', 500, 1000, 2000)
 * // 'training [###############---------------]  50 %  500/1000  250/s  2 s left'
 * formatProgress('training: fitting', 0, null, 2000)
 * // 'training: fitting  2 s'
 */
export function formatProgress(label: string, done: number, total: number | null, elapsedMs: number): string {
  if (total === null && done === 0) return `${label}  ${Math.round(elapsedMs / 1000)} s`;
  const rate = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
  const perSecond = `${Math.round(rate)}/s`;
  if (total === null || total === 0) return `${label}  ${done}  ${perSecond}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
  const left = rate > 0 ? `  ${Math.ceil((total - done) / rate)} s left` : '';
  const percent = `${Math.round(share * 100)} %`.padStart(5);
  return `${label} ${bar} ${percent}  ${done}/${total}  ${perSecond}${left}`;
}
