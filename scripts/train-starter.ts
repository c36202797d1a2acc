/**
 * Trains models/starter.bin from the CC BY 4.0 sets: four videos of the YouTube Spam Collection, and the SMS Spam
 * Collection. Deterministic: the same rows give the same bytes. Reads ../shared/data; prints what it measured.
 *
 *     npm run train:starter
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { scoreComment } from '../src/core/classifier.ts';
import { type Label, verdictOf } from '../src/core/comment.ts';
import { createModel, type Model } from '../src/core/model.ts';
import { serialiseModel } from '../src/core/model-format.ts';
import { groupNearDuplicates } from '../src/core/near-duplicate.ts';
import { beginTraining } from '../src/core/training.ts';

const DATA = '../shared/data';
const STARTER = 'models/starter.bin';
const SOURCES = ['youtube-psy', 'youtube-katyperry', 'youtube-lmfao', 'youtube-eminem', 'sms-80'] as const;
const NEWS = ['news-globeandmail-c3', 'news-german-germeval21', 'news-portuguese-offcombr'] as const;
const VERSION = 'starter-1';
/**
 * A site's readers are not those of a music video. Links make this filter sure, and newspapers' readers link to
 * articles: from 0.999 on, at most 0.5 % of the comments of each of the news sets are marked spam.
 */
const STARTER_THRESHOLDS = { ham: 0.4, spam: 0.999 } as const;

interface Row {
  readonly text: string;
  readonly label: Label;
}

function readRows(name: string): Row[] {
  const lines = gunzipSync(readFileSync(`${DATA}/${name}.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

function train(): Model {
  const rows = SOURCES.flatMap(readRows);
  const groups = groupNearDuplicates(rows.map(({ text }) => text));
  const training = beginTraining({
    version: VERSION,
    starter: null,
    provenance: {
      sources: SOURCES.map((name) => ({ name, licence: 'CC BY 4.0' })),
      rows: rows.length,
      command: 'npm run train:starter',
    },
  });
  rows.forEach(({ text, label }, index) => {
    training.add({ content: text, label }, { groupKey: String(groups[index]) });
  });
  const { model, report } = training.finish();
  if (report.refusal !== null) throw new Error(report.refusal.detail);
  return createModel({ ...model, thresholds: STARTER_THRESHOLDS });
}

function countVerdicts(model: Model, rows: readonly Row[]): string {
  const counts = { ham: 0, unsure: 0, spam: 0 };
  for (const { text } of rows) {
    counts[verdictOf(scoreComment(model, { content: text }).spamProbability, model.thresholds)] += 1;
  }
  const share = (count: number): string => `${((100 * count) / rows.length).toFixed(2)} %`;
  return `ham ${share(counts.ham)}, unsure ${share(counts.unsure)}, spam ${share(counts.spam)}`;
}

const model = train();
const bytes = serialiseModel(model);
writeFileSync(STARTER, bytes);
console.log(`models/starter.bin: ${bytes.length} bytes`);
console.log(
  JSON.stringify({ combination: model.combination, calibration: model.calibration, metrics: model.metrics }),
);
for (const name of NEWS) console.log(`${name}: ${countVerdicts(model, readRows(name))}`);
