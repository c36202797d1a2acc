import { describe, expect, it } from 'vitest';
import {
  type ComparedComment,
  compareModels,
  countOutcomes,
  judgeCandidate,
  judgeThresholds,
  type Outcomes,
} from '../../../src/core/evaluation/model-comparison.ts';

const outcomes = (counts: Partial<Outcomes>): Outcomes => ({
  ...{ ham: 100, spam: 100, ham_blocked: 0, spam_caught: 0, spam_published: 0 },
  ...counts,
});

describe('what thresholds do', () => {
  it('is counted by class: blocked, caught, published; what lies between is held', () => {
    const points = [0.1, 0.5, 0.95].flatMap((spamProbability) => [
      { label: 'ham' as const, spamProbability, hasPayload: false },
      { label: 'spam' as const, spamProbability, hasPayload: false },
    ]);
    const pairs = { ham: 0.2, spam: 0.9, payload: { ham: 0.05, spam: 0.4 } };
    expect(countOutcomes(points, pairs)).toEqual({
      ...{ ham: 3, spam: 3, ham_blocked: 1, spam_caught: 1, spam_published: 1 },
    });
    const withPayload = points.map((point) => ({ ...point, hasPayload: true }));
    expect(countOutcomes(withPayload, pairs)).toEqual({
      ...{ ham: 3, spam: 3, ham_blocked: 2, spam_caught: 2, spam_published: 0 },
    });
  });

  const judge = (moved: Partial<Outcomes>, before: Partial<Outcomes> = {}, publishesMore = true) =>
    judgeThresholds({
      moved: outcomes(moved),
      trained: outcomes({}),
      active: outcomes(before),
      maxHamBlocked: 0.01,
      publishesMore,
    }).map(({ code }) => code);

  it('is refused where much more spam is published than by the training or the active filter', () => {
    expect(judge({ spam_published: 30 })).toEqual(['publishes_spam']);
    expect(judge({ spam_published: 30 }, { spam_published: 29 })).toEqual([]);
    // Six of a hundred are more than chance gives, five are not.
    expect(judge({ spam_published: 6 })).toEqual(['publishes_spam']);
    expect(judge({ spam_published: 5 })).toEqual([]);
    // Of ten thousand, six do not matter.
    expect(judge({ spam: 10_000, spam_published: 6 })).toEqual([]);
  });

  it('is refused where it cannot be measured and more would be published', () => {
    expect(judge({ spam: 9, spam_published: 0 })).toEqual(['not_measured']);
    expect(judge({ spam: 9, spam_published: 0 }, {}, false)).toEqual([]);
  });

  it('is refused where more good comments are blocked than is promised', () => {
    expect(judge({ ham_blocked: 2 })).toEqual(['blocks_ham']);
    expect(judge({ ham_blocked: 1 })).toEqual([]);
  });
});

describe('the gate', () => {
  const sure = (label: 'ham' | 'spam'): ComparedComment => {
    const spamProbability = label === 'spam' ? 0.99 : 0.01;
    const said = { logOdds: label === 'spam' ? 5 : -5, spamProbability, hasPayload: false };
    return { label, active: said, candidate: said };
  };
  const comparison = compareModels([sure('ham'), sure('spam')]);
  const proven = { activeProven: true, candidateProven: true };

  it('warns when neither comparison could be made, and refuses nothing for it', () => {
    const unmeasured = judgeCandidate({ byCampaign: null, byTime: null, ...proven });
    expect(unmeasured).toMatchObject({ passed: true, findings: [], warnings: [{ code: 'not_measured' }] });
    const measured = judgeCandidate({ byCampaign: null, byTime: comparison, ...proven });
    expect(measured).toEqual({ passed: true, findings: [], warnings: [] });
  });

  it('refuses what proves no promise only in the place of what proves it', () => {
    const codes = (activeProven: boolean) =>
      judgeCandidate({
        ...{ byCampaign: comparison, byTime: null, candidateProven: false },
        activeProven,
      }).findings.map(({ code }) => code);
    expect(codes(true)).toEqual(['unbound']);
    expect(codes(false)).toEqual([]);
  });
});
