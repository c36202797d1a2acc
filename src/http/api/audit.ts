/** `/v1/audit`: the audit log, and whether it is as it was written. */
import { z } from '@hono/zod-openapi';
import { listAudit } from '../../storage/audit.ts';
import { verifyAuditChain } from '../../storage/audit-chain.ts';
import type { App } from '../routing/app-context.ts';
import { ProblemError } from '../routing/problem.ts';
import { addRoute } from '../routing/route.ts';
import { pageLimit } from './fields.ts';

const auditEntry = z
  .object({
    seq: z.string(),
    site_id: z.string().nullable(),
    actor: z.string().openapi({ description: '`key:ID`, `user:ID` or `system:NAME`.' }),
    action: z.string(),
    subject: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    created_at: z.string(),
    previous_hash: z.string(),
    hash: z.string(),
  })
  .openapi('AuditEntry');

export function addAuditRoutes(app: App): void {
  addAuditLog(app);
  addAuditVerification(app);
}

function addAuditLog(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/audit',
    tag: 'Operations',
    siteless: true,
    summary: 'Read the audit log',
    description: 'Append-only; each entry is sealed with the hash of the one before.',
    scope: 'admin',
    query: z.strictObject({
      order: z.enum(['oldest', 'newest']).default('oldest'),
      after: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional()
        .openapi({ description: '`seq` of the last entry of the page before.' }),
      limit: pageLimit(1000, 100),
    }),
    answers: {
      200: { description: 'A page.', schema: z.object({ items: z.array(auditEntry) }) },
    },
    problems: [],
    handle: async ({ c, service, actor, query: { after = null, limit, order } }) =>
      c.json({ items: await listAudit(service.db, actor.siteId, after, limit, order) }, 200),
  });
}

function addAuditVerification(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/audit/verification',
    tag: 'Operations',
    siteless: true,
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
