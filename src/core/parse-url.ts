/**
 * The address, or null when it is none.
 *
 * `URL.canParse` is not asked: on Node 20.20, once it has run some thousands of times, it takes a text with letters such as
 * “ü” for no address.
 *
 * @param base what a relative address is relative to
 * @example
 * parseUrl('https://news.example/a')?.host // 'news.example'
 * parseUrl('news') // null
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** Why an address cannot stand as a link on a page; `scheme` also: it is no address at all. */
export type LinkFault = 'scheme' | 'credentials' | 'characters';

/** What is wrong with an address that is to become a link, or null: for every door and importer the same. */
export function findLinkFault(address: string): LinkFault | null {
  const url = parseUrl(address);
  // The parser drops tabs and controls before it looks ("java\tscript:"): what it then sees is what counts.
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'scheme';
  if (url.username !== '' || url.password !== '') return 'credentials';
  return /[\u0000-\u0020\u007f\\]/.test(address) ? 'characters' : null;
}

/**
 * The address of a page as somebody wrote it, or null when it is none, or longer than `most` characters as it was written.
 *
 * @example
 * readLink(' example.org/me ', 200) // 'http://example.org/me'
 * readLink('javascript:alert(1)', 200) // null
 */
export function readLink(text: string, most: number): string | null {
  const address = completeUrl(text);
  return text.trim().length > most || findLinkFault(address) !== null ? null : address;
}

/**
 * An address as people write it, completed where it does not say how to get there.
 *
 * @example
 * completeUrl('example.org:8080/me') // 'http://example.org:8080/me'
 * completeUrl('mailto:me@example.org') // 'mailto:me@example.org'
 */
export function completeUrl(text: string): string {
  const url = text.trim();
  const isBare = /^[^\s:/?#@]+\.[^\s:/?#@.]+\.?(?::\d{1,5})?(?:[/?#]|$)/u.test(url);
  return isBare ? `http://${url}` : url;
}
