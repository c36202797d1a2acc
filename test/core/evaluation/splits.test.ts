import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/evaluation/seeded-random.ts';
import {
  leaveOneSourceOut,
  type Split,
  splitByGroup,
  splitByTime,
  splitFirst,
  splitFirstOfEach,
  splitIntoFolds,
  withoutNearCopies,
} from '../../../src/core/evaluation/splits.ts';

describe('splitIntoFolds', () => {
  it('tests every row exactly once and never trains with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(90), fc.nat(), (folds, extra, seed) => {
        const count = folds + extra;
        const splits = splitIntoFolds(count, folds, seededRandom(seed));
        expectPartition(splits, count);
        const sizes = splits.map(({ test }) => test.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is decided by its generator alone', () => {
    expect(splitIntoFolds(50, 5, seededRandom(3))).toEqual(splitIntoFolds(50, 5, seededRandom(3)));
    expect(splitIntoFolds(50, 5, seededRandom(3))).not.toEqual(splitIntoFolds(50, 5, seededRandom(4)));
  });

  it.each([0, 1, 2.5, 11])('refuses %f folds of ten rows', (folds) => {
    expect(() => splitIntoFolds(10, folds, seededRandom(1))).toThrow(RangeError);
  });
});

describe('splitByGroup', () => {
  it('never has a group on both sides', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(8), { minLength: 30, maxLength: 80 }), fc.nat(), (groups, seed) => {
        fc.pre(new Set(groups).size >= 3);
        const splits = splitByGroup(groups, 3, seededRandom(seed));
        expectPartition(splits, groups.length);
        for (const { train, test } of splits) {
          const tested = new Set(test.map((row) => groups[row]));
          for (const row of train) expect(tested.has(groups[row] ?? -1)).toBe(false);
        }
      }),
    );
  });

  it('fills the folds evenly', () => {
    const groups = ['a', 'a', 'a', 'a', 'b', 'b', 'c', 'c'];
    expect(splitByGroup(groups, 2, seededRandom(1)).map(({ test }) => test.length)).toEqual([4, 4]);
  });

  it('refuses more folds than groups', () => {
    expect(() => splitByGroup(['a', 'a'], 2, seededRandom(1))).toThrow('2 folds of 1 groups');
  });
});

describe('the other splits', () => {
  it('leave one source out at a time', () => {
    expect(leaveOneSourceOut(['a', 'b', 'a', 'c'])).toEqual([
      { train: [1, 3], test: [0, 2] },
      { train: [0, 2, 3], test: [1] },
      { train: [0, 1, 2], test: [3] },
    ]);
    expect(() => leaveOneSourceOut(['a', 'a'])).toThrow(RangeError);
  });

  it('train on the past and test on the future', () => {
    const times = [5, 1, 4, 2, 3, 3];
    const { train, test } = splitByTime(times, 0.5);
    const latest = Math.max(...train.map((row) => times[row] ?? 0));
    expect(test.every((row) => (times[row] ?? 0) >= latest)).toBe(true);
    expect(train).toEqual([1, 3, 4]);
  });

  it('train on the first rows and test on the rest', () => {
    expect(splitFirst(438, 0.7).train.length).toBe(306);
    expect(splitFirst(350, 0.7).train.length).toBe(244);
    expect(splitFirst(10, 0.7).test).toEqual([7, 8, 9]);
    expect(() => splitFirst(3, 0.1)).toThrow('one side would be empty');
  });
});

describe('splitFirstOfEach', () => {
  it('cuts each class where its own first rows end, however the rows are sorted', () => {
    const classes = [...Array<string>(10).fill('ham'), ...Array<string>(20).fill('spam')];
    const { train, test } = splitFirstOfEach(classes, 0.7);
    expectPartition(
      [
        { train: test, test: train },
        { train, test },
      ],
      classes.length,
    );
    expect(test).toEqual([7, 8, 9, 24, 25, 26, 27, 28, 29]);
    expect(() => splitFirstOfEach(['ham', 'ham', 'spam'], 0.5)).toThrow('one side would be empty');
  });
});

describe('withoutNearCopies', () => {
  it('drops test rows that copy a training row, short ones too, and nothing else', () => {
    const texts = [
      'Check out my channel, we make the best covers in town: http://a.example/1',
      'first!',
      'I remember when this came out, I was nine years old',
      'check out my channel, we make the best covers in town: http://b.example/22',
      'FIRST',
      'What a strange little song this is',
    ];
    expect(withoutNearCopies(splitFirst(6, 0.5), texts)).toEqual({ train: [0, 1, 2], test: [5] });
  });
});

function expectPartition(splits: readonly Split[], count: number): void {
  const rows = Array.from({ length: count }, (_, row) => row);
  expect(splits.flatMap(({ test }) => test).sort((a, b) => a - b)).toEqual(rows);
  for (const { train, test } of splits) expect([...train, ...test].sort((a, b) => a - b)).toEqual(rows);
}
