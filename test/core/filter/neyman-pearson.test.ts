import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/evaluation/seeded-random.ts';
import { chooseThreshold, minimumHam, orderStatistic } from '../../../src/core/filter/neyman-pearson.ts';

const share = fc.double({ min: 0.001, max: 0.5, noNaN: true });

describe('minimumHam', () => {
  it.each([
    [0.05, 59],
    [0.01, 299],
    [0.005, 598],
    [0.001, 2995],
  ])('asks for the known number of ham for a bound of %f at 95 %%', (maxHamBlocked, needed) => {
    expect(minimumHam(maxHamBlocked, 0.95)).toBe(needed);
  });

  it('is exactly where the order statistic begins to exist', () => {
    fc.assert(
      fc.property(share, share, (maxHamBlocked, risk) => {
        const needed = minimumHam(maxHamBlocked, 1 - risk);
        expect(orderStatistic(needed, maxHamBlocked, 1 - risk)).toBe(needed);
        expect(orderStatistic(needed - 1, maxHamBlocked, 1 - risk)).toBeNull();
      }),
    );
  });

  it.each([0, 1, -1, Number.NaN])('refuses a bound of %f', (maxHamBlocked) => {
    expect(() => minimumHam(maxHamBlocked, 0.95)).toThrow(RangeError);
    expect(() => minimumHam(0.01, maxHamBlocked)).toThrow(RangeError);
  });
});

describe('orderStatistic', () => {
  it('agrees with the binomial tail summed one by one', () => {
    for (const [n, bound] of [
      [300, 0.01],
      [1000, 0.01],
      [200, 0.1],
    ] as const) {
      const order = orderStatistic(n, bound, 0.95) ?? Number.NaN;
      expect(binomialTail(n, 1 - bound, order)).toBeLessThanOrEqual(0.05);
      expect(binomialTail(n, 1 - bound, order - 1)).toBeGreaterThan(0.05);
    }
  });

  it('approaches the plain quantile when ham is plenty, where (1 - bound)^n is no double any more', () => {
    const order = orderStatistic(1_000_000, 0.01, 0.95) ?? Number.NaN;
    expect(order / 1_000_000).toBeGreaterThan(0.99);
    expect(order / 1_000_000).toBeLessThan(0.9903);
  });
});

describe('chooseThreshold', () => {
  it('marks nothing and says how much ham is missing when there is too little', () => {
    const heldBackHamScores = Array.from({ length: 100 }, (_, index) => index / 100);
    expect(chooseThreshold({ heldBackHamScores, maxHamBlocked: 0.01, confidence: 0.95 })).toEqual({
      threshold: null,
      order: null,
      needed: 299,
      missing: 199,
    });
  });

  it('lies just above its order statistic, so that ties with it are not marked', () => {
    const heldBackHamScores = Array.from({ length: 59 }, (_, index) => (index < 40 ? 0.1 : 0.7));
    const { threshold, order } = chooseThreshold({
      heldBackHamScores,
      maxHamBlocked: 0.05,
      confidence: 0.95,
    });
    expect(order).toBe(59);
    expect(0.7 >= (threshold ?? 0)).toBe(false);
    expect(threshold).toBe(0.7 + 2 ** -53);
  });

  it.each([-3.5, -0, 0, 1e-300, 12])('cuts directly above a score of %f', (score) => {
    const heldBackHamScores = Array.from({ length: 59 }, () => score);
    const threshold = chooseThreshold({ heldBackHamScores, maxHamBlocked: 0.05, confidence: 0.95 }).threshold;
    expect(threshold).toBeGreaterThan(score);
    expect(((threshold ?? 0) - score) / Math.max(1e-300, Math.abs(score))).toBeLessThan(1e-15);
  });

  it('does not care for the order of the scores and does not touch them', () => {
    const heldBackHamScores = Array.from({ length: 400 }, (_, index) => (index * 7919) % 401);
    const copy = [...heldBackHamScores];
    const bound = { maxHamBlocked: 0.01, confidence: 0.95 };
    const choice = chooseThreshold({ heldBackHamScores, ...bound });
    expect(heldBackHamScores).toEqual(copy);
    expect(chooseThreshold({ heldBackHamScores: copy.toReversed(), ...bound })).toEqual(choice);
  });

  it('refuses a score that is not finite', () => {
    const bound = { maxHamBlocked: 0.05, confidence: 0.95 };
    expect(() => chooseThreshold({ heldBackHamScores: [Number.NaN], ...bound })).toThrow(RangeError);
  });
});

describe('the promise', () => {
  const draws = 3000;
  // Three standard errors above the promised 5 % of broken promises.
  const allowed = draws * 0.05 + 3 * Math.sqrt(draws * 0.05 * 0.95);

  it.each([
    [59, 0.05],
    [130, 0.05],
    [299, 0.01],
    [700, 0.01],
  ])('is broken in at most 5 %% of the draws of %i ham for a bound of %f', (n, maxHamBlocked) => {
    const random = seededRandom(n);
    let broken = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const heldBackHamScores = Array.from({ length: n }, random);
      const { threshold } = chooseThreshold({ heldBackHamScores, maxHamBlocked, confidence: 0.95 });
      // The scores are uniform on [0, 1): the true share of ham at or above the threshold is known exactly.
      if (1 - (threshold ?? 1) > maxHamBlocked) broken += 1;
    }
    expect(broken).toBeLessThanOrEqual(allowed);
    // And it is no idle promise: the threshold is not much stricter than it must be.
    expect(broken).toBeGreaterThan(0);
  });

  it.each([2, 5, 20, 150])('holds for scores that take %i values only', (levels) => {
    const random = seededRandom(levels);
    let broken = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const heldBackHamScores = Array.from({ length: 130 }, () => Math.floor(random() * levels) / levels);
      const choice = chooseThreshold({ heldBackHamScores, maxHamBlocked: 0.05, confidence: 0.95 });
      const threshold = choice.threshold ?? Number.POSITIVE_INFINITY;
      let blocked = 0;
      for (let level = 0; level < levels; level += 1) if (level / levels >= threshold) blocked += 1;
      if (blocked / levels > 0.05) broken += 1;
    }
    expect(broken).toBeLessThanOrEqual(allowed);
  });
});

/** P(Binomial(n, p) ≥ k), term by term in doubles; n small enough that no term underflows to nothing. */
function binomialTail(n: number, p: number, k: number): number {
  let term = p ** n;
  let tail = 0;
  for (let j = n; j >= k; j -= 1) {
    tail += term;
    term *= (j / (n - j + 1)) * ((1 - p) / p);
  }
  return tail;
}
