/** `/v1/audit/verification`: whether the audit log is as it was written. */
import { z } from '@hono/zod-openapi';
import { verifyAuditChain } from '../../storage/audit-chain.ts';
import { ProblemError } from '../problem.ts';
import { type App, addRoute } from '../route.ts';

export function addAuditRoutes(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/audit/verification',
    tag: 'Operations',
    summary: 'Verify the audit log',
    description:
      'Recomputes the chain of hashes over all sites. Keep `head` elsewhere: it shows later that the end was not cut off.',
    scope: 'admin',
    answers: {
      200: {
        description: 'Where the chain first breaks, or null.',
        schema: z.object({
          entries: z.int(),
          head: z.string(),
          broken: z.object({ seq: z.string(), why: z.string() }).nullable(),
        }),
      },
    },
    problems: [],
    handle: async ({ c, service, actor }) => {
      if (actor.siteId !== null)
        throw new ProblemError('forbidden', 'The log is of all sites, the key of one.');
      return c.json(await verifyAuditChain(service.db), 200);
    },
  });
}
