/** The HTTP face of the service: one app for every runtime. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { createId } from '../core/id.ts';
import { describeError } from '../logging.ts';
import { noteFailure } from '../moderation/background/readiness.ts';
import type { Service } from '../service.ts';
import { addAkismet } from './akismet/routes.ts';
import { addAdministrationRoutes } from './api/administration.ts';
import { addArchiveRoutes } from './api/archives.ts';
import { addAuditRoutes } from './api/audit.ts';
import { addChallengeRoutes } from './api/challenges.ts';
import { addCommentRoutes } from './api/comments.ts';
import { addEventRoutes } from './api/events.ts';
import { addImportRoutes } from './api/imports.ts';
import { addModelFileRoutes } from './api/model-file.ts';
import { addModelReportRoutes } from './api/model-reports.ts';
import { addDeskRoutes } from './api/notes.ts';
import { addPrivacyRoutes } from './api/privacy.ts';
import { addQueueRoutes } from './api/queue.ts';
import { addQueueContextRoutes } from './api/queue-context.ts';
import { addReplayRoutes } from './api/replay.ts';
import { addRuleRoutes } from './api/rules.ts';
import { addSampleRoutes } from './api/samples.ts';
import { addSampleExportRoutes } from './api/samples-export.ts';
import { addShadowRoutes } from './api/shadow.ts';
import { addStatsRoutes } from './api/stats.ts';
import { addTrainingRoutes } from './api/training.ts';
import { addPeopleRoutes } from './api/users.ts';
import { addWebhookRoutes } from './api/webhooks.ts';
import { addCoral } from './coral/coral.ts';
import { addEmbed } from './embed/embed.ts';
import { addFeed } from './feed/feed.ts';
import { countRequest } from './operations/metrics.ts';
import { addOperations } from './operations/operations.ts';
import { addPeoplePages } from './pages/accounts.tsx';
import { addDemo } from './pages/demo.tsx';
import { addPages, answerNotFound, wantsPage } from './pages/pages.tsx';
import { addPerspective } from './perspective/perspective.ts';
import type { App, AppContext, AppEnv } from './routing/app-context.ts';
import { noteUntrustedProxy } from './routing/client-address.ts';
import { addPreflight } from './routing/cors.ts';
import { addOpenApi } from './routing/openapi.ts';
import { ProblemError, problemResponse, toProblem } from './routing/problem.ts';
import { addSubPath, subPathOf, withoutSubPath } from './routing/sub-path.ts';
import { answerWordPressError, noRoute } from './wordpress/error.ts';
import { addWordPressForm } from './wordpress/form-route.ts';
import { addWordPressRest } from './wordpress/rest-routes.ts';

/** For every answer; a page that needs more in its policy sets its own. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  'cache-control': 'no-store',
};

/**
 * The app. `serviceFor` gives the service of a request: always the same one on Node, one for each request on Workers,
 * where a connection must not outlive it.
 *
 * @example
 * const app = createApp(() => service);
 * const answer = await app.request('/livez');
 */
export function createApp(serviceFor: (c: Context) => Service | Promise<Service>): App {
  const app: App = new OpenAPIHono<AppEnv>();
  app.use(async (c, next) => {
    const service = await serviceFor(c);
    const subPath = subPathOf(service.config);
    const inner = withoutSubPath(c.req.raw, subPath);
    if (inner !== null) return await app.fetch(inner, c.env);
    c.set('service', service);
    noteUntrustedProxy(c, service);
    const started = service.now().getTime();
    const requestId = createId(started, service.random(10));
    c.set('requestId', requestId);
    c.set('route', 'unmatched');
    await next();
    await addSubPath(c, subPath);
    // Hono answers HEAD by the handler of GET and drops the body unread: a stream would never hear that nobody listens.
    if (c.req.method === 'HEAD') await c.res.body?.cancel();
    finish(c, started);
  });
  app.onError((error, c) => answerError(error, c));
  app.notFound((c) => {
    if (/^\/wp-json(\/|$)/.test(c.req.path)) return answerWordPressError(c, noRoute());
    const problem = whyNotFound(app, c);
    if (problem.code === 'not_found' && wantsPage(c)) return answerNotFound(c);
    return problemResponse(c, problem, c.var.requestId);
  });
  addRoutes(app);
  return app;
}

