/** What is stored of a comment's assessment. */
import { thresholdsFor } from '../../core/comment.ts';
import type { NearDuplicateSignature } from '../../core/near-duplicates/near-duplicate.ts';
import type { Assessment } from './score.ts';
import type { SiteContext } from './site-context.ts';

/** The verdict, the score and the model and thresholds that they come from. */
export function assessmentColumns({ model }: SiteContext, { score, policy }: Assessment) {
  const thresholds = thresholdsFor(model.thresholds, score?.hasPayload ?? true);
  return {
    verdict: policy.verdict,
    disposition: policy.disposition,
    log_odds: score?.logOdds ?? null,
    spam_probability: score?.spamProbability ?? null,
    threshold_ham: thresholds.ham,
    threshold_spam: thresholds.spam,
    model_version: model.version,
    reasons: JSON.stringify(policy.reasons),
  };
}

/** A campaign lasts days: what was sent before is no part of it, and need not be looked at. */
export const CAMPAIGN_MS = 30 * 86_400_000;

/** What near-copies are found by; a text too short for that, or an old one, has no bands. */
export function signatureColumns({ bands }: NearDuplicateSignature, isOld = false) {
  return { near_duplicate_bands: bands.length === 0 || isOld ? null : bands };
}
