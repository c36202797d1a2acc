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

/** The seconds of a Retry-After header (RFC 9110, 10.2.3: seconds or a date); null for none or one that is neither. */
export function readRetryAfter(text: string | null, now: Date): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, (date - now.getTime()) / 1000);
}
