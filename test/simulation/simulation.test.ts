/** `npm run simulate` runs 10,000 seeds of 200 steps; `SIMULATE_SEED=17 npm run simulate` runs one again. */
import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { trainInThread } from '../../src/node/training/train-in-thread.ts';
import { PGLITE_PARSERS } from '../../src/storage/connection/pglite-dialect.ts';
import { simulate } from './steps.ts';

const { SIMULATE_SEEDS = '200', SIMULATE_STEPS = '10', SIMULATE_SEED } = process.env;
const STEPS = Number(SIMULATE_STEPS);
const SEEDS =
  SIMULATE_SEED === undefined
    ? Array.from({ length: Number(SIMULATE_SEEDS) }, (_, at) => at + 1)
    : [Number(SIMULATE_SEED)];

describe('a simulated service', () => {
  let pglite: PGlite;
  beforeAll(async () => {
    const loadDataDir = new Blob([readFileSync(inject('pgliteDump'))], { type: 'application/x-gzip' });
    pglite = await PGlite.create({ loadDataDir, parsers: PGLITE_PARSERS });
  });
  afterAll(() => pglite.close());

  const options = {
    trainInThread: (training: Parameters<typeof trainInThread>[0]) =>
      trainInThread(training, new URL(inject('trainingThread'))),
  };

  test(
    `keeps what it acknowledged through ${STEPS} steps of each of ${SEEDS.length} seeds`,
    async () => {
      const began = performance.now();
      let faults = 0;
      for (const seed of SEEDS) {
        const { story } = await simulate(pglite, seed, STEPS, options);
        faults += story.filter((line) => line.includes(' at statement ')).length;
        if (SIMULATE_SEED !== undefined) console.log(story.join('\n'));
      }
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`${SEEDS.length} seeds of ${STEPS} steps, ${faults} faults, ${seconds} s`);
      expect(faults).toBeGreaterThan(0);
    },
    120_000 + SEEDS.length * STEPS * 500,
  );
});
