/** A comment as it arrives, validated, and the same comment with its addresses pseudonymised. */
import type { Service } from '../../service.ts';
import { type Pseudonyms, pseudonymsOf } from '../privacy/pseudonymise.ts';
import { hashContent, hashPrefix } from '../site/content-hash.ts';
import type { SiteContext } from '../site/site-context.ts';

/** Validated, but still with the addresses in clear: it never goes further than {@link pseudonymiseSubmission}. */
export interface Submission {
  readonly post: string;
  readonly content: string;
  readonly authorName: string;
  readonly authorEmail: string | null;
  readonly authorUrl: string | null;
  readonly authorIp: string | null;
  readonly authorUserAgent: string | null;
  readonly referrer: string | null;
  readonly parent: string | null;
  readonly postUrl: string | null;
  readonly postTitle: string | null;
  readonly dateGmt: Date | null;
  readonly honeypot: string | null;
  readonly elapsedMs: number | null;
  /** What an Akismet client calls it when it is not a reader's comment, such as `trackback`. */
  readonly commentType?: string | null;
  /** What a reader's browser says of a known post does not replace what is known. */
  readonly isFromPage?: boolean;
}

/** Processes and sites differ by less in what time it is. */
export const MAX_CLOCK_SKEW_MS = 300_000;

/** What is kept of a submission: it has no place for an address. */
export interface PseudonymousComment
  extends Omit<Submission, 'authorEmail' | 'authorIp'>,
    Omit<Pseudonyms, 'emailDomain'> {
  readonly contentHash: string;
  /** Of a text that is longer than clients resend; else null. */
  readonly prefixHash: string | null;
}

/** What the site's rules may ask about an author's addresses while the comment is checked; never stored. */
export interface AddressTraits {
  readonly emailDomain: string | null;
  readonly ip: string | null;
}

/** Addresses in clear end here. */
export function pseudonymiseSubmission(
  service: Service,
  site: SiteContext,
  submission: Submission,
): { readonly comment: PseudonymousComment; readonly traits: AddressTraits } {
  const { authorEmail, authorIp, ...rest } = submission;
  const kept = { ...rest, dateGmt: capDate(service, site, submission.dateGmt) };
  const { emailDomain, ...pseudonyms } = pseudonymsOf(service.config.pseudonymKeys, site.id, {
    authorEmail,
    authorIp,
  });
  const contentHash = hashContent(submission.content);
  const comment = { ...kept, ...pseudonyms, contentHash, prefixHash: hashPrefix(submission.content) };
  return { comment, traits: { emailDomain, ip: authorIp } };
}

/** A comment of the future would stay on top of every list: its reader wrote it now. */
function capDate({ now, log }: Service, { id }: SiteContext, date: Date | null): Date | null {
  if (date === null || date.getTime() <= now().getTime() + MAX_CLOCK_SKEW_MS) return date;
  log.warn('date-in-future', { siteId: id });
  return now();
}
