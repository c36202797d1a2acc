/** A comment as it arrives, validated, and the same comment with its addresses pseudonymised. */
import type { Service } from '../../service.ts';
import type { AuthorKeys } from '../../storage/comments.ts';
import {
  canonicaliseEmail,
  canonicaliseIp,
  pseudonymiseEmail,
  pseudonymiseIp,
} from '../privacy/pseudonymise.ts';
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
  /** What a reader's browser says of a known post does not replace what is known. */
  readonly isFromPage?: boolean;
}

/** What is kept of a submission. */
export interface PseudonymousComment extends Omit<Submission, 'authorEmail' | 'authorIp'> {
  readonly contentHash: string;
  /** Of a text that is longer than clients resend; else null. */
  readonly prefixHash: string | null;
  readonly email: string | null;
  readonly emailLoose: string | null;
  readonly ip: string | null;
  /** Under every live key, newest first. */
  readonly authorKeys: AuthorKeys;
}

export function pseudonymiseSubmission(
  service: Service,
  site: SiteContext,
  submission: Submission,
): PseudonymousComment {
  const { authorEmail, authorIp, ...kept } = submission;
  const keys = service.config.pseudonymKeys;
  const canonical = authorEmail === null ? null : canonicaliseEmail(authorEmail);
  const email = canonical && pseudonymiseEmail(keys, site.id, canonical);
  const address = authorIp === null ? null : canonicaliseIp(authorIp);
  const ips = address === null ? [] : pseudonymiseIp(keys, site.id, address);
  return {
    ...kept,
    contentHash: hashContent(submission.content),
    prefixHash: hashPrefix(submission.content),
    email: email?.strict ?? null,
    emailLoose: email?.loose ?? null,
    ip: ips[0] ?? null,
    authorKeys: { strict: email?.allStrict ?? [], loose: email?.allLoose ?? [], ip: ips },
  };
}
