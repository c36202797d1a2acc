/** Figures and dates as the reader's region writes them. */

const formats = new Map<string, Intl.NumberFormat>();

/** A number with so many decimals; making a format takes 20 times as long as using it. */
export function formatNumber(value: number, language: string, decimals = 0): string {
  const name = `${language} ${decimals}`;
  const known = formats.get(name);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const format = known ?? new Intl.NumberFormat(language, digits);
  if (!known) formats.set(name, format);
  return format.format(value);
}

/** A number that was counted up to `most` alone. */
export function formatCounted(count: number, most: number, language: string): string {
  const figure = formatNumber(Math.min(count, most), language);
  return count >= most ? `${figure}+` : figure;
}

/** With its sign, also the plus. */
export function formatSigned(value: number, language: string): string {
  return `${value < 0 ? '−' : '+'}${formatNumber(Math.abs(value), language, 2)}`;
}

/** A share in percent; near to certain with a decimal and at most 99.9, so that it does not appear as certain. */
export function formatPercent(share: number, language: string): string {
  if (share > 0.99 && share < 1) return formatNumber(Math.min(99.9, share * 100), language, 1);
  return formatNumber(share * 100, language);
}

const MINUTE_MS = 60_000;

/** How long ago that was where there is little room, such as “3h” or “2d”. */
export function formatShortAge(date: string, language: string): string {
  const minutes = Math.max(0, Math.round((Date.now() - new Date(date).getTime()) / MINUTE_MS));
  const [value, unit] =
    minutes < 60
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1440), 'day'];
  const name = `${language} ${unit}`;
  const known = unitFormats.get(name);
  const format = known ?? new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' });
  if (!known) unitFormats.set(name, format);
  return format.format(value);
}

const unitFormats = new Map<string, Intl.NumberFormat>();

/** A day, such as “1 Dec 2026”: the month in letters, for its number comes first in one country and second in the next. */
export function formatDay(date: string, language: string): string {
  return new Date(date).toLocaleDateString(language, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** How long ago that was, such as “3 hours ago”. */
export function formatAge(date: string, language: string): string {
  const minutes = Math.round((new Date(date).getTime() - Date.now()) / MINUTE_MS);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  if (minutes > -60) return format.format(minutes, 'minute');
  return minutes > -48 * 60
    ? format.format(Math.round(minutes / 60), 'hour')
    : format.format(Math.round(minutes / 1440), 'day');
}
