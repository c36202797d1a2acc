/** XML exports, read as a stream: memory does not grow with the file. */
import { SaxesParser } from 'saxes';
import { createXmlMender } from '../../../core/text/mend-xml.ts';
import {
  CutOffError,
  type ImportedRecord,
  ImportFormatError,
  type ImportParser,
  refused,
} from '../import-record.ts';

/** Characters of the elements that are open; what is beyond is cut: no comment is so long. */
const MAX_OPEN_CHARACTERS = 2_000_000;
/** Characters between two tags; the parser gathers them all. */
const MAX_GAP_CHARACTERS = 16 * 1024 * 1024;
/** A file with more faults than this is no XML. */
const MAX_FAULTS = 100;
/** Elements within each other. 3,000,000 of them, 8.8 KB of gzip, took all of the memory. */
const MAX_DEPTH = 200;
const MAX_ATTRIBUTES = 1_000;
const MAX_FIELDS = 1_000;

/** The elements of one record by their names. */
export interface Fields {
  readonly get: (name: string) => string | undefined;
  /** @throws {ImportFormatError} when the record has more or longer ones than any record has. */
  readonly set: (name: string, text: string) => void;
}

export function createFields(line: number): Fields {
  const fields = new Map<string, string>();
  let characters = 0;
  return {
    get: (name) => fields.get(name),
    set: (name, text) => {
      characters += name.length + text.length - (fields.get(name)?.length ?? 0);
      fields.set(name, text);
      if (fields.size > MAX_FIELDS) {
        throw new ImportFormatError(`the record at line ${line} has more than ${MAX_FIELDS} fields`);
      }
      if (characters > MAX_OPEN_CHARACTERS) {
        throw new ImportFormatError(
          `the record at line ${line} has more than ${MAX_OPEN_CHARACTERS} characters`,
        );
      }
    },
  };
}

interface XmlHandlers {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>, line: number) => void;
  /** `text` is the element's own. */
  readonly close: (name: string, text: string, parent: string) => void;
}

/** The elements that are not closed yet, with their own text as far as there is room for it. */
function createOpenElements() {
  const stack: { name: string; text: string }[] = [];
  let characters = 0;
  return {
    open: (name: string): number => stack.push({ name, text: '' }),
    addText: (text: string): void => {
      const top = stack.at(-1);
      if (!top || characters >= MAX_OPEN_CHARACTERS) return;
      top.text += text;
      characters += text.length;
    },
    close: () => {
      const closed = stack.pop();
      characters -= closed?.text.length ?? 0;
      return closed;
    },
    top: () => stack.at(-1),
  };
}

function requireFewAttributes(count: number, line: number): void {
  if (count <= MAX_ATTRIBUTES) return;
  throw new ImportFormatError(`line ${line}: an element has more than ${MAX_ATTRIBUTES} attributes`);
}

function requireDepth(depth: number, line: number): void {
  if (depth <= MAX_DEPTH) return;
  throw new ImportFormatError(`line ${line} is nested more than ${MAX_DEPTH} elements deep`);
}

export function createXmlParser(
  records: ImportedRecord[],
  handlers: XmlHandlers,
  known: RegExp,
): ImportParser {
  // 1.1 forbids more characters than 1.0 does, and adds nothing that an export has.
  const parser = new SaxesParser<object>({ forceXMLVersion: true, defaultXMLVersion: '1.0' });
  const mender = createXmlMender();
  const line = () => parser.line + mender.skippedLines();
  const elements = createOpenElements();
  let faults = 0;
  let gap = 0;
  let attributes = 0;
  let recognised = false;
  parser.on('text', elements.addText);
  parser.on('cdata', elements.addText);
  parser.on('attribute', () => requireFewAttributes(++attributes, line()));
  parser.on('opentag', (tag) => {
    gap = 0;
    attributes = 0;
    recognised ||= known.test(tag.name);
    requireDepth(elements.open(tag.name), line());
    handlers.open(tag.name, tag.attributes, line());
  });
  parser.on('closetag', () => {
    gap = 0;
    const closed = elements.close();
    if (closed) handlers.close(closed.name, closed.text, elements.top()?.name ?? '');
  });
  parser.on('error', (error) => {
    if (!recognised || ++faults > MAX_FAULTS)
      throw new ImportFormatError(`this is no such XML: ${error.message.replace(/\.$/, '')}`);
    records.push(refused(line(), 'bad_xml', error.message.slice(0, 300)));
  });
  return {
    write: (text) => {
      gap += text.length;
      if (gap > MAX_GAP_CHARACTERS) throw new ImportFormatError(`line ${line()}: an element is too large`);
      parser.write(mender.write(text));
    },
    end: () => {
      parser.write(mender.end());
      const unclosed = elements.top();
      if (unclosed && recognised)
        throw new CutOffError(`<${unclosed.name}> is not closed at its last line, ${line()}`);
      parser.close();
      if (!recognised) throw new ImportFormatError('the file has nothing of this format');
    },
  };
}
