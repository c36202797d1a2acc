/** The cookie of a person's session, and what keeps other sites from using it. */
import { getCookie, setCookie } from 'hono/cookie';
import { SESSION_SECONDS } from '../../moderation/access/sessions.ts';
import type { AppContext } from './app-context.ts';
import { isLoopback, ownOrigin } from './client-address.ts';
import { ProblemError } from './problem.ts';

/** `__Host-` binds it to this host, this path and TLS; on http there is only loopback, and no such prefix. */
export const SECURE_NAME = '__Host-leave-a-reply';
const LOOPBACK_NAME = 'leave-a-reply';
const MARK_SECONDS = 180 * 24 * 3600;

/** Types that no form sends, and a script of another origin only when asked first: JSON, and the parts of an import. */
const NOT_BY_FORMS = /^application\/(json|octet-stream)(;|$)/;

/** The session's token, or undefined. */
export function readSessionCookie(c: AppContext): string | undefined {
  return getCookie(c, isSecure(c) ? SECURE_NAME : LOOPBACK_NAME);
}

/** Gives the browser a session; an empty token takes it away. @throws {ProblemError} `insecure`. */
export function writeSessionCookie(c: AppContext, token: string): void {
  const secure = isSecure(c);
  if (!secure && !isLoopback(ownOrigin(c, c.var.service.config))) {
    throw new ProblemError(
      'insecure',
      'People sign in over https, or on this machine. Behind a proxy that ends TLS, set TRUSTED_PROXIES.',
    );
  }
  setCookie(c, secure ? SECURE_NAME : LOOPBACK_NAME, token, {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: 'Strict',
    maxAge: token === '' ? 0 : SESSION_SECONDS,
  });
}

/** What the last sign-in of this browser left: it opens nothing, and keeps others from locking its owner out. */
export function readBrowserMark(c: AppContext): string | undefined {
  return getCookie(c, markName(c));
}

export function writeBrowserMark(c: AppContext, mark: string): void {
  const secure = isSecure(c);
  setCookie(c, markName(c), mark, {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: 'Strict',
    maxAge: MARK_SECONDS,
  });
}

function markName(c: AppContext): string {
  return `${isSecure(c) ? SECURE_NAME : LOOPBACK_NAME}-browser`;
}

/**
 * What a browser sends of its own accord must come from a page of this service: the origin is compared, and where the
 * browser says so, that the request is same-origin. Bodies are of a type that no form can send.
 *
 * @throws {ProblemError} `cross_site`.
 */
export function requireSameOrigin(c: AppContext): void {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const own = ownOrigin(c, c.var.service.config);
  const safe = c.req.method === 'GET' || c.req.method === 'HEAD';
  const crossed = site !== undefined && site !== 'same-origin' && !(safe && site === 'none');
  const foreign = origin === undefined ? !safe : origin !== own;
  const type = c.req.header('content-type');
  const form = !safe && type !== undefined && !NOT_BY_FORMS.test(type);
  if (crossed || foreign || form) {
    throw new ProblemError('cross_site', 'A session works only from the pages of this service, with JSON.');
  }
}

function isSecure(c: AppContext): boolean {
  return ownOrigin(c, c.var.service.config).startsWith('https:');
}
