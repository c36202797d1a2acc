import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Calibration,
  type CalibrationPoint,
  calibrate,
  fitIsotonic,
  fitPlatt,
} from '../../../src/core/filter/calibration.ts';

const point = fc.record({
  logOdds: fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: -3, max: 3 })),
  label: fc.constantFrom('ham' as const, 'spam' as const),
});
const points = fc.array(point, { maxLength: 60 });
const scores = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });
const fits = { isotonic: fitIsotonic, platt: fitPlatt };

describe.each(Object.entries(fits))('a fitted %s calibration', (_name, fitTo) => {
  it('never falls, stays inside (0, 1) and is finite up to ±1e6', () => {
    fc.assert(
      fc.property(points, scores, (labels, logOdds) => {
        const calibration = fitTo(labels);
        const knots = calibration.kind === 'isotonic' ? calibration.knots : [];
        const probabilities = [...logOdds, ...knots, -1e6, 0, 1e6]
          .sort((a, b) => a - b)
          .map((value) => calibrate(calibration, value));
        for (const [index, probability] of probabilities.entries()) {
          expect(probability).toBeGreaterThan(0);
          expect(probability).toBeLessThan(1);
          // To the rounding of its last places: the line between two knots is computed, not stored.
          const before = (probabilities[index - 1] ?? 0) * (1 - 4 * Number.EPSILON);
          expect(probability).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });

  it('survives JSON without losing a bit', () => {
    fc.assert(
      fc.property(points, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (labels, logOdds) => {
        const calibration = fitTo(labels);
        const revived = JSON.parse(JSON.stringify(calibration)) as Calibration;
        expect(calibrate(revived, logOdds)).toBe(calibrate(calibration, logOdds));
      }),
    );
  });

  it('believes the log-odds as they are when one class is missing', () => {
    expect(fitTo([])).toEqual({ kind: 'none' });
    expect(fitTo([{ logOdds: 3, label: 'spam' }])).toEqual({ kind: 'none' });
  });

  it('refuses a log-odds that is not finite', () => {
    expect(() => fitTo([{ logOdds: Number.NaN, label: 'ham' }])).toThrow(RangeError);
    expect(() => fitTo([{ logOdds: Number.POSITIVE_INFINITY, label: 'ham' }])).toThrow(RangeError);
  });

  it('takes the overconfidence out of scores that are three times too sure', () => {
    const labels = overconfident(4000, 3);
    const calibration = fitTo(labels);
    for (const logOdds of [-6, -3, 0, 3, 6]) {
      const truth = 1 / (1 + Math.exp(-logOdds / 3));
      expect(Math.abs(calibrate(calibration, logOdds) - truth)).toBeLessThan(0.06);
    }
  });
});

describe('fitIsotonic', () => {
  it('gives the same curve whatever the order of the labels', () => {
    fc.assert(
      fc.property(points, (labels) => {
        expect(fitIsotonic(labels.toReversed())).toEqual(fitIsotonic(labels));
      }),
    );
  });

  it('pools neighbours that are out of order into their mean', () => {
    const labels: CalibrationPoint[] = [
      { logOdds: -4, label: 'ham' },
      { logOdds: -1, label: 'spam' },
      { logOdds: 1, label: 'ham' },
      { logOdds: 4, label: 'spam' },
    ];
    const calibration = fitIsotonic(labels);
    expect(calibration).toMatchObject({ kind: 'isotonic', knots: [-4, 0, 4] });
    // Two of each: Platt's targets are 3/4 and 1/4, and the pool in the middle is half of each.
    expect(calibrate(calibration, -4)).toBeCloseTo(0.25, 12);
    expect(calibrate(calibration, 0)).toBeCloseTo(0.5, 12);
    expect(calibrate(calibration, 4)).toBeCloseTo(0.75, 12);
  });

  it('still orders comments beyond the last label it saw', () => {
    const calibration = fitIsotonic(overconfident(200, 1));
    expect(calibrate(calibration, 60)).toBeGreaterThan(calibrate(calibration, 50));
  });
});

describe('fitPlatt', () => {
  it('answers with the share of spam when the scores point the wrong way', () => {
    const labels: CalibrationPoint[] = [
      ...Array.from({ length: 30 }, (_, index) => ({ logOdds: index, label: 'ham' as const })),
      ...Array.from({ length: 10 }, (_, index) => ({ logOdds: -index - 1, label: 'spam' as const })),
    ];
    const calibration = fitPlatt(labels);
    expect(calibrate(calibration, 100)).toBeCloseTo(11 / 42, 10);
    expect(calibrate(calibration, -100)).toBeCloseTo(11 / 42, 10);
  });
});

/** Labels on an even grid of log-odds whose true odds are e^(logOdds / excess), spread by a low-discrepancy walk. */
function overconfident(count: number, excess: number): CalibrationPoint[] {
  return Array.from({ length: count }, (_, index) => {
    const logOdds = -12 + (24 * index) / (count - 1);
    const spread = (index * 0.6180339887498949) % 1;
    return { logOdds, label: spread < 1 / (1 + Math.exp(-logOdds / excess)) ? 'spam' : 'ham' };
  });
}
