/**
 * How much a key may ask for, told with every answer (draft-ietf-httpapi-ratelimit-headers-10). Counted in the memory of
 * each process, because a row written for each request would cost more than most requests do: several processes let
 * through several times as much. See docs/decisions/0009-rate-limits.md.
 */

import { readKeyLimit } from '../../moderation/access/keys.ts';
import { takeRequests } from '../../moderation/access/rate-limit.ts';
import type { Actor } from '../../moderation/actor.ts';
import { canonicaliseIp } from '../../moderation/privacy/pseudonymise.ts';
import type { AppContext } from './app-context.ts';
import { clientAddress } from './client-address.ts';
import { isPublicKey } from './cors.ts';
import { ProblemError } from './problem.ts';

const WINDOW_SECONDS = 60;
/** Whoever reads and writes on a page: nobody reads two articles a second, and a house of readers may share an address. */
const VISITOR_QUOTA = 120;

/**
 * Takes `cost` requests from what the caller may make, and says what is left. A key that stands in a page is limited for
 * each visitor, so that one cannot use it up for all.
 *
 * @throws {ProblemError} `rate_limited`, with Retry-After.
 */
export async function limitRate(c: AppContext, actor: Actor, cost = 1): Promise<void> {
  const { service } = c.var;
  const inPage = await isPublicKey(c, actor);
  const usual = inPage ? VISITOR_QUOTA : service.config.rateLimitPerMinute;
  const own = actor.kind === 'key' ? await readKeyLimit(service, actor.id) : null;
  const quota = own ?? usual;
  const subject = inPage ? `${actor.id} ${visitorOf(c)}` : actor.id;
  const limit = { quota, windowSeconds: WINDOW_SECONDS };
  const taking = takeRequests(service, subject, limit, cost);
  const policy = inPage ? 'visitor' : 'key';
  c.header('ratelimit-policy', `"${policy}";q=${quota};w=${WINDOW_SECONDS}`);
  c.header('ratelimit', `"${policy}";r=${taking.remaining};t=${taking.resetSeconds}`);
  if (taking.allowed) return;
  throw new ProblemError('rate_limited', `This key may ask ${quota} times in ${WINDOW_SECONDS} s.`, [], {
    'retry-after': String(taking.retrySeconds),
  });
}

/**
 * Takes one request of what a visitor may ask of a page that needs no key.
 *
 * @throws {ProblemError} `rate_limited`, with Retry-After.
 */
export function limitVisitor(c: AppContext, page: string): void {
  const limit = { quota: VISITOR_QUOTA, windowSeconds: WINDOW_SECONDS };
  const taking = takeRequests(c.var.service, `${page} ${visitorOf(c)}`, limit, 1);
  if (taking.allowed) return;
  throw new ProblemError('rate_limited', `Open this page at most ${VISITOR_QUOTA} times a minute.`, [], {
    'retry-after': String(taking.retrySeconds),
  });
}

/** Whom a visitor's requests count for: an IPv6 household has a whole /64 to ask from. */
function visitorOf(c: AppContext): string | null {
  const address = clientAddress(c, c.var.service.config);
  return address === null ? null : (canonicaliseIp(address) ?? address);
}
