/** Which files can be imported, and by what they are read. */
import { parseIsso, parseNatural, parseRemark42, parseSampleCsv, parseSampleLines } from './import-lines.ts';
import type { ImportParser } from './import-record.ts';
import { parseDisqus, parseWxr } from './import-xml.ts';

const parsers = {
  wxr: parseWxr,
  disqus: parseDisqus,
  isso: parseIsso,
  remark42: parseRemark42,
  jsonl: parseSampleLines,
  csv: parseSampleCsv,
  natural: parseNatural,
} satisfies Record<string, () => ImportParser>;

export type ImportFormat = keyof typeof parsers;
export const IMPORT_FORMATS = Object.keys(parsers) as [ImportFormat, ...ImportFormat[]];

export function isImportFormat(text: string): text is ImportFormat {
  return Object.hasOwn(parsers, text);
}

export function createImportParser(format: ImportFormat): ImportParser {
  return parsers[format]();
}
