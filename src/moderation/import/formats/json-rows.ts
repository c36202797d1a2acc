/**
 * The objects of a JSON file, read as a stream, so that memory does not grow with the file. Where each line is an object,
 * a line that is none is told by its number and the others are read all the same. Anything else is one document, or
 * objects one behind the other: there nothing tells where to go on behind a fault.
 */
import { JSONParser, TokenizerError, TokenParserError, TokenType } from '@streamparser/json';
import { CutOffError, ImportFormatError } from '../import-record.ts';

/** A comment has 65,525 bytes at most, and JSON may write each as six characters. */
const LONGEST_ROW = 2_000_000;
/** What stands between the rows of a document, and a row that will be refused, are kept until they end. */
const LONGEST_GAP = 16 * 1024 * 1024;
const DEEPEST = 200;

export interface RowHandlers {
  readonly row: (value: object, line: number) => void;
  readonly fault: (line: number, code: string, detail: string) => void;
}

export interface RowReader {
  /** @throws {ImportFormatError} where nothing tells how to go on. */
  readonly write: (text: string) => void;
  /** @throws {CutOffError} when a row or an array is not closed. */
  readonly end: () => void;
}

/**
 * @param nested whether an array of objects within an object holds rows, and that object is none: as tools write that put
 * a head before the rows.
 */
export function createRowReader(on: RowHandlers, nested: boolean): RowReader {
  let head = '';
  let reader: RowReader | null = null;
  const begin = () => {
    const [line = ''] = head.trimStart().split('\n', 1);
    reader = isRow(line.trimEnd(), nested) ? readLines(on, line.startsWith('[')) : readDocument(on, nested);
    reader.write(head);
    return reader;
  };
  return {
    write: (text) => {
      if (reader) return reader.write(text);
      head += text;
      if (head.length > LONGEST_ROW || head.trimStart().includes('\n')) begin();
    },
    end: () => (reader ?? begin()).end(),
  };
}

/** A first line that is an object, perhaps a broken one, or an array's first with its comma, as `sqlite3 -json` writes. */
function isRow(line: string, nested: boolean): boolean {
  if (line.length > LONGEST_ROW) return false;
  if (line.startsWith('[')) return /^\[\s*\{/.test(line) && line.endsWith('},');
  return !nested && /^\{\s*"/.test(line) && !/(?:[[{:]|[^}],)$/.test(line);
}

function readLines(on: RowHandlers, inArray: boolean): RowReader {
  let rest = '';
  let line = 0;
  let isTooLong = false;
  let last = '';
  const readLine = (text: string) => {
    line += 1;
    last = text.trim();
    const row = last.replace(/^\[|[,\]]$/g, '');
    const value = parseJson(row);
    if (isTooLong || text.length > LONGEST_ROW) {
      on.fault(line, 'too_long', `The line is longer than ${LONGEST_ROW} characters.`);
    } else if (isObject(value)) on.row(value, line);
    else if (row !== '') on.fault(line, 'bad_json', 'This line is not a JSON object.');
    isTooLong = false;
  };
  return {
    write: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const whole of lines) readLine(whole);
      isTooLong ||= rest.length > LONGEST_ROW;
      if (isTooLong) rest = '';
    },
    end: () => {
      if (/^\s*\{/.test(rest) && !/\}[,\]]?\s*$/.test(rest)) throw notClosed(line + 1);
      if (rest.trim() !== '' || isTooLong) readLine(rest);
      if (inArray && !last.endsWith(']')) throw notClosed(1);
    },
  };
}

function readDocument(on: RowHandlers, nested: boolean): RowReader {
  const parser = new JSONParser({ separator: '' });
  const objects: { readonly line: number; readonly offset: number }[] = [];
  let arrays = 0;
  let line = 1;
  let from = { line, offset: 0 };
  let to = 0;
  let lastRow = -1;
  let gap = 0;
  let isOver = false;
  parser.onToken = ({ token, offset }) => {
    to = offset;
    if (token === TokenType.LEFT_BRACE) objects.push({ line, offset });
    else if (token === TokenType.RIGHT_BRACE) from = objects.pop() ?? from;
    else if (token === TokenType.LEFT_BRACKET) arrays += 1;
    else if (token === TokenType.RIGHT_BRACKET) arrays -= 1;
    if (objects.length + arrays > DEEPEST) throw new ImportFormatError(`line ${line} is nested too deeply`);
  };
  parser.onValue = ({ value, parent }) => {
    const isOuter = objects.length === 0;
    if (!isObject(value)) {
      if (isOuter && !Array.isArray(value)) on.fault(line, 'bad_json', 'This is not a JSON object.');
    } else if (nested ? !isObject(parent) && lastRow < from.offset : isOuter) {
      if (to - from.offset < LONGEST_ROW) on.row(value, from.line);
      else on.fault(from.line, 'too_long', `The object is longer than ${LONGEST_ROW} bytes.`);
      if (Array.isArray(parent)) parent.pop();
      lastRow = from.offset;
      gap = 0;
    }
  };
  parser.onError = (error) => {
    if (isOver) throw notClosed(objects[0]?.line ?? 1);
    const isFault = error instanceof TokenizerError || error instanceof TokenParserError;
    throw isFault ? new ImportFormatError(`line ${line} is not JSON`) : error;
  };
  return {
    write: (text) => {
      for (const part of text.split(/(?<=\n)/)) {
        parser.write(part);
        if (part.endsWith('\n')) line += 1;
      }
      gap += text.length;
      if (gap > LONGEST_GAP) throw new ImportFormatError(`an object before line ${line} is too large`);
    },
    end: () => {
      isOver = true;
      parser.end();
    },
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notClosed(line: number): CutOffError {
  return new CutOffError(`what begins in line ${line} is not closed`);
}
