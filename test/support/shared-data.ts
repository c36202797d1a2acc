/** The labelled comments beside the checkout; tests that read them skip visibly where they are absent. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Label } from '../../src/core/comment.ts';

/** Where the labelled comments are. */
export const SHARED_DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

export interface SharedComment {
  readonly text: string;
  readonly label: Label;
  readonly author?: string;
}

/** Whether ../shared/data is there. */
export const HAS_SHARED_DATA = existsSync(`${SHARED_DATA}README.md`);

/** The text of `NAME.txt.gz`, a list with an entry a line. */
export function readSharedList(name: string): string {
  return gunzipSync(readFileSync(`${SHARED_DATA}${name}.txt.gz`)).toString('utf8');
}

/** The rows of `NAME.jsonl.gz`. */
export function readShared(name: string): SharedComment[] {
  const lines = gunzipSync(readFileSync(`${SHARED_DATA}${name}.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as SharedComment);
}
