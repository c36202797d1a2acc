/** What the service thinks of a text that it is not given to keep. Nothing is stored, nothing queued. */
import type { Disposition, ScorableComment, Verdict } from '../../core/comment.ts';
import type { Service } from '../../service.ts';
import { assessComment, NOTHING_TO_REFUSE } from './score.ts';
import type { SiteContext } from './site-context.ts';

export interface Judgement {
  /** null when scoring failed: the disposition is then `hold`. */
  readonly spamProbability: number | null;
  readonly verdict: Verdict;
  readonly disposition: Disposition;
}

/** By the filter, the words and the rules of the site, as far as a text alone tells. */
export function judgeText(service: Service, site: SiteContext, comment: ScorableComment): Judgement {
  const { score, policy } = assessComment(service, site, comment, {
    ...NOTHING_TO_REFUSE,
    honeypotFilled: false,
    elapsedSeconds: null,
    // Who writes is not known: neither a newcomer nor somebody who was turned down before.
    author: { approved: 1, recentRejected: 0 },
  });
  return {
    spamProbability: score?.spamProbability ?? null,
    verdict: policy.verdict,
    disposition: policy.disposition,
  };
}
