/**
 * The arithmetic under near-duplicates: the 4-grams of a folded text as hashes, their MinHash bands, their SimHash.
 * Signatures are stored: a change here is a change of the stored format.
 */

const HASHES = 4;
const BANDS = 16;
const EMPTY = 0xffffffff;
/** One odd multiplier per hash function: the first 32 bits of the golden ratio, √2, √3 and √5. */
const MULTIPLIERS = [0x9e3779b1, 0x6a09e667, 0xbb67ae85, 0x3c6ef373] as const;

function gramHash(folded: Uint16Array, start: number): number {
  let hash = Math.imul((folded[start] ?? 0) + 0x10001, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ (folded[start + 1] ?? 0), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ (folded[start + 2] ?? 0), 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 16) ^ (folded[start + 3] ?? 0), 0x165667b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The hashes of a folded text's 4-grams, in order; a text shorter than four letters is one gram. */
export function gramHashes(folded: Uint16Array): Uint32Array {
  const hashes = new Uint32Array(folded.length === 0 ? 0 : Math.max(1, folded.length - 3));
  for (let start = 0; start < hashes.length; start += 1) hashes[start] = gramHash(folded, start);
  return hashes;
}

/** The same hashes, each once, sorted. */
export function distinct(hashes: Uint32Array): Uint32Array {
  const sorted = hashes.slice().sort();
  let kept = 0;
  for (const hash of sorted) {
    if (kept > 0 && sorted[kept - 1] === hash) continue;
    sorted[kept] = hash;
    kept += 1;
  }
  return sorted.slice(0, kept);
}

/** The Jaccard similarity, in [0, 1], of two sorted sets of hashes; 0 when both are empty. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  let left = 0;
  let right = 0;
  while (left < a.length && right < b.length) {
    const x = a[left] ?? 0;
    const y = b[right] ?? 0;
    if (x === y) shared += 1;
    if (x <= y) left += 1;
    if (y <= x) right += 1;
  }
  const union = a.length + b.length - shared;
  return union === 0 ? 0 : shared / union;
}

/**
 * Four hash functions with 16 bins each, each bin keeping its lowest hash; band i joins bin i of all four. Against
 * one function with 64 bins, a comment of 30 letters leaves 17 % of the bins empty instead of 65 %.
 */
export function bandsOf(hashes: Uint32Array): number[] {
  const minima = new Uint32Array(HASHES * BANDS).fill(EMPTY);
  for (const gram of hashes) {
    for (let hash = 0; hash < HASHES; hash += 1) {
      const product = Math.imul(gram, MULTIPLIERS[hash] ?? 1);
      const mixed = Math.imul(product ^ (product >>> 15), 0x2c1b3c6d) >>> 0;
      const slot = hash * BANDS + (mixed >>> 28);
      const value = mixed & 0x0fffffff;
      if (value < (minima[slot] ?? 0)) minima[slot] = value;
    }
  }
  return Array.from({ length: BANDS }, (_, band) => {
    let joined = Math.imul(band + 1, 0x9e3779b1);
    for (let hash = 0; hash < HASHES; hash += 1) {
      joined = Math.imul(joined ^ filledBin(minima, hash, band), 0x85ebca6b);
      joined ^= joined >>> 15;
    }
    return joined | 0;
  });
}

/** The bin's minimum; an empty bin borrows that of another, always probed in the same order. */
function filledBin(minima: Uint32Array, hash: number, band: number): number {
  let bin = band;
  for (let attempt = 1; minima[hash * BANDS + bin] === EMPTY; attempt += 1) {
    bin = (Math.imul(band * 31 + attempt, 0x9e3779b1) >>> 24) % BANDS;
  }
  return minima[hash * BANDS + bin] ?? 0;
}

/**
 * Each gram votes on every bit. The votes are counted in bit-sliced counters (plane p holds bit p of 32 counters),
 * which takes a handful of word operations a gram instead of 64 additions.
 */
export function simhashOf(hashes: Uint32Array): bigint {
  const low = new Int32Array(20);
  const high = new Int32Array(20);
  for (const gram of hashes) {
    countVotes(low, Math.imul(gram, 0x9e3779b1) ^ (gram >>> 16));
    countVotes(high, Math.imul(gram ^ (gram >>> 15), 0xc2b2ae35) ^ (gram >>> 11));
  }
  const bits =
    (BigInt(majority(high, hashes.length) >>> 0) << 32n) | BigInt(majority(low, hashes.length) >>> 0);
  return BigInt.asIntN(64, bits);
}

function countVotes(planes: Int32Array, votes: number): void {
  let carry = votes;
  for (let plane = 0; carry !== 0 && plane < planes.length; plane += 1) {
    const bits = planes[plane] ?? 0;
    planes[plane] = bits ^ carry;
    carry &= bits;
  }
}

/** Bit i is set when more than half of `count` votes set it. */
function majority(planes: Int32Array, count: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit += 1) {
    let votes = 0;
    for (let plane = planes.length - 1; plane >= 0; plane -= 1) {
      votes = votes * 2 + (((planes[plane] ?? 0) >>> bit) & 1);
    }
    if (votes * 2 > count) result |= 1 << bit;
  }
  return result;
}
