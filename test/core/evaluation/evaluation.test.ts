import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averageMetrics,
  bootstrapIntervals,
  countConfusion,
  mcnemarExact,
  measurePredictions,
  type Prediction,
  wilsonInterval,
} from '../../../src/core/evaluation/evaluation.ts';
import { seededRandom } from '../../../src/core/evaluation/seeded-random.ts';

const prediction = fc
  .record({
    label: fc.constantFrom('ham' as const, 'spam' as const),
    logOdds: fc.integer({ min: -6, max: 6 }),
  })
  .map(
    ({ label, logOdds }): Prediction => ({ label, logOdds, spamProbability: 1 / (1 + Math.exp(-logOdds)) }),
  );
const predictions = fc.array(prediction, { maxLength: 40 });

/** 6 spam (5 caught), 4 ham (1 blocked). */
const TEN: Prediction[] = [
  ...[5, 4, 3, 2, 1].map((logOdds) => predict('spam', logOdds)),
  predict('spam', -1),
  predict('ham', 2.5),
  ...[-2, -3, -4].map((logOdds) => predict('ham', logOdds)),
];

describe('measurePredictions', () => {
  it('marks spam from the threshold that a filter names', () => {
    const strict = TEN.map((row) => ({ ...row, threshold: 0.95 }));
    expect(countConfusion(strict)).toEqual({ spamCaught: 3, spamMissed: 3, hamBlocked: 0, hamPassed: 4 });
    expect(measurePredictions(strict).auc).toBe(measurePredictions(TEN).auc);
  });

  it('gives the textbook figures', () => {
    const metrics = measurePredictions(TEN);
    expect(countConfusion(TEN)).toEqual({ spamCaught: 5, spamMissed: 1, hamBlocked: 1, hamPassed: 3 });
    expect(metrics.accuracy).toBeCloseTo(0.8, 12);
    expect(metrics.precision).toBeCloseTo(5 / 6, 12);
    expect(metrics.recall).toBeCloseTo(5 / 6, 12);
    expect(metrics.f1).toBeCloseTo(5 / 6, 12);
    expect(metrics.mcc).toBeCloseTo((5 * 3 - 1 * 1) / Math.sqrt(6 * 6 * 4 * 4), 12);
    expect(metrics.hamBlocked).toBeCloseTo(0.25, 12);
    // Of 24 pairs, the ham at 2.5 beats the spam at 2, 1 and -1.
    expect(metrics.auc).toBeCloseTo(21 / 24, 12);
    // No ham may be blocked: above 2.5 lie three of six.
    expect(metrics.spamCaughtAt1PctHamBlocked).toBeCloseTo(0.5, 12);
  });

  it('agrees with comparing every spam with every ham, ties counting half', () => {
    fc.assert(
      fc.property(predictions, (rows) => {
        const spam = rows.filter(({ label }) => label === 'spam');
        const ham = rows.filter(({ label }) => label === 'ham');
        let won = 0;
        for (const s of spam)
          for (const h of ham) won += s.logOdds > h.logOdds ? 1 : s.logOdds === h.logOdds ? 0.5 : 0;
        const { auc } = measurePredictions(rows);
        if (spam.length * ham.length === 0) expect(auc).toBeNull();
        else expect(auc).toBeCloseTo(won / (spam.length * ham.length), 12);
      }),
    );
  });

  it('finds the best cut that blocks at most 1 % of the ham, as trying every cut does', () => {
    fc.assert(
      fc.property(fc.array(prediction, { minLength: 150, maxLength: 250 }), (rows) => {
        const spam = rows.filter(({ label }) => label === 'spam');
        const ham = rows.filter(({ label }) => label === 'ham');
        fc.pre(spam.length > 0 && ham.length > 0);
        const share = (some: Prediction[], cut: number) =>
          some.filter((row) => row.logOdds >= cut).length / some.length;
        const caught = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7]
          .filter((cut) => share(ham, cut) <= 0.01)
          .map((cut) => share(spam, cut));
        expect(measurePredictions(rows).spamCaughtAt1PctHamBlocked).toBeCloseTo(Math.max(...caught), 12);
      }),
    );
  });

  it('does not care for the order of the rows and stays in range', () => {
    fc.assert(
      fc.property(predictions, (rows) => {
        const metrics = measurePredictions(rows);
        for (const [name, value] of Object.entries(measurePredictions(rows.toReversed()))) {
          const other = metrics[name as keyof typeof metrics];
          if (value === null || other === null) {
            expect(value).toBe(other);
            continue;
          }
          expect(value).toBeCloseTo(other, 12);
          expect(value).toBeGreaterThanOrEqual(name === 'mcc' ? -1 : 0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('leaves out what the rows cannot tell', () => {
    expect(measurePredictions([])).toMatchObject({ accuracy: null, mcc: null, brier: null, ece: null });
    expect(measurePredictions([predict('ham', 1), predict('ham', -1)])).toMatchObject({
      accuracy: 0.5,
      hamBlocked: 0.5,
      recall: null,
      precision: null,
      auc: null,
      mcc: null,
    });
    expect(measurePredictions([predict('ham', -1), predict('spam', -1)])).toMatchObject({
      precision: 0,
      mcc: 0,
      f1: 0,
    });
  });

  it('finds honest probabilities calibrated and boastful ones not', () => {
    const rows = (spamProbability: number): Prediction[] =>
      Array.from({ length: 100 }, (_, index) => ({
        label: index < 70 ? ('spam' as const) : ('ham' as const),
        logOdds: 1,
        spamProbability,
      }));
    expect(measurePredictions(rows(0.7)).ece).toBeCloseTo(0, 12);
    expect(measurePredictions(rows(0.7)).brier).toBeCloseTo(0.21, 12);
    expect(measurePredictions(rows(0.99)).ece).toBeCloseTo(0.29, 12);
  });

  it('refuses a score that is not a number', () => {
    expect(() => measurePredictions([{ label: 'ham', logOdds: Number.NaN, spamProbability: 0 }])).toThrow(
      RangeError,
    );
  });
});

describe('averageMetrics', () => {
  it('is the plain mean over the folds that have the figure', () => {
    const mean = averageMetrics([measurePredictions(TEN), measurePredictions([predict('ham', -1)])]);
    expect(mean.accuracy).toBeCloseTo(0.9, 12);
    expect(mean.recall).toBeCloseTo(5 / 6, 12);
  });
});

describe('bootstrapIntervals', () => {
  it('is the same for the same generator and holds the figure itself', () => {
    const rows = Array.from({ length: 30 }, () => TEN).flat();
    const metrics = measurePredictions(rows);
    const intervals = bootstrapIntervals(rows, seededRandom(1), { draws: 300 });
    expect(bootstrapIntervals(rows, seededRandom(1), { draws: 300 })).toEqual(intervals);
    for (const name of ['accuracy', 'mcc', 'auc', 'hamBlocked', 'brier'] as const) {
      const [low, high] = intervals[name] ?? [Number.NaN, Number.NaN];
      expect(metrics[name]).toBeGreaterThanOrEqual(low);
      expect(metrics[name]).toBeLessThanOrEqual(high);
      expect(high - low).toBeGreaterThan(0.001);
    }
  });

  it('is as wide for a share as Wilson says', () => {
    const rows = Array.from({ length: 400 }, (_, index) => predict('ham', index < 40 ? 1 : -1));
    const [low, high] = bootstrapIntervals(rows, seededRandom(2), { draws: 2000 }).hamBlocked ?? [0, 1];
    const [expectedLow, expectedHigh] = wilsonInterval(40, 400);
    expect(low).toBeCloseTo(expectedLow, 1.5);
    expect(high).toBeCloseTo(expectedHigh, 1.5);
  });
});

describe('wilsonInterval', () => {
  it.each([
    [0, 0, 0, 1],
    [0, 100, 0, 0.036994],
    [50, 100, 0.403832, 0.596168],
    [100, 100, 0.963006, 1],
  ])('of %i in %i is [%f, %f]', (count, total, low, high) => {
    const interval = wilsonInterval(count, total);
    expect(interval[0]).toBeCloseTo(low, 5);
    expect(interval[1]).toBeCloseTo(high, 5);
  });
});

describe('mcnemarExact', () => {
  it.each([
    [0, 0, 1],
    [5, 5, 1],
    [0, 6, 0.03125],
    [1, 9, 0.021484375],
    [9, 1, 0.021484375],
  ])('of %i against %i is %f', (first, second, p) => {
    expect(mcnemarExact(first, second)).toBeCloseTo(p, 12);
  });

  it('stays a probability for counts whose 2^-n is no double', () => {
    expect(mcnemarExact(2000, 2000)).toBeCloseTo(1, 6);
    expect(mcnemarExact(1800, 2200)).toBeLessThan(1e-8);
  });
});

function predict(label: 'ham' | 'spam', logOdds: number): Prediction {
  return { label, logOdds, spamProbability: 1 / (1 + Math.exp(-logOdds)) };
}
