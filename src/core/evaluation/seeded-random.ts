/** A source of chance: each call gives the next number in [0, 1). */
export type Random = () => number;

/**
 * A small generator (Mulberry32, 32 bits of state) that gives equal numbers for equal seeds: chance that is an
 * argument. Good enough to shuffle and to resample; not for secrets.
 *
 * @example
 * seededRandom(1)() === seededRandom(1)() // true
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
