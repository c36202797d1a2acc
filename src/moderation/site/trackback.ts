/** Tells trackbacks and pingbacks, which other sites' programs send, from what readers write. */
import { parseUrl } from '../../core/parse-url.ts';

const TYPES: ReadonlySet<string> = new Set(['trackback', 'pingback', 'webmention', 'ping']);

/** What a trackback is told by. */
interface Sent {
  readonly type: string | null | undefined;
  readonly authorUrl: string | null;
  /** The address of the article. */
  readonly postUrl: string | null;
}

/** Whether another site's program sent it. A site that links to an article of its own tells itself, which is none. */
export function isTrackback(
  { type, authorUrl, postUrl }: Sent,
  { url }: { readonly url: string | null },
): boolean {
  if (!TYPES.has(type ?? '')) return false;
  const from = hostOf(authorUrl);
  return from === null || ![hostOf(url), hostOf(postUrl)].includes(from);
}

function hostOf(url: string | null): string | null {
  const host = url === null ? undefined : parseUrl(url)?.host;
  return host === undefined || host === '' ? null : host.replace(/^www\./, '');
}
