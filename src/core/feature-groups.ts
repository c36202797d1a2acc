/**
 * The groups of features. Each has a part of the count table to itself, 2^bits buckets: a bucket tells its group,
 * and a crowd of one kind of feature cannot drown another.
 */

/** What a feature is made of; the place in this list is the group's number. */
export const FEATURE_GROUPS = [
  'word',
  'bigram',
  'char',
  'url',
  'shape',
  'author',
  'number',
  'symbol',
] as const;

/** A group of features. */
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];

/** The number of a group. */
export const GROUP = {
  word: 0,
  bigram: 1,
  char: 2,
  url: 3,
  shape: 4,
  author: 5,
  number: 6,
  symbol: 7,
} as const;

export const GROUP_COUNT = FEATURE_GROUPS.length;

/** log2 of each group's part of the table. */
export const GROUP_BITS: readonly number[] = [17, 18, 18, 14, 12, 14, 14, 12];

/** The first bucket of each group. */
export const GROUP_BASES: readonly number[] = GROUP_BITS.map((_, group) =>
  GROUP_BITS.slice(0, group).reduce((sum, bits) => sum + 2 ** bits, 0),
);

/** Buckets of all groups together: the length of a count table. */
export const BUCKETS = GROUP_BITS.reduce((sum, bits) => sum + 2 ** bits, 0);
