/**
 * The addresses that an HTML tag leads to or loads: links, images, frames, videos, forms.
 *
 * Scanned by hand in linear time: a pattern that looks for names before `=` was quadratic on a tag of letters.
 */
import { decodeHTML } from 'entities';
import { parse } from 'tldts';

/** Attributes whose value a browser follows or loads. */
const TARGETS = new Set([
  'href',
  'xlink:href',
  'src',
  'srcset',
  'data-src',
  'action',
  'formaction',
  'data',
  'poster',
  'background',
  'longdesc',
  'cite',
  'ping',
  'content',
  'style',
]);
const LONGEST_NAME = 12;
/** A target of the page itself, or without a place in the web. */
const RELATIVE = /^(?:#|\?|\.{0,2}\/(?!\/)|javascript:|data:|about:|$)/i;

/** Sites that turn hashtags, mentions and times in a comment into links to themselves. */
const PLATFORMS = new Set([
  'youtube.com',
  'google.com',
  'twitter.com',
  'x.com',
  'facebook.com',
  'instagram.com',
]);

/** The absolute targets in a tag (without its angle brackets), in their order. */
export function targetsOfTag(tag: string): string[] {
  const targets: string[] = [];
  for (let equals = tag.indexOf('='); equals >= 0; ) {
    const name = nameBefore(tag, equals);
    const { value, end } = valueBehind(tag, equals + 1);
    if (TARGETS.has(name)) {
      for (const target of splitValue(name, decodeHTML(value))) {
        if (!RELATIVE.test(target)) targets.push(target);
      }
    }
    equals = tag.indexOf('=', end);
  }
  return targets;
}

/** Whether a platform made the link: it leads to the platform, and its words (a hashtag, "2:19") say it all. */
export function isPlatformTarget(target: string): boolean {
  return PLATFORMS.has(parse(target).domain ?? '');
}

/** Browsers drop tabs and line breaks in an address, and read `\` as `/`. */
function splitValue(name: string, value: string): string[] {
  if (name === 'style' || name === 'content') {
    return Array.from(
      value.matchAll(/url\s?\(\s?["']?([^"')\s]+)|url=([^\s;]+)/gi),
      ([, css, meta]) => css ?? meta ?? '',
    );
  }
  const plain = value
    .replace(/[\t\r\n]/g, '')
    .trim()
    .replaceAll('\\', '/');
  return name === 'srcset' || name === 'ping'
    ? plain.split(/[\s,]+/).filter((part) => part.includes('/'))
    : [plain];
}

function nameBefore(tag: string, equals: number): string {
  let end = equals;
  while (end > 0 && isSpace(tag.charCodeAt(end - 1))) end -= 1;
  let start = end;
  while (start > 0 && end - start <= LONGEST_NAME && isNameUnit(tag.charCodeAt(start - 1))) start -= 1;
  return tag.slice(start, end).toLowerCase();
}

function valueBehind(tag: string, from: number): { value: string; end: number } {
  let start = from;
  while (start < tag.length && isSpace(tag.charCodeAt(start))) start += 1;
  const quote = tag.charAt(start);
  if (quote === '"' || quote === "'") {
    const close = tag.indexOf(quote, start + 1);
    const end = close < 0 ? tag.length : close;
    return { value: tag.slice(start + 1, end), end: end + 1 };
  }
  let end = start;
  while (end < tag.length && !isSpace(tag.charCodeAt(end))) end += 1;
  return { value: tag.slice(start, end), end };
}

function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

function isNameUnit(unit: number): boolean {
  const lower = unit | 32;
  return (lower >= 97 && lower <= 122) || unit === 45 || unit === 58;
}
