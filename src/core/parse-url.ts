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
