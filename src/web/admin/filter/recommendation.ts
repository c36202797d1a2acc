/** Says in one sentence what a new version would do, and whether to use it. */
import type { AdminStrings } from '../../../strings/admin/en-all.ts';
import { fill } from '../../../strings/index.ts';
import type { Format } from '../../page/format.ts';
import type { PromiseView } from '../stats-view.ts';
import type { ReportView } from './report-view.ts';

interface Recommendation {
  readonly sentence: string;
  readonly advice: string;
  readonly recommended: boolean;
}

/**
 * Of 100 spam comments and of 100 good ones, on test comments that neither version has seen: of near-copies that were
 * kept together where there are enough, else of the newest.
 */
export function recommend(
  report: ReportView,
  promise: PromiseView,
  { report: t }: AdminStrings,
  format: Format,
): Recommendation {
  const found = report.by_campaign ?? report.by_time;
  const recommended = report.gate.passed;
  const advice = recommended ? t.recommended : t.notRecommended;
  if (found === null) return { sentence: t.tooFewToSay, advice, recommended };
  const inHundred = (share: number | null, digits: number): string =>
    share === null ? '–' : format.number(share * 100, digits);
  const sentence = fill(t.sentence, {
    caught: inHundred(found.candidate.metrics.recall, 0),
    before: inHundred(found.active.metrics.recall, 0),
    blocked: inHundred(found.candidate.metrics.hamBlocked, 1),
    limit: inHundred(promise.max_ham_blocked, 2),
  });
  return { sentence, advice, recommended };
}
