/** Which files can be imported, and by what they are read. */
import { parseSampleCsv } from './import-csv.ts';
import { parseDisqus } from './import-disqus.ts';
import { parseIsso, parseRemark42 } from './import-json.ts';
import type { ImportParserMaker } from './import-record.ts';
import { parseNatural, parseSampleLines } from './import-samples.ts';
import { parseWxr } from './import-wxr.ts';

const parsers = {
  wxr: parseWxr,
  disqus: parseDisqus,
  isso: parseIsso,
  remark42: parseRemark42,
  jsonl: parseSampleLines,
  csv: parseSampleCsv,
  natural: parseNatural,
} satisfies Record<string, ImportParserMaker>;

export type ImportFormat = keyof typeof parsers;
export const IMPORT_FORMATS = Object.keys(parsers) as [ImportFormat, ...ImportFormat[]];

export function isImportFormat(text: string): text is ImportFormat {
  return Object.hasOwn(parsers, text);
}

export function parserOf(format: ImportFormat): ImportParserMaker {
  return parsers[format];
}
