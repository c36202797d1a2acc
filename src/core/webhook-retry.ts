/** When a message that did not arrive is sent again. */

/** Seconds from one attempt to the next, before jitter: ten attempts over 3.1 days, the schedule of Standard Webhooks. */
const DELAYS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/** A receiver that comes back does not meet all that waited in one moment: ±20 %. */
const JITTER = 0.2;
/** However long a receiver asks to be left alone, it is asked again within a day. */
const LONGEST_WAIT_SECONDS = 86_400;
const LONGEST_PAUSE_SECONDS = 900;

/** How often a message is sent before it is dead. */
export const MOST_ATTEMPTS = DELAYS.length + 1;

/**
 * Seconds until the next attempt; null when there is none.
 *
 * @param attempts how many there were, ≥ 1.
 * @param chance in [0, 1).
 * @param askedSeconds what the receiver asked for by Retry-After; never sooner than that, up to a day.
 * @example
 * retryDelaySeconds(1, 0.5, null) // 5
 */
export function retryDelaySeconds(
  attempts: number,
  chance: number,
  askedSeconds: number | null,
): number | null {
  const delay = DELAYS[attempts - 1];
  if (delay === undefined) return null;
  const jittered = delay * (1 - JITTER + 2 * JITTER * chance);
  return Math.max(jittered, Math.min(askedSeconds ?? 0, LONGEST_WAIT_SECONDS));
}

/**
 * Seconds for which a receiver that failed is sent nothing at all: doubling from 1 s to 15 minutes, so that one that
 * hangs does not hold up the messages to others.
 *
 * @param failures in a row, this one included, ≥ 1.
 */
export function pauseSeconds(failures: number, chance: number, askedSeconds: number | null): number {
  const pause = Math.min(2 ** (Math.min(failures, 20) - 1), LONGEST_PAUSE_SECONDS);
  const jittered = pause * (1 - JITTER + 2 * JITTER * chance);
  return Math.max(jittered, Math.min(askedSeconds ?? 0, LONGEST_WAIT_SECONDS));
}

/** RFC 9110, 5.6.7, its obsolete forms included. Date.parse alone takes `soon 1` for a day in 2001. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [\w :-]+$/;

/**
 * The seconds of a Retry-After header (RFC 9110, 10.2.3: seconds or a date), ≥ 0 and without an upper end; null for none
 * or one that is neither.
 */
export function readRetryAfter(text: string | null, now: Date): number | null {
  const value = text?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  if (!HTTP_DATE.test(value)) return null;
  // A date of the C library's form names no zone and is GMT, too.
  const date = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(date) ? null : Math.max(0, (date - now.getTime()) / 1000);
}
