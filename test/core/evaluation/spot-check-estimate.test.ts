import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/evaluation/seeded-random.ts';
import {
  type AuditSums,
  estimateAudit,
  estimateErrorRates,
} from '../../../src/core/evaluation/spot-check-estimate.ts';

const NONE: AuditSums = { waiting: 0, judged: 0, wrong: 0, weight: 0, squaredWeight: 0, wrongWeight: 0 };

/** Draws from unseen comments of two months: the second with a tenth of the chance, and ten times as many wrong. */
function drawTwoMonths(seed: number): { sums: AuditSums; wrong: number; total: number } {
  const random = seededRandom(seed);
  const sums = { ...NONE };
  let wrong = 0;
  for (const [chance, wrongShare] of [
    [0.2, 0.02],
    [0.02, 0.2],
  ] as const) {
    for (let at = 0; at < 5000; at++) {
      const isWrong = random() < wrongShare;
      if (isWrong) wrong++;
      if (random() >= chance) continue;
      sums.judged++;
      sums.weight += 1 / chance;
      sums.squaredWeight += 1 / chance ** 2;
      if (!isWrong) continue;
      sums.wrong++;
      sums.wrongWeight += 1 / chance;
    }
  }
  return { sums, wrong, total: 10_000 };
}

describe('the audit estimate', () => {
  it('is unbiased when the share of drawn comments changed, which counting the drawn ones is not', () => {
    let estimated = 0;
    let counted = 0;
    let covered = 0;
    let truth = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { sums, wrong, total } = drawTwoMonths(seed);
      const { wrongTotal, interval } = estimateAudit(sums);
      estimated += wrongTotal / 200;
      counted += ((sums.wrong / sums.judged) * total) / 200;
      truth += wrong / 200;
      if (interval[0] <= wrong / total && wrong / total <= interval[1]) covered++;
    }
    expect(Math.abs(estimated - truth)).toBeLessThan(0.03 * truth);
    expect(counted).toBeLessThan(0.5 * truth);
    expect(covered).toBeGreaterThanOrEqual(180);
  });

  it('takes what waits to be like what was judged', () => {
    const judged = { ...NONE, judged: 10, wrong: 1, weight: 100, squaredWeight: 1000, wrongWeight: 10 };
    expect(estimateAudit(judged)).toMatchObject({ wrongShare: 0.1, wrongTotal: 10, rightTotal: 90 });
    expect(estimateAudit({ ...judged, waiting: 10 })).toMatchObject({ wrongTotal: 20, rightTotal: 180 });
  });

  it('says nothing before anything is judged', () => {
    const nothing = estimateAudit({ ...NONE, waiting: 5 });
    expect(nothing).toMatchObject({ wrongShare: null, interval: [0, 1] });
    expect(estimateErrorRates(nothing, nothing, { ham: 0, spam: 0 })).toEqual({
      hamBlocked: null,
      spamMissed: null,
    });
  });

  it('gives the share of good comments that were blocked, those that humans saw included', () => {
    const published = estimateAudit({
      ...NONE,
      judged: 10,
      wrong: 1,
      weight: 100,
      squaredWeight: 1000,
      wrongWeight: 10,
    });
    const marked = estimateAudit({
      ...NONE,
      judged: 5,
      wrong: 1,
      weight: 50,
      squaredWeight: 500,
      wrongWeight: 10,
    });
    expect(estimateErrorRates(published, marked, { ham: 100, spam: 50 })).toEqual({
      hamBlocked: 10 / 200,
      spamMissed: 10 / 100,
    });
  });
});
