/**
 * A bounded, fair choice of samples: the groups with the smallest hashes, each with all its near-copies.
 *
 * The choice does not depend on the order of the samples, and memory does not grow with their number.
 */
import type { FeatureList } from '../features/feature-list.ts';

/** One kept sample: its features, not its text. */
export interface KeptSample {
  readonly groupHash: number;
  readonly order: number;
  readonly spam: boolean;
  readonly groups: Uint8Array;
  readonly buckets: Int32Array;
  readonly length: number;
  readonly hasPayload: boolean;
}

/** Samples kept so far. */
export interface Reservoir {
  readonly capacity: number;
  kept: KeptSample[];
  /** Groups from this hash on are not kept any more. */
  limit: number;
}

/** A reservoir for at most `capacity` samples (twice as many in between). */
export function createReservoir(capacity: number): Reservoir {
  return { capacity, kept: [], limit: Number.POSITIVE_INFINITY };
}

/** Whether a sample of this group would be kept; one that would not need not be looked at. */
export function isTaking(reservoir: Reservoir, groupHash: number): boolean {
  return groupHash < reservoir.limit;
}

/** Keeps a sample of a group that {@link isTaking}; `order` breaks ties within a group and must depend on the sample alone. */
export function keepSample(
  reservoir: Reservoir,
  groupHash: number,
  order: number,
  features: FeatureList,
  spam: boolean,
): void {
  reservoir.kept.push({
    groupHash,
    order,
    spam,
    groups: features.groups.slice(0, features.length),
    buckets: features.buckets.slice(0, features.length),
    length: features.length,
    hasPayload: features.hasPayload,
  });
  if (reservoir.kept.length >= 2 * reservoir.capacity) trim(reservoir);
}

/** The kept samples group by group, each group whole, in an order that does not depend on that of the offers. */
export function keptGroups(reservoir: Reservoir): KeptSample[][] {
  if (reservoir.kept.length > reservoir.capacity) trim(reservoir);
  sortKept(reservoir.kept);
  const groups: KeptSample[][] = [];
  for (const sample of reservoir.kept) {
    const last = groups.at(-1);
    if (last !== undefined && last[0]?.groupHash === sample.groupHash) last.push(sample);
    else groups.push([sample]);
  }
  return groups;
}

/** Drops whole groups from the top; a single group that is larger than the reservoir loses its last members. */
function trim(reservoir: Reservoir): void {
  sortKept(reservoir.kept);
  const { kept, capacity } = reservoir;
  const limit = kept[capacity]?.groupHash ?? Number.POSITIVE_INFINITY;
  const below = kept.filter((sample) => sample.groupHash < limit);
  if (below.length === 0) {
    reservoir.kept = kept.slice(0, capacity);
    return;
  }
  reservoir.kept = below;
  reservoir.limit = limit;
}

function sortKept(kept: KeptSample[]): void {
  kept.sort((a, b) => a.groupHash - b.groupHash || a.order - b.order);
}

/** 32 bits of a text, FNV-1a with its bits spread, from 0 to 2^32 - 1. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}
