import { describe, expect, it } from 'vitest';
import type { ModelBound } from '../../../src/core/filter/model.ts';
import { isProven, readBound, viewPromise } from '../../../src/moderation/site/promise.ts';

const promise = (maxHamBlocked: number, confidence = 0.95) => ({ maxHamBlocked, confidence });
const bound = (heldBackHam: number, of = promise(0.01), needed = 299): ModelBound => ({
  ...of,
  heldBackHam,
  needed,
  missing: Math.max(0, needed - heldBackHam),
});

describe('the promised bound', () => {
  it.each([
    [0.05, 59],
    [0.01, 299],
    [0.005, 598],
    [0.001, 2995],
  ])('of %d takes %i good comments held back', (share, needed) => {
    expect(viewPromise(promise(share), null, 0)).toMatchObject({
      proven: false,
      held_back_ham: 0,
      needed,
      missing: needed,
      ham_labels_missing: needed * 5,
    });
  });

  it('says how many labels are missing, in words', () => {
    expect(viewPromise(promise(0.01), bound(40), 210).message).toBe(
      'Nothing is marked as spam without a moderator until “at most 1 % of good comments marked as spam, with 95 % confidence” is proven. This needs 299 held-out good comments: 40 are measured, 259 are missing. That is about 1,285 more approved comments, because one in 5 is held out.',
    );
  });

  it('asks for a training once enough is labelled', () => {
    expect(viewPromise(promise(0.01), bound(40), 1500).message).toContain('train and activate a new filter');
    expect(viewPromise(promise(0.01), bound(40), 1500).ham_labels_missing).toBe(0);
  });

  it('is kept by a filter that was measured on enough', () => {
    const view = viewPromise(promise(0.01), bound(299), 1500);
    expect(view).toMatchObject({ proven: true, missing: 0 });
    expect(view.message).toMatch(/^Kept: at most 1 % .* 299 held-out good comments/);
  });

  it('is not kept by a filter that was made under a laxer one', () => {
    expect(isProven(bound(600), promise(0.005))).toBe(false);
    expect(isProven(bound(600), promise(0.01, 0.99))).toBe(false);
    expect(isProven(bound(600), promise(0.05, 0.9))).toBe(true);
    expect(viewPromise(promise(0.005), bound(600), 3000).message).toContain('which are available: train');
  });

  it('is read from the stored report of a training, and absent from any other', () => {
    expect(readBound({ bound: { ...bound(3) }, samples: 7 })).toEqual(bound(3));
    expect(readBound({})).toBeNull();
    expect(readBound({ bound: null })).toBeNull();
  });
});
