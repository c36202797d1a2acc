/** The figures of a day-zero report, from scores of whole sources that were not learnt. */

export interface Scored {
  readonly spam: boolean;
  readonly score: number;
  readonly payload: boolean;
  readonly kind: string;
  readonly source: string;
}

/** Area under the ROC curve; ties count half. null without both classes. */
export function auc(ham: readonly number[], spam: readonly number[]): number | null {
  if (ham.length === 0 || spam.length === 0) return null;
  const all = [...ham.map((score) => ({ score, spam: 0 })), ...spam.map((score) => ({ score, spam: 1 }))];
  all.sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.score === all[start]?.score) end += 1;
    for (let at = start; at < end; at++) rankSum += (all[at]?.spam ?? 0) * ((start + end + 1) / 2);
    start = end;
  }
  return (rankSum - (spam.length * (spam.length + 1)) / 2) / (ham.length * spam.length);
}

/** The score above which lies this share of the scores. */
export function cutAbove(scores: readonly number[], share: number): number {
  const sorted = [...scores].sort((a, b) => b - a);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Share of scores for which the test holds; NaN without any. */
export function share(scores: readonly number[], test: (score: number) => boolean): number {
  return scores.filter(test).length / scores.length;
}
