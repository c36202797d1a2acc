/** Says in a sentence whether the filter may mark spam on its own, and what is missing. */
import type { AdminStrings } from '../../../strings/admin/en-all.ts';
import { fill } from '../../../strings/index.ts';
import type { Format } from '../../page/format.ts';
import type { PromiseView } from '../stats-view.ts';

export function tellPromise(promise: PromiseView, { promise: t }: AdminStrings, format: Format): string {
  const values = {
    share: format.percent(promise.max_ham_blocked, 2),
    confidence: format.percent(promise.confidence),
  };
  if (promise.proven) return format.count(t.met, promise.held_back_ham, values);
  if (promise.missing === 0 || promise.ham_labels_missing === 0) return fill(t.trainNow, values);
  return format.count(t.missing, promise.ham_labels_missing, values);
}
