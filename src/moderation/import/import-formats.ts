/** Which files can be imported, and by what they are read. */
import { parseCommento } from './formats/commento.ts';
import { parseSampleCsv } from './formats/csv.ts';
import { parseDisqus } from './formats/disqus.ts';
import { parseGiscus } from './formats/giscus.ts';
import { parseComments, parseCusdis, parseIsso, parseRemark42 } from './formats/json.ts';
import { parseArtalk, parseWaline } from './formats/waline.ts';
import { parseWxr } from './formats/wxr.ts';
import type { ImportParserMaker } from './import-record.ts';
import { parseNatural, parseSampleLines } from './import-samples.ts';

const parsers = {
  wxr: parseWxr,
  disqus: parseDisqus,
  isso: parseIsso,
  remark42: parseRemark42,
  commento: parseCommento,
  comentario: parseCommento,
  cusdis: parseCusdis,
  waline: parseWaline,
  artalk: parseArtalk,
  giscus: parseGiscus,
  comments: parseComments,
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
