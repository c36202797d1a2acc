/** Every contestant on every protocol. */
import {
  averageMetrics,
  type Metrics,
  mcnemarExact,
  measurePredictions,
  type Prediction,
} from '../../src/core/evaluation/evaluation.ts';
import { withoutNearCopies } from '../../src/core/evaluation/splits.ts';
import type { Contestant } from './contestant.ts';
import type { Row } from './corpora.ts';
import type { Protocol } from './protocols.ts';

export interface Quality {
  readonly contestant: string;
  /** Mean over the splits. */
  readonly metrics: Metrics;
  /** The same without the test rows that nearly copy a training row. */
  readonly withoutCopies: Metrics;
  readonly trainSeconds: number;
  /** Over all test rows of all splits, in order: whether the answer was right. */
  readonly right: readonly boolean[];
}

export async function measureQuality(protocol: Protocol, contestant: Contestant): Promise<Quality> {
  const { rows, splits } = protocol;
  const texts = rows.map(({ text }) => text);
  const whole: Metrics[] = [];
  const reduced: Metrics[] = [];
  const right: boolean[] = [];
  let trainSeconds = 0;
  for (const split of splits) {
    const start = performance.now();
    const trained = await contestant.train(pick(rows, split.train));
    trainSeconds += (performance.now() - start) / 1000;
    const predictions = new Map<number, Prediction>();
    for (const number of split.test) {
      const row = rows[number];
      if (row !== undefined) predictions.set(number, { label: row.label, ...trained.score(row.text) });
    }
    const all = [...predictions.values()];
    whole.push(measurePredictions(all));
    right.push(
      ...all.map(
        ({ label, spamProbability, threshold = 0.5 }) => (label === 'spam') === spamProbability >= threshold,
      ),
    );
    const kept = withoutNearCopies(split, texts).test;
    reduced.push(measurePredictions(kept.flatMap((number) => predictions.get(number) ?? [])));
  }
  return {
    contestant: contestant.name,
    metrics: averageMetrics(whole),
    withoutCopies: averageMetrics(reduced),
    trainSeconds,
    right,
  };
}

/** How many test rows of a protocol have a near-copy in their training rows. */
export function shareOfCopies({ rows, splits }: Protocol): number {
  const texts = rows.map(({ text }) => text);
  const tested = splits.reduce((total, { test }) => total + test.length, 0);
  const kept = splits.reduce((total, split) => total + withoutNearCopies(split, texts).test.length, 0);
  return 1 - kept / tested;
}

/** McNemar's exact p that two contestants differ on these rows. */
export function compareQuality(first: Quality, second: Quality): number {
  let [onlyFirst, onlySecond] = [0, 0];
  for (const [row, right] of first.right.entries()) {
    if (right && !second.right[row]) onlyFirst += 1;
    if (!right && second.right[row]) onlySecond += 1;
  }
  return mcnemarExact(onlyFirst, onlySecond);
}

function pick(rows: readonly Row[], numbers: readonly number[]): Row[] {
  return numbers.flatMap((number) => rows[number] ?? []);
}
