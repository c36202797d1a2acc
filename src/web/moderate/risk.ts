/** Says how likely spam is in a word, for people to whom 0.93 says nothing. */
import type { QueueItem } from './state/types.ts';

type RiskBand = 'low' | 'medium' | 'high';

/** By the thresholds that the comment met; null: it was not scored. */
export function riskBand({
  spam_probability: probability,
  thresholds: { ham, spam },
}: Pick<QueueItem, 'spam_probability' | 'thresholds'>): RiskBand | null {
  if (probability === null) return null;
  if (probability < ham) return 'low';
  // Spam is marked from near to certain on; what is far nearer to that than to ham is no open question any more.
  return probability >= Math.min(spam, 0.9) ? 'high' : 'medium';
}
