/** Who calls, and for which site. */

import { authenticateKey } from '../../moderation/access/keys.ts';
import { readSession } from '../../moderation/access/sessions.ts';
import { type Actor, hasScope, type Scope } from '../../moderation/actor.ts';
import { readSiteContext, type SiteContext } from '../../moderation/site/site-context.ts';
import { DEMO_SLUG } from '../../moderation/site/sites.ts';
import { findSiteBySlug, listFirstSites } from '../../storage/sites.ts';
import type { AppContext } from './app-context.ts';
import { isPublicKey, requireOrigin, requirePublicRoute } from './cors.ts';
import { ProblemError } from './problem.ts';
import { limitRate } from './rate-limit.ts';
import { readSessionCookie, requireSameOrigin, writeSessionCookie } from './session-cookie.ts';

const CHALLENGE = { 'www-authenticate': 'Bearer realm="leave-a-reply"' };

/**
 * The actor behind the request's bearer key, or behind the session of a browser.
 *
 * @throws {ProblemError} `unauthenticated`, the same for a key that is missing, unknown, wrong, revoked or expired;
 *   `key_in_query`; `origin_not_allowed` for a browser key used from elsewhere, `forbidden` for what is not for pages.
 */
export async function authenticate(c: AppContext): Promise<Actor> {
  if (c.req.query('key') !== undefined || c.req.query('access_token') !== undefined) {
    throw new ProblemError(
      'key_in_query',
      'Send the key as “Authorization: Bearer KEY”, and replace this one.',
    );
  }
  const header = c.req.header('authorization') ?? '';
  const token = header === '' ? readSessionCookie(c) : undefined;
  if (token !== undefined) return await authenticateSession(c, token);
  return await authenticatePresented(c, /^Bearer +(\S{1,200})$/i.exec(header)?.[1]);
}

/** Whether the key or session that the request came with is still good, for an answer that goes on after it began. */
export async function isStillGood(c: AppContext, actor: Actor): Promise<boolean> {
  const { service } = c.var;
  if (actor.kind === 'user') {
    const session = await readSession(service, readSessionCookie(c) ?? '');
    return session !== null && actor.scopes.every((scope) => session.actor.scopes.includes(scope));
  }
  const presented = /^Bearer +(\S{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
  return (await authenticateKey(service, presented)) !== null;
}

/** The actor behind a key, wherever it stood. @throws {ProblemError} `unauthenticated`, `origin_not_allowed`, `forbidden`. */
export async function authenticatePresented(c: AppContext, presented: string | undefined): Promise<Actor> {
  const actor = presented === undefined ? null : await authenticateKey(c.var.service, presented);
  if (!actor) {
    throw new ProblemError(
      'unauthenticated',
      'Send a valid key as “Authorization: Bearer KEY”.',
      [],
      CHALLENGE,
    );
  }
  await requireOrigin(c, actor);
  await requirePublicRoute(c, actor);
  await limitRate(c, actor);
  c.set('actor', actor);
  return actor;
}

/**
 * The actor behind a public key that a form without script carries in a field; it must have the scope. Once the context
 * has an actor, the key and its origin are good. `orOwn`: see requireOrigin.
 *
 * @throws {ProblemError} `unauthenticated`, `origin_not_allowed`, `forbidden` (a secret key has no place in a page).
 */
export async function authenticateAs(
  c: AppContext,
  key: string,
  scope: Scope,
  orOwn = false,
): Promise<Actor> {
  const actor = /^\S{1,200}$/.test(key) ? await authenticateKey(c.var.service, key) : null;
  if (!actor) throw new ProblemError('unauthenticated', 'The form has no valid key.', [], CHALLENGE);
  if (!(await isPublicKey(c, actor)) || !hasScope(actor, scope)) {
    throw new ProblemError('forbidden', 'A form needs a public key: one with allowed origins.');
  }
  await requireOrigin(c, actor, orOwn);
  c.set('actor', actor);
  await limitRate(c, actor);
  return actor;
}

/**
 * The actor behind a key as Perspective's clients send it: in the address (`?key=`), or as a bearer. An address stands in
 * every log on its way, so the key in it may do the one thing that is asked, and `submit` at that: what somebody who reads
 * the log can then do is to have texts scored.
 *
 * @throws {ProblemError} `unauthenticated`; `key_in_query` for a key that may do more.
 */
export async function authenticatePerspective(c: AppContext, scope: Scope): Promise<Actor> {
  const inAddress = c.req.query('key');
  const presented =
    inAddress ?? /^Bearer +(\S{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
  const actor = /^\S{1,200}$/.test(presented) ? await authenticateKey(c.var.service, presented) : null;
  if (!actor) throw new ProblemError('unauthenticated', 'API key not valid. Please pass a valid API key.');
  const least = scope === 'submit' && actor.scopes.length === 1 && actor.scopes[0] === 'submit';
  if (inAddress !== undefined && !least) {
    const detail =
      'Only a key whose one scope is “submit” can be in the address. Send other keys as a bearer, and replace this one.';
    throw new ProblemError('key_in_query', detail);
  }
  return actor;
}

/** @throws {ProblemError} `unauthenticated` for a session that is over (the cookie goes, too); `cross_site`. */
async function authenticateSession(c: AppContext, token: string): Promise<Actor> {
  requireSameOrigin(c);
  const session = await readSession(c.var.service, token);
  if (!session) {
    writeSessionCookie(c, '');
    throw new ProblemError('unauthenticated', 'The session is over: sign in again.');
  }
  c.set('actor', session.actor);
  return session.actor;
}

/**
 * The site a call is about: the key's own. A key that is good for all names one by slug (`?site=`), or means the only
 * one there is.
 */
export async function resolveSite(c: AppContext, actor: Actor, named?: string): Promise<SiteContext> {
  const { service } = c.var;
  const slug = named ?? c.req.query('site');
  const siteId = actor.siteId ?? (await siteIdOnce(c, slug));
  const site = siteId === null ? null : await readSiteContext(service, siteId);
  if (!site || (actor.siteId !== null && slug !== undefined && slug !== site.slug)) {
    throw new ProblemError('not_found', 'There is no such site.');
  }
  return site;
}

const siteIds = new WeakMap<AppContext, Map<string | undefined, Promise<string | null>>>();

/** A request asks twice: for the schema of its body, and to do its work. */
function siteIdOnce(c: AppContext, slug: string | undefined): Promise<string | null> {
  const known = siteIds.get(c) ?? new Map<string | undefined, Promise<string | null>>();
  siteIds.set(c, known);
  const found = known.get(slug) ?? siteIdOf(c, slug);
  known.set(slug, found);
  return found;
}

async function siteIdOf(c: AppContext, slug: string | undefined): Promise<string | null> {
  const { db } = c.var.service;
  if (slug !== undefined) return (await findSiteBySlug(db, slug))?.id ?? null;
  const sites = await listFirstSites(db);
  const real = sites.filter((site) => site.slug !== DEMO_SLUG);
  const [only, second] = real.length > 0 ? real : sites;
  if (second !== undefined) {
    throw new ProblemError('site_required', 'This key is good for several sites: name one with ?site=SLUG.');
  }
  return only?.id ?? null;
}
