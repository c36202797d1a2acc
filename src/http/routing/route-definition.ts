/** Declares what a route says of itself: what it takes, what it answers, who may call it. */
import type { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Actor, Scope } from '../../moderation/actor.ts';
import type { SiteContext } from '../../moderation/site/site-context.ts';
import type { Service } from '../../service.ts';
import type { AppContext } from './app-context.ts';
import type { ProblemCode } from './problem.ts';

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
export type RouteAnswers = Readonly<Partial<Record<ContentfulStatusCode | 204 | 304, RouteAnswer>>>;

/** A call about a site. */
export interface SiteCall<Body, Query> extends Call<Body, Query> {
  /** The key's own site, or the one that `?site=` names. */
  readonly site: SiteContext;
}

interface RouteBase<Body, Query> {
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
  readonly prepare?: (data: unknown, isForm: boolean, c: AppContext) => unknown;
  /** Whether the body may be form-encoded, too. */
  readonly form?: boolean;
  readonly bodyLimitBytes?: number;
  /** A media type that the handler reads itself, such as `application/x-ndjson`. */
  readonly rawBody?: string;
  readonly query?: z.ZodType<Query>;
  readonly headers?: z.ZodObject;
  readonly answers: RouteAnswers;
  readonly problems: readonly ProblemCode[];
}

/** A route about one site. */
export interface SiteRoute<Body, Query> extends RouteBase<Body, Query> {
  readonly siteless?: false;
  readonly resolvesSite?: false;
  readonly handle: (call: SiteCall<Body, Query>) => Promise<Response>;
}

/** A route about no one site, or which finds the site by an id: `?site=` is not read. */
export interface SitelessRoute<Body, Query> extends RouteBase<Body, Query> {
  readonly siteless: true;
  readonly resolvesSite?: false;
  readonly handle: (call: Call<Body, Query>) => Promise<Response>;
}

/** A route whose body may name the site, or that may do without one: its handler asks {@link siteOf}. */
export interface ResolvingRoute<Body, Query> extends RouteBase<Body, Query> {
  readonly siteless?: false;
  readonly resolvesSite: true;
  readonly handle: (call: Call<Body, Query>) => Promise<Response>;
}

export type RouteDefinition<Body, Query> =
  | SiteRoute<Body, Query>
  | SitelessRoute<Body, Query>
  | ResolvingRoute<Body, Query>;

/**
 * A route for the pages of this service: who calls it has no key, and is asked where the call comes from instead. With
 * `signedIn` the handler asks for the session, too.
 */
export interface PageRouteDefinition<Body, Query>
  extends Omit<RouteBase<Body, Query>, 'scope' | 'orScope' | 'bodyFor' | 'prepare' | 'form' | 'rawBody'> {
  readonly signedIn: boolean;
  readonly handle: (call: Omit<Call<Body, Query>, 'actor'>) => Promise<Response>;
}

/** A route without key, body or query: what operators and their machines ask. */
export interface OpenRouteDefinition
  extends Pick<RouteBase<undefined, undefined>, 'method' | 'path' | 'tag' | 'summary' | 'description'> {
  readonly answers: RouteAnswers;
  readonly problems?: RouteBase<undefined, undefined>['problems'];
  readonly handle: (c: AppContext) => Response | Promise<Response>;
}
