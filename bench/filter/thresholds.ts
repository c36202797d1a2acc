/** `npm run bench:thresholds`: MCC and blocked ham of our filter at several thresholds; docs/decisions/0006-threshold.md. */
import { averageMetrics, measurePredictions, type Prediction } from '../../src/core/evaluation/evaluation.ts';
import { ourContestant } from './ours.ts';
import { type Protocol, readProtocols } from './protocols.ts';

const THRESHOLDS = [0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9];

const protocols = await readProtocols();
const columns = await Promise.all(protocols.map(measureProtocol));
console.log(`| MCC (ham blocked %) | ${protocols.map(({ name }) => name).join(' | ')} |`);
console.log(`|---|${protocols.map(() => '---:|').join('')}`);
for (const [row, threshold] of THRESHOLDS.entries()) {
  console.log(`| ${threshold} | ${columns.map((column) => column[row]).join(' | ')} |`);
}

/** A cell for each threshold. */
async function measureProtocol({ rows, splits }: Protocol): Promise<string[]> {
  const parts: Prediction[][] = [];
  for (const { train, test } of splits) {
    const trained = await ourContestant.train(train.flatMap((number) => rows[number] ?? []));
    parts.push(
      test.flatMap((number) => {
        const row = rows[number];
        return row ? [{ label: row.label, ...trained.score(row.text) }] : [];
      }),
    );
  }
  return THRESHOLDS.map((threshold) => {
    const at = (part: readonly Prediction[]) =>
      measurePredictions(part.map((one) => ({ ...one, threshold })));
    const { mcc, hamBlocked } = averageMetrics(parts.map(at));
    return `${mcc?.toFixed(3)} (${((hamBlocked ?? Number.NaN) * 100).toFixed(2)})`;
  });
}
