/** What operators and their machines ask: is it alive, is it ready, how much of what. */
import { checkReadiness } from '../moderation/readiness.ts';
import { countOverall, readQueueAge } from '../storage/stats.ts';
import { writeMetrics } from './metrics.ts';
import type { App } from './route.ts';

export function addOperations(app: App): void {
  app.get('/livez', (c) => {
    c.set('route', '/livez');
    return c.json({ status: 'alive' }, 200, { 'cache-control': 'no-store' });
  });
  app.get('/readyz', async (c) => {
    c.set('route', '/readyz');
    const readiness = await checkReadiness(c.var.service);
    return c.json(readiness, readiness.status === 'ready' ? 200 : 503, { 'cache-control': 'no-store' });
  });
  app.get('/metrics', async (c) => {
    c.set('route', '/metrics');
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
  });
}
