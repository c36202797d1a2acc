/** XML exports, read as a stream: memory does not grow with the file. */
import { SaxesParser } from 'saxes';
import { createXmlMender } from '../../core/text/mend-xml.ts';
import {
  CutOffError,
  type ImportedRecord,
  ImportFormatError,
  type ImportParser,
  refused,
} from './import-record.ts';

/** A text element longer than this is cut: no comment is, and a file must not be able to fill the memory. */
const LONGEST_TEXT = 1_000_000;
/** Characters between two tags; the parser gathers them all. */
const LONGEST_GAP = 64 * 1024 * 1024;
/** A file with more faults than this is no XML. */
const MOST_FAULTS = 100;

export type Fields = Record<string, string>;
interface XmlHandlers {
  readonly open: (name: string, attributes: Fields, line: number) => void;
  /** `text` is the element's own. */
  readonly close: (name: string, text: string, parent: string) => void;
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
  const stack: { name: string; text: string }[] = [];
  let faults = 0;
  let gap = 0;
  let recognised = false;
  const addText = (text: string) => {
    const top = stack.at(-1);
    if (top && top.text.length < LONGEST_TEXT) top.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ name, attributes }) => {
    gap = 0;
    recognised ||= known.test(name);
    stack.push({ name, text: '' });
    handlers.open(name, attributes, line());
  });
  parser.on('closetag', () => {
    gap = 0;
    const closed = stack.pop();
    if (closed) handlers.close(closed.name, closed.text, stack.at(-1)?.name ?? '');
  });
  parser.on('error', (error) => {
    if (!recognised || ++faults > MOST_FAULTS)
      throw new ImportFormatError(`this is no such XML: ${error.message.replace(/\.$/, '')}`);
    records.push(refused(line(), 'bad_xml', error.message.slice(0, 300)));
  });
  return {
    write: (text) => {
      gap += text.length;
      if (gap > LONGEST_GAP) throw new ImportFormatError('an element is too large');
      parser.write(mender.write(text));
    },
    end: () => {
      parser.write(mender.end());
      const open = stack.at(-1);
      if (open && recognised)
        throw new CutOffError(`<${open.name}> is not closed at its last line, ${line()}`);
      parser.close();
      if (!recognised) throw new ImportFormatError('nothing of this format stands in the file');
    },
  };
}
