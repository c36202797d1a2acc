/**
 * `npm run bench:training-speed`: how long a training of `--samples` (100,000) takes on one core and what it holds in
 * memory on the way, on YouTube comments with a number of their own, one spam campaign in ten; with a promised bound.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { beginTraining } from '../../src/core/filter/training.ts';
import { readCorpus, VIDEOS } from './corpora.ts';

const { values } = parseArgs({
  options: { samples: { type: 'string', default: '100000' }, data: { type: 'string' } },
});
const SAMPLES = Number(values.samples);
const STEPS = 10;
const rows = (await Promise.all(VIDEOS.map(readCorpus))).flat();

/** Megabytes in use after the rubbish is collected: what a training holds, not what it has let go. */
function heldMegabytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round((heapUsed + arrayBuffers) / 1_048_576);
}

const started = performance.now();
let collecting = 0;
const training = beginTraining({
  version: 'bench',
  starter: null,
  promisedBound: { maxHamBlocked: 0.01, confidence: 0.95 },
  provenance: {},
});
const held: number[] = [];
for (let index = 0; index < SAMPLES; index += 1) {
  const row = rows[index % rows.length];
  if (!row) break;
  const groupKey = index % 10 === 0 ? `campaign ${index % 500}` : `sample ${index}`;
  training.add({ content: `${row.text} (${index})`, label: row.label }, { groupKey });
  if ((index + 1) % (SAMPLES / STEPS) === 0) {
    const before = performance.now();
    held.push(heldMegabytes());
    collecting += performance.now() - before;
  }
}
const added = performance.now();
const { report } = training.finish();
const finished = performance.now();
const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
console.log(
  `${report.samples} samples in ${seconds(finished - started - collecting)} s: learnt in ${seconds(added - started - collecting)} s, fitted in ${seconds(finished - added)} s`,
);
console.log(`megabytes held after each tenth: ${held.join(', ')}; after the fit ${heldMegabytes()}`);
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString().slice(0, 10)}`,
);
