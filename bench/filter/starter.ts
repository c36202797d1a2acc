/** What the shipped starter filter does to news comments it never saw, and what training costs. */
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { verdictOf } from '../../src/core/comment.ts';
import { scoreComment } from '../../src/core/filter/classifier.ts';
import type { Model } from '../../src/core/filter/model.ts';
import { parseModel } from '../../src/core/filter/model-format.ts';
import { beginTraining } from '../../src/core/filter/training.ts';
import { type Row, readCorpus } from './corpora.ts';
import { median } from './speed.ts';

export const NEWS = ['news-globeandmail-c3', 'news-german-germeval21', 'news-portuguese-offcombr'] as const;

export interface StarterReport {
  readonly bytes: number;
  readonly loadMilliseconds: number;
  readonly news: readonly { readonly corpus: string; readonly rows: number; readonly verdicts: Verdicts }[];
}

interface Verdicts {
  readonly ham: number;
  readonly unsure: number;
  readonly spam: number;
}

export async function readStarter(): Promise<{ model: Model; bytes: Uint8Array }> {
  const bytes = await readFile('models/starter.bin');
  return { model: parseModel(bytes), bytes };
}

export async function measureStarter(): Promise<StarterReport> {
  const { model, bytes } = await readStarter();
  const loads = Array.from({ length: 5 }, () => {
    const start = performance.now();
    parseModel(bytes);
    return performance.now() - start;
  });
  const news = [];
  for (const corpus of NEWS) {
    const rows = await readCorpus(corpus);
    news.push({ corpus, rows: rows.length, verdicts: countVerdicts(model, rows) });
  }
  return { bytes: bytes.length, loadMilliseconds: median(loads), news };
}

function countVerdicts(model: Model, rows: readonly Row[]): Verdicts {
  const verdicts = { ham: 0, unsure: 0, spam: 0 };
  for (const { text } of rows) {
    const { spamProbability } = scoreComment(model, { content: text });
    verdicts[verdictOf(spamProbability, model.thresholds)] += 1;
  }
  return verdicts;
}

export interface TrainingReport {
  readonly samples: number;
  readonly seconds: number;
  /** The heap and its buffers after a collection, when a tenth, and when all of the samples were in. */
  readonly megabytesEarly: number;
  readonly megabytesLate: number;
}

/** Trains on `count` samples made of the rows over and over, each with a number of its own behind it. */
export function measureTraining(rows: readonly Row[], count: number): TrainingReport {
  const training = beginTraining({ version: 'bench', starter: null, provenance: { purpose: 'benchmark' } });
  let megabytesEarly = 0;
  let seconds = 0;
  for (let number = 0; number < count; number += 1) {
    if (number === count / 10) megabytesEarly = megabytesInUse();
    const row = rows[number % rows.length];
    if (row === undefined) continue;
    const start = performance.now();
    training.add({ content: `${row.text} ${number}`, label: row.label }, { groupKey: String(number) });
    seconds += (performance.now() - start) / 1000;
  }
  const megabytesLate = megabytesInUse();
  const start = performance.now();
  training.finish();
  seconds += (performance.now() - start) / 1000;
  return { samples: count, seconds, megabytesEarly, megabytesLate };
}

function megabytesInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
