/**
 * The most telling features: how padding is kept from hiding spam.
 *
 * Of each group at most {@link MOST_TELLING} features for spam and as many for ham count, the strongest ones. A
 * comment of ordinary length keeps all it has; three hundred words of news behind a spam comment do not drown it
 * (docs/decisions/0005-padding.md).
 */

import { GROUP_COUNT } from '../features/feature-groups.ts';
import { lengthDivisor } from './combination.ts';

/** Features of one group that may speak for one class. */
export const MOST_TELLING = 40;

/** What {@link selectTelling} reads: buckets with their groups, valid up to `length`. */
export interface BucketList {
  readonly groups: Uint8Array;
  readonly buckets: Int32Array;
  readonly length: number;
}

/** Weights are told apart to 1/16; the first ones in the text win within a step. */
const STEPS_PER_UNIT = 16;
const BINS = 128;
const SIDES = 2 * GROUP_COUNT;

const lengths = new Int32Array(GROUP_COUNT);
const factors = new Float64Array(GROUP_COUNT);
const histogram = new Int32Array(SIDES * BINS);
const cutBins = new Int32Array(SIDES);
const cutRoom = new Int32Array(SIDES);

/** For the comment at hand: what a weight of each group is multiplied with, and which weights count. */
export interface Telling {
  /** units / divisor(features of the group). */
  readonly factors: Float64Array;
  /** false: every feature counts. */
  readonly selective: boolean;
}

/** Looks at all features of a comment once; {@link isTelling} must then be asked about each in order. */
export function selectTelling(features: BucketList, weights: Float32Array, units: number): Telling {
  const { groups, length } = features;
  lengths.fill(0);
  for (let index = 0; index < length; index++) {
    const group = groups[index];
    lengths[group] = lengths[group] + 1;
  }
  let selective = false;
  for (let group = 0; group < GROUP_COUNT; group++) {
    const size = lengths[group];
    if (size > 2 * MOST_TELLING) selective = true;
    factors[group] = units / lengthDivisor(Math.max(1, Math.min(size, 2 * MOST_TELLING)));
  }
  if (selective) findCuts(features, weights);
  return { factors, selective };
}

/** Whether a feature counts. Only when selective, once for each feature, in the order of the list. */
export function isTelling(group: number, weight: number): boolean {
  const side = sideOf(group, weight);
  const bin = binOf(weight);
  const cut = cutBins[side];
  if (bin !== cut) return bin > cut;
  const room = cutRoom[side];
  cutRoom[side] = room - 1;
  return room > 0;
}

function sideOf(group: number, weight: number): number {
  return 2 * group + (weight > 0 ? 1 : 0);
}

function binOf(weight: number): number {
  return Math.min(BINS - 1, Math.floor(Math.abs(weight) * STEPS_PER_UNIT));
}

/** For each group and class: the bin in which the places run out, and how many are left for it. */
function findCuts({ groups, buckets, length }: BucketList, weights: Float32Array): void {
  histogram.fill(0);
  for (let index = 0; index < length; index++) {
    const weight = weights[buckets[index]];
    if (weight === 0) continue;
    const at = sideOf(groups[index], weight) * BINS + binOf(weight);
    histogram[at] = histogram[at] + 1;
  }
  for (let side = 0; side < SIDES; side++) {
    let room = lengths[side >> 1];
    if (room > 2 * MOST_TELLING) room = MOST_TELLING;
    let bin = BINS - 1;
    for (; bin > 0 && room >= histogram[side * BINS + bin]; bin--) {
      room -= histogram[side * BINS + bin];
    }
    cutBins[side] = bin;
    cutRoom[side] = room;
  }
}
