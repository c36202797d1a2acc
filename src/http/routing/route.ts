/**
 * One definition for each route: what it takes, what it answers, who may call it. It mounts the handler and writes
 * the route into the OpenAPI document, so that the two cannot disagree.
 */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../../moderation/actor.ts';
import { hasScope } from '../../moderation/actor.ts';
import { RefusedError } from '../../moderation/refused-error.ts';
import type { SiteContext } from '../../moderation/site/site-context.ts';
import { findTextFault } from '../../moderation/site/storable-text.ts';
import type { App, AppContext } from './app-context.ts';
import { authenticate, resolveSite } from './auth.ts';
import { BODY_LIMIT_BYTES, escapePointer, invalid, mayBeAbsent, readData, validate } from './body.ts';
import { ProblemError } from './problem.ts';
import type { Call, OpenRouteDefinition, PageRouteDefinition, RouteDefinition } from './route-definition.ts';
import { documentRoute, keyAccess, OPEN_ACCESS, pageAccess, readsQuery } from './route-document.ts';
import { requireSameOrigin } from './session-cookie.ts';

/** Mounts a route and documents it. */
export function addRoute<Body = undefined, Query = undefined>(
  app: App,
  route: RouteDefinition<Body, Query>,
): void {
  const scopes = route.orScope === undefined ? [route.scope] : [route.scope, route.orScope];
  documentRoute(app, route, keyAccess(scopes));
  const orNone = route.body !== undefined && mayBeAbsent(route.body);
  mount(app, route, async (c) => {
    const service = c.var.service;
    const actor = await authenticate(c);
    if (!scopes.some((scope) => hasScope(actor, scope))) {
      throw new ProblemError('forbidden', `This needs a key with the scope “${scopes.join('” or “')}”.`);
    }
    if (readsQuery(route)) requireStorableQuery(c);
    const query = route.query ? validateQuery(route.query, c) : (undefined as Query);
    const { body, bodyText } = await readBody(c, actor, route, orNone);
    const call = { c, service, actor, body, bodyText, query };
    if (route.siteless || route.resolvesSite) return await route.handle(call);
    return await route.handle({ ...call, site: await resolveSite(c, actor) });
  });
}

/** Mounts a route that only the pages of this service may call, and documents it. */
export function addPageRoute<Body = undefined, Query = undefined>(
  app: App,
  route: PageRouteDefinition<Body, Query>,
): void {
  documentRoute(app, { ...route, siteless: true }, pageAccess(route.signedIn));
  const orNone = route.body !== undefined && mayBeAbsent(route.body);
  mount(app, route, async (c) => {
    requireSameOrigin(c);
    if (route.query) requireStorableQuery(c);
    const query = route.query ? validateQuery(route.query, c) : (undefined as Query);
    const { service } = c.var;
    if (!route.body) return await route.handle({ c, service, body: undefined as Body, bodyText: '', query });
    const limit = route.bodyLimitBytes ?? BODY_LIMIT_BYTES;
    const { data, text } = await readData(c, limit, false, orNone);
    return await route.handle({ c, service, body: validate(route.body, data), bodyText: text, query });
  });
}

/** Mounts a route that anybody may call, and documents it. */
export function addOpenRoute(app: App, route: OpenRouteDefinition): void {
  documentRoute(app, { problems: [], ...route, siteless: true }, OPEN_ACCESS);
  mount(app, route, async (c) => await route.handle(c));
}

function mount(
  app: App,
  { method, path }: { readonly method: string; readonly path: string },
  answer: (c: AppContext) => Promise<Response>,
): void {
  app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    c.set('route', path);
    // Whatever a path names, its name has no NUL.
    if (Object.values<string>(c.req.param()).some((value) => findTextFault(value))) {
      throw new RefusedError('not_found', 'There is nothing with this name.');
    }
    return await answer(c);
  });
}

async function readBody<Body, Query>(
  c: AppContext,
  actor: Actor,
  route: RouteDefinition<Body, Query>,
  orNone: boolean,
) {
  if (!route.body) return { body: undefined as Body, bodyText: '' };
  const limit = route.bodyLimitBytes ?? BODY_LIMIT_BYTES;
  const { data, text, isForm } = await readData(c, limit, route.form ?? false, orNone);
  const schema = route.bodyFor ? await route.bodyFor(c, actor) : route.body;
  return { body: validate(schema, route.prepare ? route.prepare(data, isForm, c) : data), bodyText: text };
}

function validateQuery<Query>(schema: z.ZodType<Query>, c: AppContext): Query {
  const all = c.req.queries();
  const lists = listsIn(schema);
  const repeated = Object.entries(all).find(([name, values]) => values.length > 1 && !lists.includes(name));
  if (repeated) {
    throw new ProblemError('invalid', 'A query parameter is repeated.', [
      { pointer: `/query/${repeated[0]}`, code: 'repeated', detail: 'Send this parameter once.' },
    ]);
  }
  // `site` names the site for keys that are good for several; it is read by resolveSite.
  const { site: _, ...query } = c.req.query();
  const repeatable = lists.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]] as const]));
  return validate(schema, { ...query, ...Object.fromEntries(repeatable) }, '/query');
}

/** The parameters that may be repeated: those that the schema takes as arrays. */
function listsIn(schema: z.ZodType): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, field]) => (field instanceof z.ZodArray ? [name] : []));
}

/** What is read of a query need not stand in the route's schema: `site` does not. @throws {ProblemError} `invalid`. */
function requireStorableQuery(c: AppContext): void {
  const errors = Object.entries(c.req.query()).flatMap(([name, value]) => {
    const fault = findTextFault(value);
    return fault
      ? [{ pointer: `/query/${escapePointer(name)}`, code: fault.code, detail: fault.message }]
      : [];
  });
  if (errors.length > 0) throw invalid(errors);
}

/** The site that a call of a resolving route is about: the key's own, or the one an admin names. */
export async function siteOf(call: Call<unknown, unknown>, named?: string): Promise<SiteContext> {
  return await resolveSite(call.c, call.actor, named);
}

/** A path parameter; what cannot be an id is not found rather than wrong. */
export function idParam(c: AppContext, name = 'id'): string {
  const id = c.req.param(name) ?? '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new RefusedError(
      'not_found',
      'There is nothing with this id. Check the id and the site of the key.',
    );
  return id;
}
