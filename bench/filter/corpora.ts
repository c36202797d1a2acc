/** The labelled comments that the benchmarks read. They are not part of the repository; see docs/evaluation.md. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCommentLines } from '../../src/cli/sample-lines.ts';
import type { Label } from '../../src/core/comment.ts';

export interface Row {
  readonly text: string;
  readonly label: Label;
}

export const VIDEOS = ['youtube-psy', 'youtube-katyperry', 'youtube-lmfao', 'youtube-eminem'] as const;

/** The folder with the data: `--data FOLDER`, or `../shared/data` beside the repository. */
export function dataFolder(): string {
  const at = process.argv.indexOf('--data');
  const folder = at === -1 ? '../shared/data' : (process.argv[at + 1] ?? '');
  if (existsSync(folder)) return folder;
  console.error(`There is no labelled data in ${folder}: name its folder with --data.`);
  process.exit(1);
}

/** The rows of `NAME.jsonl.gz`, in file order. */
export async function readCorpus(name: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { comment, label } of readCommentLines(join(dataFolder(), `${name}.jsonl.gz`))) {
    if (label !== null) rows.push({ text: comment.content, label });
  }
  return rows;
}
