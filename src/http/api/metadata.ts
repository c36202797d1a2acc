/** Cuts or drops what comes with a comment and its reader did not write: it must not cost them the comment. */
import { parseUrl } from '../../core/parse-url.ts';
import { parseDateTime } from './fields.ts';

/** What a field becomes; undefined drops it. */
type Adjust = (value: string, now: Date) => string | undefined;

/** Processes and sites differ by less in what time it is. */
const CLOCK_SKEW_MS = 300_000;
const MAX_ADDRESS = 2000;

const ADJUSTMENTS: ReadonlyMap<string, Adjust> = new Map([
  ['author_user_agent', cutTo(1000)],
  ['referrer', cutTo(2000)],
  ['post_title', cutTo(500)],
  ['honeypot', cutTo(1000)],
  ['post_url', (value) => (isPageAddress(value) ? value : undefined)],
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

/** An http(s) address without credentials that is no longer than what is kept. */
export function isPageAddress(value: string): boolean {
  const url = value.length > MAX_ADDRESS || /[\u0000-\u0020\u007f\\]/.test(value) ? null : parseUrl(value);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

function isFuture(value: string, now: Date): boolean {
  const date = parseDateTime(value);
  return date !== null && date.getTime() > now.getTime() + CLOCK_SKEW_MS;
}
