/** Sends a file of the package: compressed where the browser takes it, and only when it has changed. */
import type { Asset } from '../../service.ts';
import type { AppContext } from './app-context.ts';

/** @param headers such as `cache-control` */
export function sendAsset(
  c: AppContext,
  { body, contentType, etag, compressed = [] }: Asset,
  headers: Readonly<Record<string, string>>,
): Response {
  const validators = etag === undefined ? {} : { etag, vary: 'accept-encoding' };
  if (etag !== undefined && isKnown(c.req.header('if-none-match'), etag)) {
    return c.body(null, 304, { ...headers, ...validators });
  }
  const accepted = readEncodings(c.req.header('accept-encoding'));
  const chosen = compressed.find(({ encoding }) => accepted.has(encoding));
  return c.body(chosen?.body ?? body, 200, {
    'content-type': contentType,
    ...headers,
    ...validators,
    ...(chosen && { 'content-encoding': chosen.encoding }),
  });
}

/** A proxy that compresses by itself marks the tag as weak. */
export function isKnown(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** The encodings that are named without being refused (`q=0`). */
function readEncodings(header: string | undefined): ReadonlySet<string> {
  const named = (header ?? '').split(',').flatMap((part) => {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name];
  });
  return new Set(named);
}
