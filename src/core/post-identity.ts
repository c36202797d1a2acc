/** Names the thread of an article, the same for every way in which its address or its id is written. */
import { parseUrl } from './parse-url.ts';

/** Parameters that say how a reader came, not what they read. */
const TRACKING =
  /^(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|_hs(?:enc|mi)|fb_\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|mkt_tok|vero_(?:id|conv)|oly_(?:anon|enc)_id|wickedid|s_cid|_ga|_gl|_openstat|ref_src|srsltid|phpsessid|jsessionid|replytocom)$/i;
/** What stays encoded: decoded, it would be read as another part of the address. */
const RESERVED = /[\u0000-\u0020%/?#&=+\\\u007f\s]/gu;

/**
 * The canonical name of a thread. Of an address: percent-encoding decoded, slashes folded, the letters of the path in lower
 * case, tracking parameters and the fragment dropped (routes in it, `#/…`, stay), the other parameters sorted; without the
 * scheme's `http`, `www.` and the site's own origin, so that a path and the whole address are one. Of any other id: its text,
 * trimmed and decoded. Applied twice it changes nothing.
 *
 * @param siteUrl the address of the site, whose pages are named by their paths; null: unknown.
 * @example
 * identifyPost('https://www.news.example//A/?utm_source=x', 'https://news.example') // '/a'
 * identifyPost('4711', null) // '4711'
 */
export function identifyPost(text: string, siteUrl: string | null): string {
  const name = text.normalize('NFC').trim();
  if (/^https?:\/\//i.test(name)) {
    const url = parseUrl(name);
    if (url !== null) return `${originOf(url, siteUrl)}${placeOf(url)}`;
  }
  if (name.startsWith('/')) {
    const url = parseUrl(`https://site.invalid${name.replace(/^[/\\]+/, '/')}`);
    if (url !== null) return placeOf(url);
  }
  return decode(name).trim();
}

/** Nothing for the site's own pages, else `https://host`. */
function originOf(url: URL, siteUrl: string | null): string {
  const site = siteUrl === null ? null : parseUrl(siteUrl);
  const host = bareHost(url);
  return site !== null && bareHost(site) === host ? '' : `https://${host}`;
}

function bareHost({ host }: URL): string {
  return host.replace(/^www\./, '').replace(/\.$/, '');
}

function placeOf({ pathname, search, hash }: URL): string {
  const segments = pathname
    .split('/')
    .map((segment) => decode(segment.replace(/;jsessionid=[^/;]*/i, '')).toLowerCase())
    .filter((segment) => segment !== '');
  const path = `/${segments.join('/')}`.normalize('NFC');
  const parameters = search
    .slice(1)
    .split('&')
    .map((parameter) => decode(parameter.replaceAll('+', '%20'), true))
    .filter((parameter) => parameter !== '' && !TRACKING.test(parameter.split('=', 1)[0] ?? ''))
    .sort();
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`.normalize('NFC');
  return `${path}${query}${/^#!?\//.test(hash) ? decode(hash, true) : ''}`;
}

/** Decodes what is UTF-8; what would change its meaning and what is none stays encoded, in one way. */
function decode(text: string, keepsMarks = false): string {
  const decoded = text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run).replace(RESERVED, encodeURIComponent);
    } catch {
      return run.toUpperCase();
    }
  });
  return keepsMarks ? decoded : decoded.normalize('NFC');
}
