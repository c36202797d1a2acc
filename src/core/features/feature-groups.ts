/**
 * The groups of features. Each has a part of the tables to itself, 2^bits buckets: a bucket tells its group, and a
 * crowd of one kind of feature cannot drown another.
 *
 * Half as many buckets cost nothing that could be measured on 13,202 messages, a quarter cost half a point of MCC.
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
  'sender',
  'skip',
  'edge',
  'part',
  'form',
  'call',
] as const;

/** The number of a group. */
export const GROUP = {
  /** A word's stem, a number's length, a link as such. */
  word: 0,
  /** Two words that follow each other. */
  bigram: 1,
  /** Five letters within a word. */
  char: 2,
  url: 3,
  shape: 4,
  author: 5,
  number: 6,
  symbol: 7,
  /** What kind of name and address the author gave. */
  sender: 8,
  /** Two words with one between them. */
  skip: 9,
  /** The first two words and the last one. */
  edge: 10,
  /** Three letters within a word. */
  part: 11,
  /** Two measures of the shape together. */
  form: 12,
  /** A kind of word that calls upon a reader, and how many kinds there are. */
  call: 13,
} as const;

export const GROUP_COUNT = FEATURE_GROUPS.length;

/**
 * Groups from this one on are not counted: they repeat what counted groups say, and naive Bayes would take it for
 * news. Only corrections look at them.
 */
export const COUNTED_GROUPS = GROUP.skip;

/** log2 of each group's part of the table. */
export const GROUP_BITS: readonly number[] = [16, 17, 17, 13, 11, 13, 13, 11, 10, 16, 13, 15, 11, 10];

/** The first bucket of each group. */
export const GROUP_BASES: readonly number[] = GROUP_BITS.map((_, group) => bucketsBelow(group));

/** Buckets of all groups together: the length of the table of weights. */
export const BUCKETS = bucketsBelow(GROUP_COUNT);

/** Buckets of the counted groups: the length of a count table. */
export const COUNTED_BUCKETS = bucketsBelow(COUNTED_GROUPS);

function bucketsBelow(group: number): number {
  return GROUP_BITS.slice(0, group).reduce((sum, bits) => sum + 2 ** bits, 0);
}
