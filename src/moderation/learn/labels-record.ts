/** Which labels a model was made from, so that it can be told whether two were made from the same ones. */
import { createHash } from 'node:crypto';
import type { StoredSample } from '../../storage/learn/samples.ts';

export interface LabelsRecord {
  readonly note: (sample: StoredSample) => void;
  /**
   * `sha256` is over a line `ID LABEL` of each in the order of the training: decided comments by id, then samples by id.
   */
  readonly read: () => {
    readonly count: number;
    readonly last_labelled_at: string | null;
    readonly sha256: string;
  };
}

/** Memory does not grow with the labels. */
export function createLabelsRecord(): LabelsRecord {
  const hash = createHash('sha256');
  let count = 0;
  let last: Date | null = null;
  return {
    note: ({ id, label, labelledAt }) => {
      hash.update(`${id} ${label}\n`);
      count += 1;
      if (last === null || labelledAt > last) last = labelledAt;
    },
    read: () => ({
      count,
      last_labelled_at: last?.toISOString() ?? null,
      sha256: hash.copy().digest('hex'),
    }),
  };
}
