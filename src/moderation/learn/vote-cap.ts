/** How many labels of one source count in a training, so that one stolen key or one careless day does not decide. */
import type { StoredSample } from '../../storage/learn/samples.ts';

export interface VoteCap {
  /** Whether this label still counts; call it once a sample, in the order of the samples. */
  readonly admit: (sample: StoredSample) => boolean;
  /** How many labels were left out so far. */
  readonly leftOut: () => number;
}

/**
 * Admits `perDay` labels of each source and day (UTC). A source is whoever gave the label: a person, or the key that
 * decided in a person's place. What a key with the scope `train` uploaded or imported is not capped: that scope is
 * trust in whole archives, and each upload is on record.
 *
 * Memory: a number for each source and day.
 */
export function createVoteCap(perDay: number): VoteCap {
  const votes = new Map<string, number>();
  let leftOut = 0;
  return {
    admit: ({ source, actor, labelledAt }) => {
      if (source === 'upload' || source.startsWith('import') || actor.startsWith('import:')) return true;
      const key = `${actor} ${labelledAt.toISOString().slice(0, 10)}`;
      const before = votes.get(key) ?? 0;
      if (before >= perDay) {
        leftOut++;
        return false;
      }
      votes.set(key, before + 1);
      return true;
    },
    leftOut: () => leftOut,
  };
}
