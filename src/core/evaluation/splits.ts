/**
 * Which rows train and which test. A split by chance flatters a filter: the same campaign, thread or week is on both
 * sides. The other splits ask what a site asks: how good is it tomorrow, on a thread or a source it has not seen?
 *
 * All functions give row numbers (0, 1, 2 …), each in rising order.
 */
import { createNearDuplicateIndex } from '../near-duplicates/near-duplicate.ts';
import type { Random } from './seeded-random.ts';

/** Row numbers to train with and, apart from them, to test with. */
export interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** From this similarity on, a test row is a copy of a training row. */
export const NEAR_COPY_SIMILARITY = 0.8;

/**
 * k-fold cross-validation by chance: every row is tested exactly once, fold sizes differ by one at most.
 * Throws RangeError unless 2 ≤ folds ≤ count.
 *
 * @example
 * splitIntoFolds(4, 2, seededRandom(1)).length // 2
 */
export function splitIntoFolds(count: number, folds: number, random: Random): Split[] {
  requireFolds(folds, count, 'rows');
  const foldOf = new Uint32Array(count);
  for (const [place, row] of shuffle(count, random).entries()) foldOf[row] = place % folds;
  return Array.from({ length: folds }, (_, fold) => splitWhere(count, (row) => foldOf[row] === fold));
}

/**
 * k-fold cross-validation in which rows of one group (a thread, a near-duplicate group) stay together. The groups,
 * largest first and by chance among equals, go to the fold that is smallest so far.
 * Throws RangeError unless 2 ≤ folds ≤ number of groups.
 */
export function splitByGroup(groups: readonly (string | number)[], folds: number, random: Random): Split[] {
  const sizes = new Map<string | number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  requireFolds(folds, sizes.size, 'groups');
  const entries = [...sizes];
  const dealt = shuffle(entries.length, random)
    .map((place) => entries[place] ?? (['', 0] as const))
    .sort((a, b) => b[1] - a[1]);
  const load = new Array<number>(folds).fill(0);
  const foldOf = new Map<string | number, number>();
  for (const [group, size] of dealt) {
    const smallest = load.indexOf(Math.min(...load));
    foldOf.set(group, smallest);
    load[smallest] = (load[smallest] ?? 0) + size;
  }
  return Array.from({ length: folds }, (_, fold) =>
    splitWhere(groups.length, (row) => foldOf.get(groups[row] ?? '') === fold),
  );
}

/**
 * Leave one source out: for each source, in order of first sight, train on all others and test on it.
 * Throws RangeError when there are fewer than two sources.
 *
 * @example
 * leaveOneSourceOut(['a', 'b', 'a']) // [{ train: [1], test: [0, 2] }, { train: [0, 2], test: [1] }]
 */
export function leaveOneSourceOut(sources: readonly string[]): Split[] {
  const distinct = [...new Set(sources)];
  requireFolds(distinct.length, sources.length, 'sources');
  return distinct.map((source) => splitWhere(sources.length, (row) => sources[row] === source));
}

/**
 * Train on the earliest rows, test on the later ones: what a filter meets in use. Rows of one moment keep their
 * order. `times` are any numbers that grow with time. Throws RangeError when a side would be empty.
 *
 * @example
 * splitByTime([30, 10, 20], 2 / 3) // { train: [1, 2], test: [0] }
 */
export function splitByTime(times: readonly number[], trainShare: number): Split {
  const order = times.map((_, row) => row).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  const early = new Set(order.slice(0, firstRows(times.length, trainShare)));
  return splitWhere(times.length, (row) => !early.has(row));
}

/**
 * Train on the first rows, test on the rest. Throws RangeError when a side would be empty.
 *
 * @example
 * splitFirst(10, 0.7).test // [7, 8, 9]
 */
export function splitFirst(count: number, trainShare: number): Split {
  const cut = firstRows(count, trainShare);
  return splitWhere(count, (row) => row >= cut);
}

/**
 * Train on the first rows of each class, test on the rest of each, as the authors of TubeSpam did with 70 %: their
 * files are sorted by label in places, and the last 30 % of one video are all spam.
 * Throws RangeError when a class has too few rows for both sides.
 *
 * @example
 * splitFirstOfEach(['ham', 'spam', 'spam', 'ham'], 0.5) // { train: [0, 1], test: [2, 3] }
 */
export function splitFirstOfEach(classes: readonly string[], trainShare: number): Split {
  const totals = new Map<string, number>();
  for (const name of classes) totals.set(name, (totals.get(name) ?? 0) + 1);
  const cuts = new Map([...totals].map(([name, total]) => [name, firstRows(total, trainShare)]));
  const seen = new Map<string, number>();
  const isTest = classes.map((name) => {
    const number = seen.get(name) ?? 0;
    seen.set(name, number + 1);
    return number >= (cuts.get(name) ?? 0);
  });
  return splitWhere(classes.length, (row) => isTest[row] === true);
}

/**
 * The same split without the test rows that are near-copies of a training row: 4-gram Jaccard similarity of at least
 * {@link NEAR_COPY_SIMILARITY}, short rows included. What is left is what the filter had to generalise to.
 */
export function withoutNearCopies(split: Split, texts: readonly string[]): Split {
  const index = createNearDuplicateIndex({ minimumSimilarity: NEAR_COPY_SIMILARITY, minimumLetters: 0 });
  for (const row of split.train) index.add(texts[row] ?? '');
  return { train: split.train, test: split.test.filter((row) => index.find(texts[row] ?? '').length === 0) };
}

function splitWhere(count: number, isTest: (row: number) => boolean): Split {
  const train: number[] = [];
  const test: number[] = [];
  for (let row = 0; row < count; row += 1) (isTest(row) ? test : train).push(row);
  return { train, test };
}

/** Rounded down after the multiplication in doubles, as TubeSpam's was: 70 % of 350 rows are 244. */
function firstRows(count: number, share: number): number {
  const cut = Math.floor(count * share);
  if (!(cut > 0 && cut < count)) {
    throw new RangeError(`${count} rows cannot be cut at a share of ${share}: one side would be empty`);
  }
  return cut;
}

function requireFolds(folds: number, most: number, what: string): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > most) {
    throw new RangeError(
      `cannot make ${folds} folds of ${most} ${what}: at least 2 and no more than there are`,
    );
  }
}

/** Fisher and Yates. */
function shuffle(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, row) => row);
  for (let last = count - 1; last > 0; last -= 1) {
    const picked = Math.floor(random() * (last + 1));
    const value = order[picked] ?? 0;
    order[picked] = order[last] ?? 0;
    order[last] = value;
  }
  return order;
}
