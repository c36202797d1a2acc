/** What the OpenAPI document says of a route: written from its definition alone, and held to by the tests' clients. */
import { z } from '@hono/zod-openapi';
import type { Scope } from '../../moderation/actor.ts';
import type { App } from './app-context.ts';
import { mayBeAbsent } from './body.ts';
import { type ProblemCode, problemCatalogue, problemStatus } from './problem.ts';
import type { RouteAnswer, RouteDefinition } from './route-definition.ts';

type Documented<Body, Query> = Omit<RouteDefinition<Body, Query>, 'scope' | 'orScope' | 'handle'>;
type Content = Record<string, { schema: z.ZodType }>;

/** Who may call, and how the others are refused. */
interface Access {
  readonly security: Record<string, string[]>[];
  readonly problems: readonly ProblemCode[];
}

/** How the server and the service fail whatever is asked. */
const EVERYWHERE: readonly ProblemCode[] = [
  'bad_request',
  'request_timeout',
  'headers_too_large',
  'internal',
  'unavailable',
];
const OF_BODIES: readonly ProblemCode[] = ['body_incomplete', 'body_too_large', 'unsupported_encoding'];
const OF_PARSED_BODIES: readonly ProblemCode[] = [
  'bad_json',
  'bad_utf8',
  'unsupported_media_type',
  'invalid',
];

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemCatalogue)),
    detail: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
  })
  .catchall(z.unknown())
  .openapi('Problem');

const siteQuery = z.string().optional().openapi({
  description:
    "The site's slug: for keys that are good for all sites, once there are several. Any but the key's own is not found.",
});

/** For a key with one of the scopes, or a session whose role has it. */
export function keyAccess(scopes: readonly Scope[]): Access {
  return {
    security: [...scopes.map((scope) => ({ bearer: [scope] })), { session: [] }],
    problems: [
      'key_in_query',
      'unauthenticated',
      'forbidden',
      'origin_not_allowed',
      'cross_site',
      'insecure',
      'rate_limited',
    ],
  };
}

/** For the pages of this service. */
export function pageAccess(signedIn: boolean): Access {
  return signedIn
    ? { security: [{ session: [] }], problems: ['unauthenticated', 'cross_site', 'insecure'] }
    : { security: [], problems: ['cross_site', 'insecure'] };
}

export const OPEN_ACCESS: Access = { security: [], problems: [] };

/** Writes a route into the document. */
export function documentRoute<Body, Query>(app: App, route: Documented<Body, Query>, access: Access): void {
  app.openAPIRegistry.registerPath({
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: access.security,
    request: describeRequest(route),
    responses: describeResponses(route, access),
  });
}

function describeRequest<Body, Query>(route: Documented<Body, Query>) {
  const parameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const query = {
    ...(route.query instanceof z.ZodObject && route.query.shape),
    ...(!route.siteless && { site: siteQuery }),
  };
  const bodies: Content = {};
  const required = route.body === undefined || !mayBeAbsent(route.body);
  if (route.body) bodies['application/json'] = { schema: route.body };
  if (route.body && route.form) bodies['application/x-www-form-urlencoded'] = { schema: route.body };
  if (route.rawBody !== undefined) bodies[route.rawBody] = { schema: z.string() };
  return {
    ...(parameters.length > 0 && {
      params: z.object(Object.fromEntries(parameters.map((name) => [name, z.string()]))),
    }),
    ...(Object.keys(query).length > 0 && { query: z.object(query) }),
    ...(route.headers && { headers: route.headers }),
    ...(Object.keys(bodies).length > 0 && { body: { required, content: bodies } }),
  };
}

function describeResponses<Body, Query>(route: Documented<Body, Query>, access: Access) {
  const responses: Record<string, { description: string; content?: Content }> = {};
  for (const [status, answer] of Object.entries(route.answers)) {
    responses[status] = {
      description: answer.description,
      ...(answer.schema && { content: contentOf(answer, answer.schema) }),
    };
  }
  for (const [status, codes] of groupByStatus([...allProblems(route), ...access.problems])) {
    const answer = responses[status];
    const names = codes.map((code) => `\`${code}\``).join(', ');
    responses[status] = {
      description: answer === undefined ? names : `${answer.description} Or ${names}.`,
      content: { ...answer?.content, 'application/problem+json': { schema: problemSchema } },
    };
  }
  return responses;
}

function contentOf(answer: RouteAnswer, schema: z.ZodType): Content {
  return {
    [answer.mediaType ?? 'application/json']: { schema },
    ...(answer.orMediaType !== undefined && { [answer.orMediaType]: { schema: z.string() } }),
  };
}

/** Whether anything in the query counts: parameters of its own, or `?site=`. */
export function readsQuery<Body, Query>(
  route: Pick<RouteDefinition<Body, Query>, 'query' | 'siteless'>,
): boolean {
  return route.query !== undefined || route.siteless !== true;
}

function allProblems<Body, Query>(route: Documented<Body, Query>): ProblemCode[] {
  return [
    ...(route.body || route.rawBody !== undefined ? OF_BODIES : []),
    ...(route.body ? OF_PARSED_BODIES : []),
    ...(route.form ? (['bad_form'] as const) : []),
    ...(readsQuery(route) ? (['invalid'] as const) : []),
    ...(route.path.includes('{') ? (['not_found'] as const) : []),
    ...(route.siteless ? [] : (['site_required', 'not_found'] as const)),
    ...route.problems,
    ...EVERYWHERE,
  ];
}

function groupByStatus(codes: readonly ProblemCode[]): Map<number, ProblemCode[]> {
  const groups = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const status = problemStatus(code);
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}
