/** Tells which article a page shows, and when it comes to show another. */
import { identifyPost } from '../../core/post-identity.ts';

/** The longest address that the service keeps. */
const MAX_ADDRESS = 2000;

/**
 * The name of the article: the attribute, else where the page says that it belongs (`<link rel="canonical">`), else its own
 * address. On the page's own host the path is enough, as in the other places that name articles.
 */
export function readPost(attribute: string | null): string {
  if (attribute !== null && attribute.trim() !== '') return attribute;
  return identifyPost(pageAddress(), location.origin);
}

/** The address of the page for moderators; nothing where it is none of the Web's, or too long. */
export function readAddress(): { readonly post_url?: string } {
  const address = location.href.split('#')[0] ?? '';
  return /^https?:/.test(address) && address.length <= MAX_ADDRESS ? { post_url: address } : {};
}

function pageAddress(): string {
  const link = document.querySelector<HTMLLinkElement>('link[rel~="canonical" i][href]');
  const isOfWeb = link !== null && /^https?:/.test(link.href);
  // Some frameworks leave the canonical address of the page that was loaded first.
  return isOfWeb && !isLeftBehind(link) ? link.href : location.href;
}

let firstAddress = location.href;
let firstLink = '';

/** Whether the page went on to another address and its canonical link did not. */
function isLeftBehind({ href }: HTMLLinkElement): boolean {
  if (href !== firstLink) [firstLink, firstAddress] = [href, location.href];
  return identifyPost(firstAddress, location.origin) !== identifyPost(location.href, location.origin);
}

const CHECK_MS = 500;

/**
 * Calls back whenever the page may show another article: it went to another address without being loaded, or changed its
 * canonical link. Browsers that tell nothing of `history.pushState` are asked twice a second.
 *
 * @returns what ends it.
 */
export function watchPage(onChange: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  for (const event of ['popstate', 'hashchange', 'pageshow']) addEventListener(event, onChange, { signal });
  const head = new MutationObserver(onChange);
  head.observe(document.head, { childList: true, subtree: true, attributeFilter: ['href', 'rel'] });
  const { navigation } = window as { navigation?: EventTarget };
  navigation?.addEventListener('currententrychange', onChange, { signal });
  const timer = navigation ? undefined : setInterval(onChange, CHECK_MS);
  return () => {
    stop.abort();
    head.disconnect();
    clearInterval(timer);
  };
}
