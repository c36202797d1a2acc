/** Writes numbers, shares, dates and spans in the reader's locale: one format for each on every page. */
import { fill } from '../../strings/index.ts';

/** A text for each plural category of the language that has one; `other` for all else. */
export interface Forms {
  readonly one?: string;
  readonly other: string;
}

export interface Format {
  readonly number: (value: number, digits?: number) => string;
  /** A share of 1 as a percentage. */
  readonly percent: (share: number, digits?: number) => string;
  /** Such as “1 Dec 2026, 02:34”. */
  readonly time: (at: string | Date) => string;
  /** Such as “1 Dec 2026”. */
  readonly day: (at: string | Date) => string;
  /** Such as “1 Dec”, of a day in UTC. */
  readonly shortDay: (at: Date) => string;
  /** Such as “4 minutes ago”. */
  readonly ago: (at: string | Date, now?: number) => string;
  /** Such as “12 min”, “3 hr”. */
  readonly span: (seconds: number) => string;
  /** A text with a count in it, by the language's plural. */
  readonly count: (forms: Forms, count: number, values?: Readonly<Record<string, string | number>>) => string;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

export function createFormat(locale: string): Format {
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  const rules = new Intl.PluralRules(locale);
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    number,
    percent: (share, digits = 1) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share),
    time: (at) => time.format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    shortDay: (at) => shortDay.format(at),
    ago: (at, now = Date.now()) => {
      const seconds = (new Date(at).getTime() - now) / 1000;
      const [value, unit] = inUnit(Math.abs(seconds));
      return relative.format(Math.sign(seconds) * Math.floor(value), unit);
    },
    span: (seconds) => {
      const [value, unit] = inUnit(seconds);
      const digits = value < 10 && unit !== 'second' ? 1 : 0;
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: digits,
      }).format(value);
    },
    count: (forms, count, values = {}) => {
      const one = rules.select(count) === 'one' ? forms.one : undefined;
      return fill(one ?? forms.other, { ...values, count: number(count) });
    },
  };
}

function inUnit(seconds: number): [number, 'second' | 'minute' | 'hour' | 'day'] {
  if (seconds < MINUTE) return [seconds, 'second'];
  if (seconds < HOUR) return [seconds / MINUTE, 'minute'];
  if (seconds < 2 * DAY) return [seconds / HOUR, 'hour'];
  return [seconds / DAY, 'day'];
}
