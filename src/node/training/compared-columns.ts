/** Compared comments on their way to the thread of a training: as columns, which are handed over and not copied. */
import type { ComparedComment } from '../../core/evaluation/model-comparison.ts';

/** A row for each comment. */
export interface ComparedColumns {
  /** 1: spam. */
  readonly spam: Uint8Array;
  /** 1: judged by the stricter pair of thresholds. */
  readonly payload: Uint8Array;
  /** Log-odds and spam probability by the active filter, then by the candidate. */
  readonly answers: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
}

export function toColumns(comments: readonly ComparedComment[]): ComparedColumns {
  const size = comments.length;
  const spam = new Uint8Array(size);
  const payload = new Uint8Array(size);
  const column = () => new Float64Array(size);
  const [odds, chance, otherOdds, otherChance] = [column(), column(), column(), column()];
  for (let row = 0; row < size; row++) {
    const { label, active, candidate } = comments[row] as ComparedComment;
    spam[row] = label === 'spam' ? 1 : 0;
    payload[row] = active.hasPayload ? 1 : 0;
    odds[row] = active.logOdds;
    chance[row] = active.spamProbability;
    otherOdds[row] = candidate.logOdds;
    otherChance[row] = candidate.spamProbability;
  }
  return { spam, payload, answers: [odds, chance, otherOdds, otherChance] };
}

export function fromColumns({ spam, payload, answers }: ComparedColumns): ComparedComment[] {
  const at = (column: 0 | 1 | 2 | 3, row: number) => answers[column][row] as number;
  return Array.from(spam, (marked, row) => {
    const hasPayload = payload[row] === 1;
    return {
      label: marked === 1 ? 'spam' : 'ham',
      active: { logOdds: at(0, row), spamProbability: at(1, row), hasPayload },
      candidate: { logOdds: at(2, row), spamProbability: at(3, row), hasPayload },
    };
  });
}

/** What is handed over. */
export function buffersOf({ spam, payload, answers }: ComparedColumns): ArrayBuffer[] {
  return [spam, payload, ...answers].map(({ buffer }) => buffer as ArrayBuffer);
}
