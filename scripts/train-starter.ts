/**
 * Writes models/starter.bin as starter-recipe.ts makes it. Reads ../shared/data; prints what it measured.
 *
 *     npm run train:starter
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { verdictOf } from '../src/core/comment.ts';
import { scoreComment } from '../src/core/filter/classifier.ts';
import type { Model } from '../src/core/filter/model.ts';
import { serialiseModel } from '../src/core/filter/model-format.ts';
import { type Row, trainStarter } from './starter-recipe.ts';

const DATA = '../shared/data';
const STARTER = 'models/starter.bin';
const NEWS = ['news-globeandmail-c3', 'news-german-germeval21', 'news-portuguese-offcombr'] as const;

function readRows(name: string): Row[] {
  const lines = gunzipSync(readFileSync(`${DATA}/${name}.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

function countVerdicts(model: Model, rows: readonly Row[]): string {
  const counts = { ham: 0, unsure: 0, spam: 0 };
  for (const { text } of rows) {
    counts[verdictOf(scoreComment(model, { content: text }).spamProbability, model.thresholds)] += 1;
  }
  const share = (count: number): string => `${((100 * count) / rows.length).toFixed(2)} %`;
  return `ham ${share(counts.ham)}, unsure ${share(counts.unsure)}, spam ${share(counts.spam)}`;
}

const model = trainStarter(readRows);
const bytes = serialiseModel(model);
writeFileSync(STARTER, bytes);
console.log(`models/starter.bin: ${bytes.length} bytes`);
console.log(
  JSON.stringify({ combination: model.combination, calibration: model.calibration, metrics: model.metrics }),
);
for (const name of NEWS) console.log(`${name}: ${countVerdicts(model, readRows(name))}`);
