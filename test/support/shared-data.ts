/** The labelled comments beside the checkout; tests that read them skip visibly where they are absent. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Label } from '../../src/core/comment.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

export interface SharedComment {
  readonly text: string;
  readonly label: Label;
  readonly author?: string;
}

/** Whether ../shared/data is there. */
export const HAS_SHARED_DATA = existsSync(`${FOLDER}README.md`);

/** The text of `NAME.txt.gz`, a list with an entry a line. */
export function readSharedList(name: string): string {
  return gunzipSync(readFileSync(`${FOLDER}${name}.txt.gz`)).toString('utf8');
}

/** The rows of `NAME.jsonl.gz`. */
export function readShared(name: string): SharedComment[] {
  const lines = gunzipSync(readFileSync(`${FOLDER}${name}.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as SharedComment);
}
