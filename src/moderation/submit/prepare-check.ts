/** Does all of a check that needs no database: pseudonyms, score, signature. */
import type { ScorableComment } from '../../core/comment.ts';
import type { Score } from '../../core/filter/classifier.ts';
import {
  type NearDuplicateSignature,
  nearDuplicateSignature,
} from '../../core/near-duplicates/near-duplicate.ts';
import type { Service } from '../../service.ts';
import type { StoredAlong } from '../../storage/submissions.ts';
import type { RefusedError } from '../refused-error.ts';
import { postIdOf } from '../site/post-identity.ts';
import { tryScore } from '../site/score.ts';
import type { SiteContext } from '../site/site-context.ts';
import type { RuleCircumstances } from '../site/site-rules.ts';
import type { CheckResult } from './check-result.ts';
import { isDisposableDomain } from './disposable-email.ts';
import { type IdempotentCall, type Repeatable, toRepeatable } from './idempotency.ts';
import type { Proof } from './proof-of-work.ts';
import {
  type AddressTraits,
  type PseudonymousComment,
  pseudonymiseSubmission,
  type Submission,
} from './submission.ts';

export interface CheckOptions {
  /** A backlog sent in one go is not a flood. */
  readonly limitFlood?: boolean;
  /** A caller that only asks for a verdict is never refused: no duplicate, no flood, no closed post. */
  readonly refuseNothing?: boolean;
  /** false: whoever asks publishes it or not, and the public never sees it here. */
  readonly listed?: boolean;
  /** Given when the comment comes from a form in a page: the proof of work it brought, null for none. */
  readonly altcha?: string | null;
  /** The request, when it may be repeated. */
  readonly call?: IdempotentCall | null;
  /** What is stored with the comment or not at all. */
  readonly along?: (result: CheckResult) => StoredAlong;
}

/** A comment on its way to the database. */
export interface Check {
  readonly site: SiteContext;
  readonly comment: PseudonymousComment;
  readonly scorable: ScorableComment;
  /** null when scoring failed. */
  readonly score: Score | null;
  readonly signature: NearDuplicateSignature;
  /** What the site's own rules may ask beside the text, but for its article. */
  readonly facts: RuleCircumstances;
  /** Or why it does not hold. */
  readonly proof: Proof | RefusedError | null;
  readonly request: Repeatable | null;
  readonly limitFlood: boolean;
  readonly options: CheckOptions;
}

export async function prepareCheck(
  service: Service,
  site: SiteContext,
  submission: Submission,
  options: CheckOptions,
  proof: Check['proof'],
): Promise<Check> {
  const post = postIdOf(site, submission.post) ?? submission.post;
  const { comment, traits } = pseudonymiseSubmission(service, site, { ...submission, post });
  const { content, authorName, authorUrl } = comment;
  const scorable = { content, authorName, authorUrl: authorUrl ?? undefined };
  const { limitFlood = true, refuseNothing = false, call = null } = options;
  return {
    site,
    comment,
    scorable,
    score: tryScore(service, site, scorable),
    signature: nearDuplicateSignature(content),
    facts: await readFacts(site, comment, traits),
    proof,
    request: call && toRepeatable(service, call),
    limitFlood: limitFlood && !refuseNothing && site.settings.flood_seconds > 0,
    options,
  };
}

async function readFacts(
  site: SiteContext,
  { authorKeys, honeypot, elapsedMs }: PseudonymousComment,
  { emailDomain, ip }: AddressTraits,
): Promise<RuleCircumstances> {
  if (site.rules.length === 0) return {};
  const asksDisposable = site.rules.some(({ definition }) => definition.kind === 'disposable_email');
  return {
    authorKeys: authorKeys.loose,
    ip,
    emailDomain,
    disposableEmail: asksDisposable && emailDomain !== null ? await isDisposableDomain(emailDomain) : null,
    honeypotFilled: (honeypot ?? '') !== '',
    elapsedSeconds: elapsedMs === null ? null : elapsedMs / 1000,
  };
}
