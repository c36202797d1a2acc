/** Reads the rows of the starter: models/corpus of this repository, and the published sets beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { collectRows, type Row, type StarterRow } from './starter-rows.ts';

export const CORPUS_FOLDER = 'models/corpus';

/** The rows of models/corpus, file by file. */
export function readWritten(folder = CORPUS_FOLDER): (Row & { readonly file: string })[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => parseRows(readFileSync(join(folder, file), 'utf8')).map((row) => ({ ...row, file })));
}

/** The rows of `NAME.jsonl.gz` in a folder. */
export function readSet(folder: string, name: string): Row[] {
  return parseRows(gunzipSync(readFileSync(join(folder, `${name}.jsonl.gz`))).toString('utf8'));
}

/** All rows of the starter. */
export function readStarterRows(dataFolder: string): StarterRow[] {
  return collectRows((name) => readSet(dataFolder, name), readWritten());
}

function parseRows(lines: string): Row[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}
