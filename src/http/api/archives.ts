/** `/v1/sites/{id}/export`, `/v1/restores`: a whole site out, and in again. */
import { z } from '@hono/zod-openapi';
import { exportSite } from '../../moderation/archive/export-site.ts';
import { announceRestore } from '../../moderation/archive/restores.ts';
import { storable } from '../../moderation/site/storable-text.ts';
import type { App } from '../routing/app-context.ts';
import { ProblemError } from '../routing/problem.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { streamText } from '../routing/stream.ts';
import { slug } from './administration.ts';
import { dateTime, httpUrl, parseDateTime, text } from './fields.ts';
import { importView } from './imports.ts';

export function addArchiveRoutes(app: App): void {
  addExport(app);
  addRestore(app);
}

function addExport(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/sites/{id}/export',
    tag: 'Sites',
    siteless: true,
    summary: 'Export a whole site',
    description:
      'JSON lines, each sealed: settings, models, rules, posts, comments with their pseudonyms, queue, decisions, notes, samples and tombstones; no keys, people, webhooks or logs. A file without its last line is not whole. Audited.',
    scope: 'admin',
    answers: {
      200: { description: 'The lines.', schema: z.string(), mediaType: 'application/x-ndjson' },
    },
    problems: [],
    handle: async ({ c, service, actor }) => {
      const { slug, pieces } = await exportSite(service, actor, idParam(c));
      return streamText(c, pieces, 'application/x-ndjson', `${slug}.jsonl`);
    },
  });
}

function addRestore(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/restores',
    tag: 'Sites',
    siteless: true,
    summary: 'Announce the restore of a site',
    description:
      'With what the first line of the export says. It makes the site, empty and under its old id; then send the file in parts and start, as for an import. The file is checked whole before anything of it is stored.',
    scope: 'admin',
    body: z.strictObject({
      id: z.uuid(),
      slug,
      name: text({ characters: 200 }),
      url: httpUrl().nullish(),
      created_at: dateTime(),
      pseudonym_keys: z.record(storable(z.string().max(16)), storable(z.string().max(100))),
      without_keys: z.boolean().default(false).openapi({
        description: 'Restore although pseudonym keys are missing: nobody is found by their address.',
      }),
    }),
    answers: { 201: { description: 'The restore, waiting for its parts.', schema: importView } },
    problems: ['conflict'],
    handle: async ({ c, service, actor, body }) => {
      if (actor.siteId !== null) {
        throw new ProblemError('forbidden', 'A restore makes a site: it needs a key that is good for all.');
      }
      const created = await announceRestore(service, actor, {
        id: body.id,
        slug: body.slug,
        name: body.name,
        url: body.url ?? null,
        createdAt: parseDateTime(body.created_at) ?? service.now(),
        pseudonymKeys: body.pseudonym_keys,
        withoutKeys: body.without_keys,
      });
      return c.json(created, 201, { location: `/v1/imports/${created.id}` });
    },
  });
}
