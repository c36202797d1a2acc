/**
 * One definition for each route: what it takes, what it answers, who may call it. It mounts the handler and writes
 * the route into the OpenAPI document, so that the two cannot disagree.
 */
import type { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Actor, Scope } from '../../moderation/actor.ts';
import { hasScope } from '../../moderation/actor.ts';
import { RefusedError } from '../../moderation/refused-error.ts';
import type { SiteContext } from '../../moderation/site/site-context.ts';
import { findTextFault } from '../../moderation/site/storable-text.ts';
import type { Service } from '../../service.ts';
import { authenticate, resolveSite } from './auth.ts';
import { BODY_LIMIT_BYTES, escapePointer, invalid, mayBeAbsent, readData, validate } from './body.ts';
import { type ProblemCode, ProblemError } from './problem.ts';
import { documentRoute, keyAccess, OPEN_ACCESS, pageAccess, readsQuery } from './route-document.ts';
import { requireSameOrigin } from './session-cookie.ts';

export interface AppVariables {
  service: Service;
  requestId: string;
  /** The route's pattern, for logs and metrics: a path may hold ids. */
  route: string;
  actor: Actor;
}
export interface AppEnv {
  Variables: AppVariables;
}
export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;

/** What a handler is given beside the context: everything checked. */
export interface Call<Body, Query> {
  readonly c: AppContext;
  readonly service: Service;
  readonly actor: Actor;
  readonly body: Body;
  /** The body as sent, for fingerprints. */
  readonly bodyText: string;
  readonly query: Query;
}

/** What a status answers with. */
export interface RouteAnswer {
  readonly description: string;
  /** null: no content. */
  readonly schema: z.ZodType | null;
  /** `application/json` unless given. */
  readonly mediaType?: string;
  /** A media type that the caller may ask for in its place, as text: `text/csv`. */
  readonly orMediaType?: string;
}

/** By status: the successes, and what is no problem document among the failures. */
export type RouteAnswers = Readonly<Partial<Record<ContentfulStatusCode | 204, RouteAnswer>>>;

export interface RouteDefinition<Body, Query> {
  readonly method: 'get' | 'post' | 'patch' | 'delete' | 'put';
  /** In OpenAPI's form: `/v1/comments/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope;
  /** Another scope that will do. */
  readonly orScope?: Scope;
  readonly body?: z.ZodType<Body>;
  /** The schema for this caller, when it depends on the site; `body` is then what the document shows. */
  readonly bodyFor?: (c: AppContext, actor: Actor) => Promise<z.ZodType<Body>>;
  /** Turns what a client may leave empty into what the schema calls absent. */
  readonly prepare?: (data: unknown, isForm: boolean) => unknown;
  /** Whether the body may be form-encoded, too. */
  readonly form?: boolean;
  readonly bodyLimitBytes?: number;
  /** A media type that the handler reads itself, such as `application/x-ndjson`. */
  readonly rawBody?: string;
  readonly query?: z.ZodType<Query>;
  readonly headers?: z.ZodObject;
  readonly answers: RouteAnswers;
  /** It concerns no one site, or finds the site by an id: `?site=` is not asked for. */
  readonly siteless?: boolean;
  readonly problems: readonly ProblemCode[];
  readonly handle: (call: Call<Body, Query>) => Promise<Response>;
}

/**
 * A route for the pages of this service: who calls it has no key, and is asked where the call comes from instead. With
 * `signedIn` the handler asks for the session, too.
 */
export interface PageRouteDefinition<Body, Query>
  extends Omit<
    RouteDefinition<Body, Query>,
    'scope' | 'orScope' | 'bodyFor' | 'prepare' | 'form' | 'rawBody' | 'handle'
  > {
  readonly signedIn: boolean;
  readonly handle: (call: Omit<Call<Body, Query>, 'actor'>) => Promise<Response>;
}

/** A route without key, body or query: what operators and their machines ask. */
export interface OpenRouteDefinition
  extends Pick<RouteDefinition<undefined, undefined>, 'method' | 'path' | 'tag' | 'summary' | 'description'> {
  readonly answers: RouteAnswers;
  readonly handle: (c: AppContext) => Response | Promise<Response>;
}

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
    return await route.handle({ c, service, actor, body, bodyText, query });
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
  documentRoute(app, { ...route, siteless: true, problems: [] }, OPEN_ACCESS);
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
      throw new RefusedError('not_found', 'There is nothing of this name.');
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
  return { body: validate(schema, route.prepare ? route.prepare(data, isForm) : data), bodyText: text };
}

function validateQuery<Query>(schema: z.ZodType<Query>, c: AppContext): Query {
  const all = c.req.queries();
  const repeated = Object.entries(all).find(([, values]) => values.length > 1);
  if (repeated) {
    throw new ProblemError('invalid', 'A query parameter stands there twice.', [
      { pointer: `/query/${repeated[0]}`, code: 'repeated', detail: 'Send this parameter once.' },
    ]);
  }
  // `site` names the site for keys that are good for several; it is read by resolveSite.
  const { site: _, ...query } = c.req.query();
  return validate(schema, query, '/query');
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

/** The site that a call is about: the key's own, or the one an admin names. */
export async function siteOf(call: Call<unknown, unknown>, named?: string): Promise<SiteContext> {
  return await resolveSite(call.c, call.actor, named);
}

/** A path parameter; what cannot be an id is not found rather than wrong. */
export function idParam(c: AppContext, name = 'id'): string {
  const id = c.req.param(name) ?? '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new RefusedError('not_found', 'There is nothing with this id.');
  return id;
}
