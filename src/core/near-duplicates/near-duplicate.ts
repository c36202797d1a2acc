/**
 * Near-duplicates: one spam template, posted many times with another name, number or address in it.
 *
 * A text is folded (what a spammer varies for free is thrown away), cut into letter 4-grams, and two texts are near
 * when the Jaccard similarity of their 4-grams is high. To find such pairs without comparing all, each text has 16
 * bands, integers for a GIN-indexed `integer[]`: two texts that share a band are candidates. MinHash by one
 * permutation hashing (Li, Owen, Zhang 2012) with optimal densification (Shrivastava 2017).
 */
import { foldForSimilarity } from './near-duplicate-fold.ts';
import { bandsOf, distinct, gramHashes, jaccard, simhashOf } from './near-duplicate-sketch.ts';

/** What a database keeps to find near-duplicates. */
export interface NearDuplicateSignature {
  /** 64-bit SimHash (Charikar 2002) of the 4-grams, signed to fit a `bigint`; {@link simhashDistance} compares. */
  readonly simhash: bigint;
  /** 16 signed 32-bit integers, or none for a text too short to tell a copy from a coincidence. */
  readonly bands: number[];
}

/**
 * Two texts at least this alike are near-duplicates. With a new name, number, address and scattered zero-width
 * characters in them, 94 to 100 % of the templates in the five spam sets at hand stay above 0.6, only 65 to 94 %
 * above 0.8; and at 0.6 one of 5,407 grouped rows sits among rows of the other label.
 */
export const NEAR_DUPLICATE_SIMILARITY = 0.6;

/**
 * Fewer folded letters than this have no bands: readers write "love this song" on their own, copies or not.
 * Where it stands was measured; docs/evaluation.md has the figures.
 */
export const NEAR_DUPLICATE_LETTERS = 20;

/**
 * The signature of a text. Texts that differ only in digits, addresses, case, accents, punctuation, zero-width
 * characters, styled or look-alike letters have the same one. Linear in the text; equal input, equal bits.
 *
 * Two texts of similarity s share a band with a probability of about 1 - (1 - s^4)^16: 0.02 for 0.2, 0.64 for 0.5,
 * 0.99 for 0.7, 0.9998 for 0.8.
 *
 * @example
 * nearDuplicateSignature('nice video').bands // []
 */
export function nearDuplicateSignature(text: string): NearDuplicateSignature {
  const folded = foldForSimilarity(text);
  const hashes = gramHashes(folded);
  return { simhash: simhashOf(hashes), bands: folded.length < NEAR_DUPLICATE_LETTERS ? [] : bandsOf(hashes) };
}

/**
 * How alike two texts are, in [0, 1]: the Jaccard similarity of the sets of their folded letter 4-grams. Two texts
 * without any letter are as alike as their bytes: 1 or 0.
 *
 * @example
 * similarity('Check out my channel 123!', 'check OUT my channel: 45') // 1
 */
export function similarity(a: string, b: string): number {
  const left = distinct(gramHashes(foldForSimilarity(a)));
  const right = distinct(gramHashes(foldForSimilarity(b)));
  if (left.length === 0 && right.length === 0) return a === b ? 1 : 0;
  return jaccard(left, right);
}

/**
 * In how many of their 64 bits two SimHashes differ. Unrelated texts differ in about 32; in PostgreSQL it is
 * `bit_count((a # b)::bit(64))`.
 *
 * @example
 * simhashDistance(0b101n, 0b110n) // 2
 */
export function simhashDistance(a: bigint, b: bigint): number {
  let bits = BigInt.asUintN(64, a ^ b);
  let distance = 0;
  for (; bits !== 0n; bits &= bits - 1n) distance += 1;
  return distance;
}

/** How {@link groupNearDuplicates} and {@link createNearDuplicateIndex} compare. */
export interface NearDuplicateOptions {
  /** From which similarity on two texts are near; {@link NEAR_DUPLICATE_SIMILARITY} unless given. */
  readonly minimumSimilarity?: number;
  /** Texts with fewer folded letters are near nothing; {@link NEAR_DUPLICATE_LETTERS} unless given. */
  readonly minimumLetters?: number;
}

/** Texts seen so far, by their bands. */
export interface NearDuplicateIndex {
  /** Numbers (0, 1, 2 … in order of `add`) of the texts near this one, without adding it. */
  find(text: string): number[];
  /** Like `find`, and adds the text. */
  add(text: string): number[];
}

/**
 * An index that finds near-duplicates in time that hardly grows with the number of texts. A bucket that holds many
 * texts is a campaign or a coincidence: only its first 32 are compared, so that ten thousand copies of one text stay
 * linear.
 */
export function createNearDuplicateIndex(options: NearDuplicateOptions = {}): NearDuplicateIndex {
  const minimumSimilarity = options.minimumSimilarity ?? NEAR_DUPLICATE_SIMILARITY;
  const minimumLetters = options.minimumLetters ?? NEAR_DUPLICATE_LETTERS;
  const buckets = new Map<number, number[]>();
  const known: Uint32Array[] = [];

  function near(text: string, insert: boolean): number[] {
    const folded = foldForSimilarity(text);
    const hashes = gramHashes(folded);
    const grams = distinct(hashes);
    const number = known.length;
    if (insert) known.push(grams);
    if (grams.length === 0 || folded.length < minimumLetters) return [];
    const candidates = new Set<number>();
    for (const band of bandsOf(hashes)) {
      const bucket = buckets.get(band);
      for (const candidate of bucket ?? []) candidates.add(candidate);
      if (!insert) continue;
      if (bucket === undefined) buckets.set(band, [number]);
      else if (bucket.length < 32) bucket.push(number);
    }
    return [...candidates]
      .filter((candidate) => jaccard(known[candidate] ?? new Uint32Array(), grams) >= minimumSimilarity)
      .sort((a, b) => a - b);
  }
  return { find: (text) => near(text, false), add: (text) => near(text, true) };
}

/**
 * The group of each text: the number of the first text of its group, so that a text on its own is its own number.
 * Groups are closed under nearness: whoever is near a member is a member.
 *
 * @example
 * groupNearDuplicates(['visit my channel at http://a.example/1', 'hello there, what a lovely tune', 'Visit my channel at http://b.example/2'])
 * // [0, 1, 0]
 */
export function groupNearDuplicates(texts: readonly string[], options: NearDuplicateOptions = {}): number[] {
  const index = createNearDuplicateIndex(options);
  const parents = texts.map((_, number) => number);
  const rootOf = (number: number): number => {
    let root = number;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[number] = root;
    return root;
  };
  for (const [number, text] of texts.entries()) {
    for (const near of index.add(text)) {
      const [first, second] = [rootOf(near), rootOf(number)];
      parents[Math.max(first, second)] = Math.min(first, second);
    }
  }
  return parents.map((_, number) => rootOf(number));
}
