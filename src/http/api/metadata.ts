/** Cuts or drops what comes with a comment and its reader did not write: it must not cost them the comment. */
import { readLink } from '../../core/parse-url.ts';
import { MAX_ADDRESS_CHARACTERS } from '../../moderation/site/storable-text.ts';
import { MAX_CLOCK_SKEW_MS } from '../../moderation/submit/submission.ts';
import { parseDateTime } from './fields.ts';

/** What a field becomes; undefined drops it. */
type Adjust = (value: string, now: Date) => string | undefined;

const ADJUSTMENTS: ReadonlyMap<string, Adjust> = new Map([
  ['author_user_agent', cutTo(1000)],
  ['referrer', cutTo(2000)],
  ['post_title', cutTo(500)],
  ['honeypot', cutTo(1000)],
  ['post_url', (value) => readLink(value, MAX_ADDRESS_CHARACTERS) ?? undefined],
  ['date_gmt', (value, now) => (isFuture(value, now) ? now.toISOString() : value)],
]);

/** The fields as they can be kept, and the names of those that had to change. What is no text is left to the schema. */
export function adjustMetadata<T extends Readonly<Record<string, unknown>>>(
  fields: T,
  now: Date,
): { readonly fields: T; readonly adjusted: readonly string[] } {
  const adjusted: string[] = [];
  const entries = Object.entries(fields).flatMap(([name, value]) => {
    const adjust = ADJUSTMENTS.get(name);
    if (adjust === undefined || typeof value !== 'string') return [[name, value] as const];
    const kept = adjust(value, now);
    if (kept !== value) adjusted.push(name);
    return kept === undefined || kept === '' ? [] : [[name, kept] as const];
  });
  return adjusted.length === 0
    ? { fields, adjusted }
    : { fields: Object.fromEntries(entries) as T, adjusted };
}

function cutTo(characters: number): Adjust {
  return (value) =>
    value
      .replaceAll('\u0000', '')
      .slice(0, characters)
      .toWellFormed()
      .replace(/\uFFFD$/, '');
}

function isFuture(value: string, now: Date): boolean {
  const date = parseDateTime(value);
  return date !== null && date.getTime() > now.getTime() + MAX_CLOCK_SKEW_MS;
}
