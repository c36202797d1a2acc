/** Names the thread of an article, the same for every way in which its address or its id is written. */
import { parseUrl } from './parse-url.ts';

/** Parameters that say how a reader came, not what they read. */
const TRACKING =
  /^(?:utm_\w+|[mio]tm_\w+|pk_\w+|piwik_\w+|matomo_\w+|ga_(?:source|medium|term|content|campaign|place)|hsa_\w+|_hs(?:enc|mi)|__hs\w+|hsctatracking|fb_\w+|fbclid|mibextid|gad_\w+|wt_\w*mc|sfmc_\w+|at_(?:medium|campaign|custom\d|creation|channel)|cmpid|ncid|epik|_ke|rb_clickid|gucc\w+|guce_\w+|spm|__s|ck_subscriber_id|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|mkt_tok|vero_(?:id|conv)|oly_(?:anon|enc)_id|wickedid|s_cid|_ga|_gl|_openstat|ref_src|srsltid|phpsessid|jsessionid|replytocom)$/i;
/** What nobody sees; the joiners that Persian and Bengali are written with stay. */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
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
  const name = withScheme(text.normalize('NFC').replace(INVISIBLE, '').trim(), siteUrl);
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

/** The address of a page of the site that was written as `//host/path` or `host/path`; any other text as it is. */
function withScheme(name: string, siteUrl: string | null): string {
  const site = siteUrl === null ? null : parseUrl(siteUrl);
  const [, rest = ''] = /^(?:\/\/)?([^/\s?#]+\.[^/\s?#]+(?:[/?#].*)?)$/s.exec(name) ?? [];
  const url = site === null || rest === '' ? null : parseUrl(`https://${rest}`);
  return url !== null && site !== null && bareHost(url) === bareHost(site) ? url.href : name;
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
    // As it stands in the HTML that some exports copy addresses from.
    .replaceAll('&amp;', '&')
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
      return decodeURIComponent(run).replace(INVISIBLE, '').replace(RESERVED, encodeURIComponent);
    } catch {
      return run.toUpperCase();
    }
  });
  return keepsMarks ? decoded : decoded.normalize('NFC');
}
