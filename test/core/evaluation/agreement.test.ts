import { describe, expect, it } from 'vitest';
import { krippendorffAlpha, krippendorffInterval } from '../../../src/core/evaluation/agreement.ts';
import { seededRandom } from '../../../src/core/evaluation/seeded-random.ts';

/** Krippendorff's own example ("Computing Krippendorff's alpha-reliability", 2011, part C): four observers. */
const KRIPPENDORFF = [
  '1 1 1',
  '2 2 3 2',
  '3 3 3 3',
  '3 3 3 3',
  '2 2 2 2',
  '1 2 3 4',
  '4 4 4 4',
  '1 1 2 1',
  '2 2 2 2',
  '5 5 5',
  '1 1',
  '3',
].map((unit) => unit.split(' '));

describe('krippendorffAlpha', () => {
  it('is the 0.743 of the published example with missing ratings', () => {
    expect(krippendorffAlpha(KRIPPENDORFF)).toBeCloseTo(0.743, 3);
  });

  it('is 1 for perfect agreement, near 0 for chance and below 0 for contradiction', () => {
    const random = seededRandom(5);
    const coin = () => (random() < 0.5 ? 'ham' : 'spam');
    expect(
      krippendorffAlpha([
        ['ham', 'ham'],
        ['spam', 'spam', 'spam'],
      ]),
    ).toBe(1);
    expect(krippendorffAlpha(Array.from({ length: 4000 }, () => [coin(), coin()]))).toBeCloseTo(0, 1);
    expect(krippendorffAlpha(Array.from({ length: 10 }, () => ['ham', 'spam']))).toBeLessThan(0);
  });

  it('is not defined where nobody could have disagreed', () => {
    expect(krippendorffAlpha([])).toBeNull();
    expect(krippendorffAlpha([['ham'], ['spam']])).toBeNull();
    expect(
      krippendorffAlpha([
        ['ham', 'ham'],
        ['ham', 'ham'],
      ]),
    ).toBeNull();
  });

  it('takes any word for a value', () => {
    expect(
      krippendorffAlpha([
        ['constructor', 'constructor'],
        ['__proto__', '__proto__'],
      ]),
    ).toBe(1);
  });
});

describe('krippendorffInterval', () => {
  it('holds alpha, is the same for the same generator and shrinks with more units', () => {
    const [low, high] = krippendorffInterval(KRIPPENDORFF, seededRandom(1)) ?? [1, 0];
    expect(krippendorffInterval(KRIPPENDORFF, seededRandom(1))).toEqual([low, high]);
    expect(low).toBeLessThan(0.743);
    expect(high).toBeGreaterThan(0.743);
    const many = Array.from({ length: 20 }, () => KRIPPENDORFF).flat();
    const [manyLow, manyHigh] = krippendorffInterval(many, seededRandom(1)) ?? [0, 1];
    expect(manyHigh - manyLow).toBeLessThan((high - low) / 2);
  });

  it('is not defined where alpha is not', () => {
    expect(krippendorffInterval([['ham', 'ham']], seededRandom(1))).toBeNull();
  });
});
