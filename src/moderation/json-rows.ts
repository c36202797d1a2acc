/**
 * The objects of a file that is JSON lines, one array on one line or on many, or objects printed over many lines: read as
 * a stream, so that memory does not grow with the file. A row that is no JSON is told by its line, and where lines part
 * the rows the others are read all the same.
 */
import { CutOffError, ImportFormatError } from './import-record.ts';

/** A comment has 65,525 bytes at most, and JSON may write each as six characters. */
const LONGEST_ROW = 2_000_000;
const NO_OBJECT = 'This line is no JSON object.';
const STRING_REST = /[^"\\\n]*/y;
const SCALAR = /[^\s{}[\]:,"]+/y;

export interface RowHandlers {
  /** `text` begins with a brace and ends with its other; it may still be no JSON. */
  readonly row: (text: string, line: number) => void;
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
export function createRowReader(handlers: RowHandlers, nested: boolean): RowReader {
  return new JsonRows(handlers, nested);
}

class JsonRows implements RowReader {
  readonly #on: RowHandlers;
  readonly #nested: boolean;
  #input = '';
  #at = 0;
  #line = 1;
  #rowsInLine = 0;
  #openedInLine = false;
  /** What is open around the rows. */
  #outer: string[] = [];
  /** What is open within the row at hand; nothing between rows. */
  #inner: string[] = [];
  /** What stood before within the row: what may follow depends on it. */
  #before: 'open' | 'comma' | 'colon' | 'value' = 'open';
  #inString = false;
  #escaped = false;
  /** Whether the input ended in a number or a word, which may go on. */
  #inScalar = false;
  /** To the end of the line. */
  #skipping = false;
  /** The row's text out of earlier input; the rest of it begins at `#rowAt`. */
  #text = '';
  #tooLong = false;
  #rowAt = 0;
  #rowLine = 1;
  /** Where the current line begins in the row's text. */
  #lineAt = 0;

  constructor(handlers: RowHandlers, nested: boolean) {
    this.#on = handlers;
    this.#nested = nested;
  }

  write(text: string): void {
    this.#input = text;
    this.#at = 0;
    this.#rowAt = 0;
    if (this.#inScalar && text !== '') {
      this.#pass(SCALAR);
      this.#inScalar = this.#at === text.length;
    }
    while (this.#at < this.#input.length) this.#step(this.#input[this.#at] as string);
    if (this.#inner.length === 0) return;
    if (!this.#tooLong) this.#text = this.#rowText(this.#input.length);
    if (this.#text.length > LONGEST_ROW) this.#tooLong = true;
    if (this.#tooLong) this.#text = '';
  }

  end(): void {
    if (this.#inner.length > 0) {
      throw new CutOffError(`the object that begins in line ${this.#rowLine} is not closed`);
    }
    if (this.#outer.length > 0) throw new CutOffError(`its “${this.#outer[0]}” is not closed`);
  }

  #step(char: string): void {
    if (this.#inString) this.#readString(char);
    else if (char === '\n') {
      this.#at += 1;
      this.#endLine();
    } else if (this.#skipping) {
      const end = this.#input.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#input.length : end;
    } else if (/[\s\uFEFF]/.test(char)) this.#at += 1;
    else if (this.#inner.length > 0) this.#readInRow(char);
    else this.#readAround(char);
  }

  #readString(char: string): void {
    if (char === '\n') {
      // JSON writes a line's end as `\n`: a quote is missing, and the next line begins anew.
      if (this.#inner.length === 0) throw this.#lost();
      this.#on.fault(this.#rowLine, 'bad_json', NO_OBJECT);
      this.#leaveRow();
    } else if (this.#escaped) {
      this.#escaped = false;
      this.#at += 1;
    } else if (char === '"' || char === '\\') {
      this.#inString = char !== '"';
      this.#escaped = char === '\\';
      this.#at += 1;
    } else this.#pass(STRING_REST);
  }

  #readInRow(char: string): void {
    const sign = char === ',' || char === ':';
    if (char === '{' || char === '[') this.#openInRow(char);
    else if (char === '}' || char === ']') this.#closeInRow(char);
    else if (sign !== (this.#before === 'value')) this.#failRow();
    else if (sign) {
      this.#before = char === ',' ? 'comma' : 'colon';
      this.#at += 1;
    } else {
      this.#before = 'value';
      this.#readScalar(char);
    }
  }

  #openInRow(char: '{' | '['): void {
    const container = this.#inner.at(-1);
    if (this.#before === 'value' || (container === '{' && this.#before !== 'colon')) {
      this.#failRow();
      return;
    }
    if (this.#nested && char === '{' && container === '[') {
      // The object so far is no row, but what they stand in.
      this.#outer.push(...this.#inner);
      this.#openedInLine = true;
      this.#leaveRow();
      this.#beginRow();
    } else {
      this.#inner.push(char);
      this.#before = 'open';
    }
    this.#at += 1;
  }

  #closeInRow(char: '}' | ']'): void {
    if (this.#inner.at(-1) !== (char === '}' ? '{' : '[') || this.#before === 'colon') {
      this.#failRow();
      return;
    }
    this.#at += 1;
    this.#inner.pop();
    this.#before = 'value';
    if (this.#inner.length === 0) this.#endRow();
  }

  #endRow(): void {
    this.#rowsInLine += 1;
    const text = this.#rowText(this.#at);
    if (this.#tooLong || text.length > LONGEST_ROW) {
      this.#on.fault(this.#rowLine, 'too_long', `The line is longer than ${LONGEST_ROW} characters.`);
    } else this.#on.row(text, this.#rowLine);
    this.#leaveRow();
  }

  /** Between the rows: nothing, or what they stand in. */
  #readAround(char: string): void {
    const inObject = this.#outer.at(-1) === '{';
    if (char === '{' && !inObject) {
      this.#beginRow();
      this.#at += 1;
    } else if (char === '{' || char === '[') {
      this.#outer.push(char);
      this.#openedInLine = true;
      this.#at += 1;
    } else if (char === '}' || char === ']') {
      this.#outer.pop();
      this.#at += 1;
    } else if (char === ',' || (inObject && char === ':')) this.#at += 1;
    else if (inObject) this.#readScalar(char);
    else this.#failRow();
  }

  #readScalar(char: string): void {
    if (char === '"') {
      this.#inString = true;
      this.#at += 1;
    } else {
      this.#pass(SCALAR);
      this.#inScalar = this.#at === this.#input.length;
    }
  }

  #pass(what: RegExp): void {
    what.lastIndex = this.#at;
    this.#at += what.exec(this.#input)?.[0].length ?? 0;
  }

  #beginRow(): void {
    this.#inner = ['{'];
    this.#before = 'open';
    this.#rowLine = this.#line;
    this.#rowAt = this.#at;
    this.#lineAt = 0;
  }

  #rowText(to: number): string {
    return this.#text + this.#input.slice(this.#rowAt, to);
  }

  #leaveRow(): void {
    this.#inner = [];
    this.#text = '';
    this.#tooLong = false;
    this.#inString = false;
    this.#escaped = false;
  }

  /** Lines part the rows: a row that was left open on an earlier line is given up, and this line read for itself. */
  #failRow(): void {
    const open = this.#inner.length > 0;
    const anew = open && this.#rowLine < this.#line && !this.#tooLong;
    if (!anew && (this.#rowsInLine > 0 || this.#openedInLine)) throw this.#lost();
    this.#on.fault(open ? this.#rowLine : this.#line, 'bad_json', NO_OBJECT);
    if (anew) {
      this.#input = this.#rowText(this.#input.length).slice(this.#lineAt);
      this.#at = 0;
      this.#rowAt = 0;
    } else this.#skipping = true;
    this.#leaveRow();
  }

  #lost(): ImportFormatError {
    return new ImportFormatError(`line ${this.#line} is no JSON behind ${this.#rowsInLine} of its objects`);
  }

  #endLine(): void {
    this.#line += 1;
    this.#rowsInLine = 0;
    this.#openedInLine = false;
    this.#skipping = false;
    this.#lineAt = this.#text.length + this.#at - this.#rowAt;
  }
}
