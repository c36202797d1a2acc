/** Scoring and policy for one comment of a site: steps 4 to 8 of the way of a comment. */

import { type ScorableComment, thresholdsFor } from '../../core/comment.ts';
import { type Score, scoreComment } from '../../core/filter/classifier.ts';
import { decidePolicy, type Finding, type Policy, type PolicyInput } from '../../core/policy.ts';
import { findLinks } from '../../core/text/links.ts';
import { describeError } from '../../logging.ts';
import type { Service } from '../../service.ts';
import type { SiteContext } from './site-context.ts';
import { applyRules, type RuleCircumstances } from './site-rules.ts';

/** What the policy needs beside the text. */
export type Circumstances = Pick<
  PolicyInput,
  | 'postClosed'
  | 'postPremoderated'
  | 'duplicate'
  | 'secondsSinceLast'
  | 'isTrackback'
  | 'honeypotFilled'
  | 'elapsedSeconds'
  | 'author'
> & {
  /** What the site's own rules may know beside the text. */
  readonly ruleCircumstances?: RuleCircumstances;
  /** What was found before and cannot be found anew, for a replay. */
  readonly findingsThen?: readonly Finding[];
};

/** Of what is judged without being refused: whatever was said before, when, and where. */
export const NOTHING_TO_REFUSE = { postClosed: false, duplicate: false, secondsSinceLast: null } as const;

export interface Assessment {
  /** null when scoring failed; the policy then holds the comment. */
  readonly score: Score | null;
  readonly policy: Policy;
}

/**
 * Never throws: a comment that cannot be scored is held, not lost and not published unseen.
 *
 * @param score what {@link tryScore} gave, where that was asked before
 */
export function assessComment(
  service: Service,
  site: SiteContext,
  comment: ScorableComment,
  circumstances: Circumstances,
  score: Score | null = tryScore(service, site, comment),
): Assessment {
  const { settings } = site;
  const policy = decidePolicy({
    ...circumstances,
    comment,
    linkCount: findLinks(comment.content).length,
    settings: {
      premoderate: settings.premoderate,
      holdFirstTimeAuthors: settings.hold_first_time_authors,
      holdTrackbacks: settings.hold_trackbacks,
      holdAdvertisingNames: settings.hold_advertising_names,
      maxLinks: settings.max_links,
      floodSeconds: settings.flood_seconds,
      minimumSeconds: settings.minimum_seconds,
      recentRejections: settings.recent_rejections,
      discardFrom: settings.discard_from,
    },
    bannedWords: site.bannedWords,
    suspectWords: site.suspectWords,
    ruleFindings: [
      ...(circumstances.findingsThen ?? []),
      ...applyRules(service, site, comment, circumstances.ruleCircumstances ?? {}),
    ],
    spamProbability: score?.spamProbability ?? null,
    thresholds: thresholdsFor(site.model.thresholds, score?.hasPayload ?? true),
    bounded: site.bounded,
  });
  return { score, policy };
}

/** The score under the site's active model, or null (and a line in the log) when scoring fails. */
export function tryScore(
  service: Service,
  site: Pick<SiteContext, 'id' | 'model'>,
  comment: ScorableComment,
): Score | null {
  try {
    const score = scoreComment(site.model, comment);
    return Number.isFinite(score.logOdds) ? score : null;
  } catch (error) {
    service.log.error('scoring-failed', {
      siteId: site.id,
      modelVersion: site.model.version,
      ...describeError(error),
    });
    return null;
  }
}
