/** Says what a filter version makes of a comment. */
import { fill } from '../../../strings/index.ts';
import { useReader } from '../reader.tsx';

interface Judged {
  readonly verdict: string;
  readonly spam_probability: number | null;
}

/** Such as “spam (98.2%)”. */
export function useVerdict(): (judged: Judged) => string {
  const { t, format } = useReader();
  return ({ verdict, spam_probability: probability }) => {
    const name = t.verdicts[verdict] ?? verdict;
    return probability === null
      ? name
      : fill(t.verdictWithScore, { verdict: name, score: format.percent(probability) });
  };
}
