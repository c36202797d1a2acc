/** What operators and their machines ask: is it alive, is it ready, how much of what. */
import { z } from '@hono/zod-openapi';
import { checkReadiness } from '../../moderation/background/readiness.ts';
import { countOverall, readQueueAge } from '../../storage/stats.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { addOpenRoute } from '../routing/route.ts';
import { writeMetrics } from './metrics.ts';

const alive = z.object({ status: z.literal('alive') });
const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    database: z.enum(['ok', 'unreachable', 'read_only', 'full']).openapi({
      description: '`read_only`: a standby. `full`: within the last 10 s its disk had no room for a write.',
    }),
    migrations: z.enum(['ok', 'pending', 'unknown']),
    model: z.enum(['ok', 'degraded']).openapi({
      description: "`degraded`: a site's active filter could not be read, and the one before serves.",
    }),
  })
  .openapi('Readiness');

export function addOperations(app: App): void {
  addOpenRoute(app, {
    method: 'get',
    path: '/livez',
    tag: 'Operations',
    summary: 'Ask whether it is alive',
    answers: { 200: { description: 'The process answers.', schema: alive } },
    handle: (c) => c.json({ status: 'alive' }, 200, { 'cache-control': 'no-store' }),
  });
  addOpenRoute(app, {
    method: 'get',
    path: '/readyz',
    tag: 'Operations',
    summary: 'Ask whether it can do its work',
    answers: {
      200: { description: 'Database, schema and filters are there.', schema: readiness },
      503: { description: 'Something is missing.', schema: readiness },
    },
    handle: async (c) => {
      const found = await checkReadiness(c.var.service);
      return c.json(found, found.status === 'ready' ? 200 : 503, { 'cache-control': 'no-store' });
    },
  });
  addOpenRoute(app, {
    method: 'get',
    path: '/metrics',
    tag: 'Operations',
    summary: 'Read the metrics',
    description: "In Prometheus's text format: counts of all sites, nothing of a single comment.",
    answers: {
      200: { description: 'The metrics.', schema: z.string(), mediaType: 'text/plain' },
    },
    handle: sendMetrics,
  });
}

async function sendMetrics(c: AppContext): Promise<Response> {
  const { db, starter } = c.var.service;
  const [overall, queue] = await Promise.all([countOverall(db), readQueueAge(db, null)]);
  const now = c.var.service.now().getTime();
  const body = writeMetrics(
    overall,
    queue.waiting,
    queue.oldest === null ? 0 : (now - queue.oldest.getTime()) / 1000,
    starter.version,
  );
  return c.body(body, 200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'cache-control': 'no-store',
  });
}