/** Mounts every area; the order is that of the OpenAPI document. */
function addRoutes(app: App): void {
  addCommentRoutes(app);
  addChallengeRoutes(app);
  addQueueRoutes(app);
  addStatsRoutes(app);
  addSampleRoutes(app);
  addTrainingRoutes(app);
  addModelFileRoutes(app);
  addModelReportRoutes(app);
  addSampleExportRoutes(app);
  addShadowRoutes(app);
  addReplayRoutes(app);
  addRuleRoutes(app);
  addImportRoutes(app);
  addAuditRoutes(app);
  addArchiveRoutes(app);
  addAdministrationRoutes(app);
  addPeopleRoutes(app);
  addDeskRoutes(app);
  addEventRoutes(app);
  // Behind /v1/queue/counts and /v1/queue/claims: its paths would take these for ids.
  addQueueContextRoutes(app);
  addPrivacyRoutes(app);
  addWebhookRoutes(app);
  addCoral(app);
  addPerspective(app);
  addAkismet(app);
  addWordPressRest(app);
  addWordPressForm(app);
  addPreflight(app);
  addEmbed(app);
  addDemo(app);
  addFeed(app);
  addOperations(app);
  addOpenApi(app);
  addPages(app);
  addPeoplePages(app);
}

/** Nothing is at this path, or nothing by this method. */
function whyNotFound(app: App, c: AppContext): ProblemError {
  const methods = app.routes
    .filter(({ method, path }) => method !== 'ALL' && matches(path, c.req.path))
    .map(({ method }) => method);
  if (methods.length === 0)
    return new ProblemError('not_found', 'There is nothing at this address: see /docs.');
  const allow = [...new Set(methods)].join(', ');
  return new ProblemError('method_not_allowed', `This path takes ${allow}.`, [], { allow });
}

/** Whether a route's pattern, such as `/v1/comments/:id`, is that of a path. */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  return (
    parts.length === given.length &&
    parts.every((part, at) => (part.startsWith(':') ? given[at] !== '' : part === given[at]))
  );
}

/** What load balancers and monitoring ask again and again. */
const PROBES: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

function finish(c: AppContext, started: number): void {
  const { service, requestId, route } = c.var;
  const { headers, status } = c.res;
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  headers.set('x-request-id', requestId);
  const durationMs = Math.max(0, service.now().getTime() - started);
  countRequest(c.req.method, route, status, durationMs / 1000);
  // A probe a second is 86,400 lines a day that nobody reads.
  const level = PROBES.has(route) && status < 400 ? 'debug' : 'info';
  service.log[level]('request', {
    requestId,
    method: c.req.method,
    route,
    status,
    durationMs,
    keyId: c.var.actor?.id,
    traceId: traceIdOf(c),
  });
}

/** The caller's trace (W3C Trace Context): what joins a line of our log to the caller's own. */
function traceIdOf(c: AppContext): string | undefined {
  const [, id] =
    /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/.exec(
      c.req.header('traceparent') ?? '',
    ) ?? [];
  return id;
}

function answerError(error: unknown, c: AppContext): Response {
  const problem = toProblem(error);
  if (problem !== error || problem.code === 'unavailable') {
    if (c.var.service) noteFailure(c.var.service, error);
    c.var.service?.log.error('request-failed', {
      requestId: c.var.requestId,
      traceId: traceIdOf(c),
      route: c.var.route,
      code: problem.code,
      ...describeError(error),
    });
  }
  return problemResponse(c, problem, c.var.requestId ?? '');
}
