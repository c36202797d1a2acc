import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MOST_ATTEMPTS,
  pauseSeconds,
  readRetryAfter,
  retryDelaySeconds,
} from '../../src/core/webhook-retry.ts';

const DAY = 86_400;
/** As docs/webhooks.md has them. */
const DELAYS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, DAY];

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.integer({ min: 1, max: 1000 });
const asked = fc.option(fc.double({ min: 0, max: Number.POSITIVE_INFINITY, noNaN: true }));

describe('the delay of the next attempt', () => {
  test('is that of the schedule, 20 % sooner or later at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: DELAYS.length }), chance, (attempts, by) => {
        const usual = DELAYS[attempts - 1] ?? Number.NaN;
        const delay = retryDelaySeconds(attempts, by, null) ?? Number.NaN;
        expect(delay).toBeGreaterThanOrEqual(usual * 0.8 - 1e-9);
        expect(delay).toBeLessThan(usual * 1.2 + 1e-9);
      }),
    );
    expect(DELAYS.map((_, at) => retryDelaySeconds(at + 1, 0.5, null))).toEqual(DELAYS);
  });

  test('uses the whole of the jitter: receivers that failed in one moment are asked in different ones', () => {
    expect(retryDelaySeconds(2, 0, null)).toBeCloseTo(240, 6);
    expect(retryDelaySeconds(2, 0.999_999, null)).toBeCloseTo(360, 2);
  });

  test('adds up to more than two days and less than four, whatever chance says', () => {
    fc.assert(
      fc.property(fc.array(chance, { minLength: DELAYS.length, maxLength: DELAYS.length }), (chances) => {
        const all = chances.reduce((sum, by, at) => sum + (retryDelaySeconds(at + 1, by, null) ?? 0), 0);
        expect(all).toBeGreaterThan(2 * DAY);
        expect(all).toBeLessThan(4 * DAY);
      }),
    );
  });

  test('ends with the tenth attempt, even when the receiver asks for another', () => {
    expect(MOST_ATTEMPTS).toBe(10);
    fc.assert(
      fc.property(failures, chance, asked, (attempts, by, seconds) => {
        expect(retryDelaySeconds(attempts, by, seconds) === null).toBe(attempts >= MOST_ATTEMPTS);
      }),
    );
  });

  test('is never shorter than the receiver asks, up to a day, and never longer for it than that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: DELAYS.length }), chance, asked, (attempts, by, seconds) => {
        const usual = retryDelaySeconds(attempts, by, null) ?? Number.NaN;
        const delay = retryDelaySeconds(attempts, by, seconds);
        expect(delay).toBe(Math.max(usual, Math.min(seconds ?? 0, DAY)));
      }),
    );
  });
});

describe('the pause of a receiver that fails', () => {
  test('doubles from a second to a quarter of an hour, 20 % shorter or longer at most', () => {
    const halfway = [1, 2, 3, 9, 10, 11, 1000].map((count) => pauseSeconds(count, 0.5, null));
    expect(halfway).toEqual([1, 2, 4, 256, 512, 900, 900]);
    fc.assert(
      fc.property(failures, chance, (count, by) => {
        const usual = Math.min(2 ** (count - 1), 900);
        const pause = pauseSeconds(count, by, null);
        expect(pause).toBeGreaterThanOrEqual(usual * 0.8 - 1e-9);
        expect(pause).toBeLessThan(usual * 1.2 + 1e-9);
      }),
    );
  });

  test('is as long as the receiver asks, up to a day', () => {
    fc.assert(
      fc.property(failures, chance, asked, (count, by, seconds) => {
        const usual = pauseSeconds(count, by, null);
        expect(pauseSeconds(count, by, seconds)).toBe(Math.max(usual, Math.min(seconds ?? 0, DAY)));
      }),
    );
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-03-01T12:00:00Z');

  test('is read as seconds', () => {
    fc.assert(
      fc.property(fc.nat(), (seconds) => {
        expect(readRetryAfter(String(seconds), now)).toBe(seconds);
        expect(readRetryAfter(` ${seconds} `, now)).toBe(seconds);
      }),
    );
  });

  test('is read as a date, of which one in the past is now', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10 * DAY, max: 10 * DAY }), (seconds) => {
        const date = new Date(now.getTime() + seconds * 1000).toUTCString();
        expect(readRetryAfter(date, now)).toBe(Math.max(0, seconds));
      }),
    );
  });

  test('is read as a date in the forms of old servers, which are GMT, too', () => {
    for (const date of [
      'Sun, 01 Mar 2026 12:01:30 GMT',
      'Sunday, 01-Mar-26 12:01:30 GMT',
      'Sun Mar  1 12:01:30 2026',
    ])
      expect([date, readRetryAfter(date, now)]).toEqual([date, 90]);
  });

  test('that is huge is no reason to forget it: it stands for the longest wait there is', () => {
    for (const text of ['9999999999', '9'.repeat(400)]) {
      const seconds = readRetryAfter(text, now);
      expect(retryDelaySeconds(1, 0.5, seconds)).toBe(DAY);
      expect(pauseSeconds(1, 0.5, seconds)).toBe(DAY);
    }
  });

  test('that is neither is none', () => {
    for (const text of [null, '', ' ', '-5', '1.5', '1e3', '0x10', '5 s', 'soon', 'soon 1', '2027-01-01'])
      expect([text, readRetryAfter(text, now)]).toEqual([text, null]);
    expect(readRetryAfter('Sun, 99 Foo 2026 12:01:30 GMT', now)).toBe(null);
  });

  test('of any text is null or seconds that are not negative', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const seconds = readRetryAfter(text, now);
        expect(seconds === null || seconds >= 0).toBe(true);
      }),
    );
  });
});
