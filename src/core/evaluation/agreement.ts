/** How far moderators agree, beyond what they would by chance. */
import { type Interval, percentileInterval } from './evaluation.ts';
import type { Random } from './seeded-random.ts';

/** The values that raters gave to one unit (a comment): two or more count, the order does not. */
export type Ratings<T extends string> = readonly T[];

/**
 * Krippendorff's alpha for nominal data (Krippendorff, Content Analysis, 2004): 1 - observed / expected disagreement.
 * 1 is perfect agreement, 0 is chance, below 0 is worse than chance; from 0.8 on labels are commonly called reliable,
 * below 0.667 they are not. Raters may differ from unit to unit; a unit with one rating says nothing and is left out.
 *
 * null when it is not defined: fewer than one unit with two ratings, or only one value was ever given.
 *
 * @example
 * krippendorffAlpha([['spam', 'spam'], ['ham', 'ham'], ['ham', 'spam']]) // 0.444…
 */
export function krippendorffAlpha<T extends string>(units: readonly Ratings<T>[]): number | null {
  const pairable = units.filter((ratings) => ratings.length >= 2);
  return alphaOf(pairable.map(disagreementOf));
}

/**
 * A percentile bootstrap interval of {@link krippendorffAlpha}, units drawn anew with replacement; null when alpha is.
 * Chance is an argument. Draws in which only one value is left count as perfect agreement.
 */
export function krippendorffInterval<T extends string>(
  units: readonly Ratings<T>[],
  random: Random,
  { draws = 1000, confidence = 0.95 }: { draws?: number; confidence?: number } = {},
): Interval | null {
  const tallies = units.filter((ratings) => ratings.length >= 2).map(disagreementOf);
  if (alphaOf(tallies) === null) return null;
  const alphas = Array.from({ length: draws }, () => {
    const drawn = tallies.map((own) => tallies[Math.floor(random() * tallies.length)] ?? own);
    return alphaOf(drawn) ?? 1;
  });
  return percentileInterval(alphas, confidence);
}

/** One unit's ratings by value, and its share of disagreeing ordered pairs times its number of ratings. */
interface Tally {
  readonly counts: ReadonlyMap<string, number>;
  readonly disagreement: number;
}

function disagreementOf(ratings: readonly string[]): Tally {
  const counts = new Map<string, number>();
  for (const rating of ratings) counts.set(rating, (counts.get(rating) ?? 0) + 1);
  let agreeing = 0;
  for (const count of counts.values()) agreeing += count * (count - 1);
  const pairs = ratings.length * (ratings.length - 1);
  return { counts, disagreement: (pairs - agreeing) / (ratings.length - 1) };
}

function alphaOf(tallies: readonly Tally[]): number | null {
  const totals = new Map<string, number>();
  let observed = 0;
  for (const { counts, disagreement } of tallies) {
    observed += disagreement;
    for (const [value, count] of counts) totals.set(value, (totals.get(value) ?? 0) + count);
  }
  let ratings = 0;
  let agreeing = 0;
  for (const total of totals.values()) {
    ratings += total;
    agreeing += total * (total - 1);
  }
  const expected = (ratings * (ratings - 1) - agreeing) / (ratings - 1);
  return totals.size < 2 ? null : 1 - observed / expected;
}
