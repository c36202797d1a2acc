/** Keeps the chosen site in the address and in the browser, so that a reload and another page stay with it. */
import { BASE } from './base.ts';
import type { SessionSite } from './session.ts';

const NAME = 'leave-a-reply:site';

/** The site that the address names, else the last one chosen, else the first; '' without sites. */
export function readSiteChoice(sites: readonly SessionSite[]): string {
  const isKnown = (slug: string | null): slug is string => sites.some((site) => site.slug === slug);
  const named = new URLSearchParams(location.search).get('site');
  if (isKnown(named)) return named;
  const remembered = readRemembered();
  if (isKnown(remembered)) return remembered;
  return sites[0]?.slug ?? '';
}

/** Notes the choice; a second visit to the page without an address begins with it. */
export function noteSiteChoice(slug: string): void {
  const { pathname, search, hash } = location;
  const query = new URLSearchParams(search);
  if (query.get('site') !== slug) {
    query.set('site', slug);
    history.replaceState(history.state, '', `${pathname}?${query}${hash}`);
  }
  try {
    localStorage.setItem(NAME, slug);
  } catch {
    // Storage may be off: the address still names the site.
  }
}

/** The address of a page for a site. */
export function pageOfSite(path: '/admin' | '/moderate', slug: string): string {
  return `${BASE}${path}${slug === '' ? '' : `?site=${encodeURIComponent(slug)}`}`;
}

function readRemembered(): string | null {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}
