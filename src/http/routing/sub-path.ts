/** Lets the service live below a path of `PUBLIC_URL`, behind a proxy that strips the path and behind one that does not. */
import type { AppContext } from './app-context.ts';

/** The path of `PUBLIC_URL`, such as `/comments`; empty at the root. */
export function subPathOf({ publicUrl }: { readonly publicUrl: string | undefined }): string {
  return publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/** The request as the routes know it when its path begins with the sub-path, else null. */
export function withoutSubPath(request: Request, subPath: string): Request | null {
  if (subPath === '') return null;
  const url = new URL(request.url);
  if (url.pathname !== subPath && !url.pathname.startsWith(`${subPath}/`)) return null;
  url.pathname = url.pathname.slice(subPath.length) || '/';
  return new Request(url, request);
}

/** What leads to another page or file from a page of the service: its own templates write it like this and no other way. */
const LINKS = /(\s(?:href|src|action)=")\/(?!\/)/g;

/** Puts the sub-path before the addresses of an answer that begin at the root: links of pages, `Location`, `Link`. */
export async function addSubPath(c: AppContext, subPath: string): Promise<void> {
  if (subPath === '') return;
  const location = c.res.headers.get('location');
  if (location !== null && /^\/(?!\/)/.test(location)) c.res.headers.set('location', `${subPath}${location}`);
  const link = c.res.headers.get('link');
  if (link !== null) c.res.headers.set('link', link.replace(/<\/(?!\/)/g, `<${subPath}/`));
  const isPage = /^text\/html\b/.test(c.res.headers.get('content-type') ?? '');
  if (!isPage && c.req.path !== '/openapi.json') return;
  const text = await c.res.text();
  const placed = isPage
    ? text.replace(LINKS, `$1${subPath}/`)
    : text.replace('"servers":[{"url":"/"}]', `"servers":[{"url":"${subPath}/"}]`);
  c.res = new Response(placed, c.res);
}
