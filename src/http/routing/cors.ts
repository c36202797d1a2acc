/**
 * Browsers on other origins: a public key (one with allowed origins) stands in a page for everybody to read, so it is
 * good from its own origins alone, and only there are its answers readable.
 */
import { parseUrl } from '../../core/parse-url.ts';
import { isPublicOrigin, readAllowedOrigins } from '../../moderation/access/keys.ts';
import type { Actor } from '../../moderation/actor.ts';
import type { Submission } from '../../moderation/submit/submission.ts';
import type { App, AppContext } from './app-context.ts';
import { clientAddress, publicOrigin } from './client-address.ts';
import { ProblemError } from './problem.ts';

/** In a key's allowed origins: the origin of the service itself, whatever it is called. */
const SELF = 'self';
/** What a public key may call. */
const PUBLIC_PATHS = [
  '/v1/comments',
  '/v1/comments/counts',
  '/v1/comments/recent',
  '/v1/comments/:id',
  '/v1/challenges',
  '/wp-json/wp/v2/comments',
  '/wp-json/wp/v2/comments/:id',
];
const PUBLIC_ROUTES = PUBLIC_PATHS.map(toRoute);
const PREFLIGHT_SECONDS = 600;

/** The name of a path's route. */
function toRoute(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** Whether the actor is a key that stands in a page. */
export async function isPublicKey(c: AppContext, actor: Actor): Promise<boolean> {
  return actor.kind === 'key' && (await readAllowedOrigins(c.var.service, actor.id)).length > 0;
}

/**
 * Keeps a public key to what a page needs: outside a browser anybody can name any origin, and what else the scope `read`
 * shows (a site's words and thresholds) would tell a spammer what to avoid.
 *
 * @throws {ProblemError} `forbidden`.
 */
export async function requirePublicRoute(c: AppContext, actor: Actor): Promise<void> {
  if (PUBLIC_ROUTES.includes(c.get('route')) || !(await isPublicKey(c, actor))) return;
  throw new ProblemError(
    'forbidden',
    'A public key (one with allowed origins) submits and lists comments, and nothing else: use a key without allowed origins.',
  );
}

/** The origins of the pages that a key is for; empty for a key that is not for browsers. */
export async function listOrigins(c: AppContext, actor: Actor): Promise<readonly string[]> {
  const allowed = await readAllowedOrigins(c.var.service, actor.id);
  const own = publicOrigin(c, c.var.service.config);
  return allowed.map((origin) => (origin === SELF ? own : origin));
}

/**
 * Lets a public key pass from its own origins and makes the answer readable there; other keys pass from anywhere.
 * `orOwn`: also from a page of the service, such as the one that shows a form again with its errors.
 *
 * @throws {ProblemError} `origin_not_allowed`.
 */
export async function requireOrigin(c: AppContext, actor: Actor, orOwn = false): Promise<void> {
  const allowed = await listOrigins(c, actor);
  if (allowed.length === 0) return;
  const own = publicOrigin(c, c.var.service.config);
  const origins = orOwn ? [...allowed, own] : allowed;
  const origin = c.req.header('origin') ?? sameOrigin(c, own);
  if (origin === undefined || !origins.includes(origin)) {
    throw new ProblemError('origin_not_allowed', 'This key is for other origins.');
  }
  c.header('access-control-allow-origin', origin);
  c.header(
    'access-control-expose-headers',
    'location, link, retry-after, ratelimit, ratelimit-policy, idempotency-replayed, x-request-id, x-wp-total, x-wp-totalpages',
  );
  c.header('vary', 'origin');
}

/** A browser sends no Origin with a GET to the page's own origin, but says that it is one. */
function sameOrigin(c: AppContext, own: string): string | undefined {
  return c.req.method === 'GET' && c.req.header('sec-fetch-site') === 'same-origin' ? own : undefined;
}

/**
 * What the service itself knows of who sends with a public key, and when: the sender's own word would let a spammer
 * borrow another address for every comment, or stay on top of a list by its date.
 */
export function browserCircumstances(
  c: AppContext,
): Pick<Submission, 'authorIp' | 'authorUserAgent' | 'dateGmt' | 'isFromPage'> {
  return {
    authorIp: clientAddress(c, c.var.service.config),
    authorUserAgent: c.req.header('user-agent')?.slice(0, 1000) ?? null,
    dateGmt: null,
    isFromPage: true,
  };
}

/**
 * The address of a page when it is on one of the origins that the public key is for, else null: what a reader's browser says
 * of where an article is becomes a link for moderators and for other readers.
 */
export async function ownPage(
  c: AppContext,
  actor: Actor,
  address: string | undefined,
): Promise<string | null> {
  const url = address === undefined ? null : parseUrl(address);
  if (url === null) return null;
  return (await listOrigins(c, actor)).includes(url.origin) ? url.href : null;
}

/** Answers preflights. They carry no key: an origin passes when some key that is live names it. */
export function addPreflight(app: App): void {
  for (const path of PUBLIC_PATHS) {
    app.on('OPTIONS', path, async (c) => {
      c.set('route', toRoute(path));
      const origin = c.req.header('origin') ?? '';
      if (!(await isPublicOrigin(c.var.service, origin))) {
        throw new ProblemError('origin_not_allowed', 'No key is for this origin.');
      }
      return c.body(null, 204, {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization, content-type, idempotency-key',
        'access-control-max-age': String(PREFLIGHT_SECONDS),
        vary: 'origin',
      });
    });
  }
}
