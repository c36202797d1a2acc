/** A page of a list, with a `Link` to the next one (RFC 8288). */
import type { AppContext } from './app-context.ts';

/** Answers with the page; `next_cursor` and the link say the same. */
export function sendPage<Page extends { readonly next_cursor: string | null }>(
  c: AppContext,
  page: Page,
): Response {
  if (page.next_cursor !== null) {
    const { pathname, search } = new URL(c.req.url);
    const query = new URLSearchParams(search);
    query.set('cursor', page.next_cursor);
    c.header('link', `<${pathname}?${query}>; rel="next"`);
  }
  return c.json(page, 200);
}
