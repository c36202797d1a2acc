/** Samples as CSV (RFC 4180, and as spreadsheets write it: a semicolon or a tab between the cells). */
import {
  CutOffError,
  type ImportedRecord,
  ImportFormatError,
  type ImportParser,
  refused,
} from '../import-record.ts';
import { sampleRow, toSample } from '../import-samples.ts';

const LONGEST_CELL = 2_000_000;
/** 100,000,000 commas, 97 KB of gzip, took all of the memory. */
const MAX_CELLS = 1_000;
const CONTENT = ['content', 'text', 'comment_content'];
const LABEL = ['label', 'comment_approved'];

/** With a head: `content` or `text`, `label`, and `author_name`, `author`, `author_url` where there are; or wp-cli's. */
export function parseSampleCsv(records: ImportedRecord[]): ImportParser {
  let head: readonly string[] | null = null;
  const read = (cells: readonly string[], line: number) => {
    if (cells.length === 1 && cells[0]?.trim() === '') return;
    // Excel's own line, which tells the separator.
    if (head === null && cells[0] === 'sep=' && cells.length === 2) return;
    if (head === null) {
      head = readHead(cells);
      return;
    }
    if (cells.slice(head.length).some((cell) => cell !== '')) {
      records.push(
        refused(line, 'invalid', `The row has ${cells.length} cells and the head ${head.length}.`),
      );
      return;
    }
    const row = Object.fromEntries(head.map((name, at) => [name, unguard(cells[at] ?? '')]));
    const parsed = sampleRow.safeParse(row);
    records.push(
      parsed.success ? toSample(parsed.data, line) : refused(line, 'invalid', 'The row cannot be read.'),
    );
  };
  return createCellReader(read);
}

function readHead(cells: readonly string[]): string[] {
  const head = cells.map((cell) =>
    cell
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  );
  const has = (names: readonly string[]) => names.some((name) => head.includes(name));
  if (has(CONTENT) && has(LABEL)) return head;
  const found = head.slice(0, 20).map((name) => `“${name.slice(0, 40)}”`);
  throw new ImportFormatError(
    `the head of the CSV has the columns ${found.join(', ')}; it needs “content” (or “text”) and “label”`,
  );
}

/** Without the apostrophe that keeps a spreadsheet from taking the cell for a formula; see http/routing/csv.ts. */
function unguard(cell: string): string {
  return /^'+[\s\u0000]*[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function tooManyCells(line: number): ImportFormatError {
  return new ImportFormatError(`line ${line} has more than ${MAX_CELLS} cells`);
}

/** The first comma, semicolon or tab outside quotes is what stands between the cells. */
function createCellReader(row: (cells: string[], line: number) => void) {
  let separator: string | null = null;
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let afterQuote = false;
  let line = 1;
  let rowLine = 1;
  const endRow = () => {
    row([...cells, cell], rowLine);
    cells = [];
    cell = '';
    rowLine = line;
  };
  const writeChar = (char: string) => {
    if (char === '\n') line += 1;
    if (quoted) {
      if (afterQuote && char !== '"') {
        quoted = false;
        afterQuote = false;
      } else if (char === '"') {
        if (afterQuote) cell += '"';
        afterQuote = !afterQuote;
        return;
      } else {
        cell += char;
        return;
      }
    }
    if (char === '"' && cell === '') quoted = true;
    else if (char === separator || (separator === null && /[,;\t]/.test(char))) {
      separator = char;
      cells.push(cell);
      cell = '';
      if (cells.length >= MAX_CELLS) throw tooManyCells(rowLine);
    } else if (char === '\n') endRow();
    else if (char !== '\r') cell += char;
  };
  return {
    write: (text: string) => {
      for (const char of text) writeChar(char);
      if (cell.length > LONGEST_CELL) throw new ImportFormatError(`line ${rowLine}: a quote is not closed`);
    },
    end: () => {
      if (quoted && !afterQuote) throw new CutOffError(`line ${rowLine}: a quote is not closed`);
      if (cells.length > 0 || cell !== '') endRow();
    },
  };
}
