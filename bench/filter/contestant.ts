/** What the benchmark asks of a classifier. All get the raw text and nothing else, at their documented defaults. */
import type { Row } from './corpora.ts';

export interface ScoredText {
  /** Higher is more like spam; the scale is the classifier's own. */
  readonly logOdds: number;
  readonly spamProbability: number;
  /** From this spam probability on the classifier's answer is spam; 0.5 when left out. */
  readonly threshold?: number;
}

export interface Trained {
  /** The answer with its score, to measure quality. */
  readonly score: (text: string) => ScoredText;
  /** The call its documentation tells users to make, to measure speed. */
  readonly classify: (text: string) => unknown;
  readonly save: () => string | Uint8Array;
  /** Makes a working classifier of what was saved, as at the start of a process. */
  readonly load: (saved: string | Uint8Array) => unknown;
}

export interface Contestant {
  readonly name: string;
  readonly train: (rows: readonly Row[]) => Promise<Trained>;
}

/** A score from a log-odds, with the classifier's own word where the log-odds is a tie (or no number). */
export function scoredText(logOdds: number, saysSpam: () => boolean): ScoredText {
  if (logOdds !== 0 && !Number.isNaN(logOdds))
    return { logOdds, spamProbability: 1 / (1 + Math.exp(-logOdds)) };
  return { logOdds: 0, spamProbability: saysSpam() ? 0.5 : 0.499999 };
}
