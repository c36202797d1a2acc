/** How much a caller may do in a time: a bucket of tokens that fills up evenly and that every request takes from. */

export interface RateLimit {
  /** Tokens of a full bucket: that many at once, and that many in each window on average. */
  readonly quota: number;
  readonly windowSeconds: number;
}

/** A bucket as it was left. No bucket is a full one. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface Taking {
  readonly bucket: Bucket;
  readonly allowed: boolean;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly resetSeconds: number;
  /** Until as many tokens are there as were asked for; 0 when they were taken. */
  readonly retrySeconds: number;
}

/**
 * Takes `cost` tokens when they are there, else none. More than a bucket holds are never there at once: a full bucket is
 * emptied for them, so that one large request is slowed down instead of being impossible.
 *
 * @example
 * takeTokens(undefined, { quota: 2, windowSeconds: 60 }, 0, 1).remaining // 1
 */
export function takeTokens(
  before: Bucket | undefined,
  { quota, windowSeconds }: RateLimit,
  nowMs: number,
  cost: number,
): Taking {
  const perSecond = quota / windowSeconds;
  // A clock that was set back adds nothing and takes nothing away.
  const passedSeconds = Math.max(0, nowMs - (before?.atMs ?? nowMs)) / 1000;
  const tokens = Math.min(quota, (before?.tokens ?? quota) + passedSeconds * perSecond);
  const wanted = Math.min(cost, quota);
  // Sums of fractions fall short by a rounding; whoever waited as told is not told to wait again.
  const allowed = tokens >= wanted - 1e-9;
  const left = allowed ? Math.max(0, tokens - wanted) : tokens;
  return {
    bucket: { tokens: left, atMs: nowMs },
    allowed,
    remaining: Math.floor(left),
    resetSeconds: Math.ceil((quota - left) / perSecond),
    retrySeconds: allowed ? 0 : Math.max(1, Math.ceil((wanted - tokens) / perSecond)),
  };
}
