/** Answers operators and their machines: liveness, readiness and metrics. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { checkReadiness } from '../../moderation/background/readiness.ts';
import type { Service } from '../../service.ts';
import { countOverall, countWork, readQueueAge } from '../../storage/stats.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { ProblemError } from '../routing/problem.ts';
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
    summary: 'Check liveness',
    answers: { 200: { description: 'The process answers.', schema: alive } },
    handle: (c) => c.json({ status: 'alive' }, 200, { 'cache-control': 'no-store' }),
  });
  addOpenRoute(app, {
    method: 'get',
    path: '/readyz',
    tag: 'Operations',
    summary: 'Check readiness',
    answers: {
      200: { description: 'Database, schema and filters are available.', schema: readiness },
      503: { description: 'Something is not available.', schema: readiness },
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
    description:
      "In Prometheus's text format: counts over all sites, durations of this process's requests, and the process itself. Counted at most every ten seconds. Needs the token of METRICS_TOKEN if that is set.",
    answers: {
      200: { description: 'The metrics.', schema: z.string(), mediaType: 'text/plain' },
    },
    problems: ['unauthenticated'],
    handle: sendMetrics,
  });
}

/** Counting reads every row: 156 ms at 400,000. However many ask, it is done once in this time. */
const COUNTS_MS = 10_000;
interface Counts {
  readonly at: number;
  readonly counted: ReturnType<typeof countAll>;
}
/** By what is made once a process. */
const lastCounts = new WeakMap<Service['log'], Counts>();

/** Webhook messages are kept for as long; jobs for longer. */
const RECENT_MS = 30 * 86_400_000;

async function countAll(db: Service['db'], at: number) {
  const [overall, work, queue] = await Promise.all([
    countOverall(db),
    countWork(db, new Date(at - RECENT_MS)),
    readQueueAge(db, null),
  ]);
  return { overall, work, queue };
}

function countSometimes({ db, log, now }: Service): Counts['counted'] {
  const at = now().getTime();
  const last = lastCounts.get(log);
  if (last && Math.abs(at - last.at) < COUNTS_MS) return last.counted;
  const counted = countAll(db, at);
  lastCounts.set(log, { at, counted });
  // What failed is not kept for the next who asks.
  counted.catch(() => lastCounts.delete(log));
  return counted;
}

/** @throws {ProblemError} `unauthenticated` without the token of METRICS_TOKEN, where that is set. */
function requireMetricsToken(c: AppContext): void {
  const { metricsToken } = c.var.service.config;
  if (metricsToken === undefined) return;
  const given = c.req.header('authorization') ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (timingSafeEqual(digest(given), digest(`Bearer ${metricsToken}`))) return;
  throw new ProblemError(
    'unauthenticated',
    'Send the token of METRICS_TOKEN as Authorization: Bearer TOKEN.',
  );
}

async function sendMetrics(c: AppContext): Promise<Response> {
  requireMetricsToken(c);
  const { starter, readProcess } = c.var.service;
  const { overall, work, queue } = await countSometimes(c.var.service);
  const now = c.var.service.now().getTime();
  const body = writeMetrics({
    overall,
    work,
    queueDepth: queue.waiting,
    queueOldestSeconds: queue.oldest === null ? 0 : (now - queue.oldest.getTime()) / 1000,
    starterVersion: starter.version,
    process: readProcess?.(),
  });
  return c.body(body, 200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'cache-control': 'no-store',
  });
}
