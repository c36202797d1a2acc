/** `/v1/imports`: what other systems exported. */
import { z } from '@hono/zod-openapi';
import { startImport } from '../../moderation/background/job-kinds.ts';
import { IMPORT_FORMATS } from '../../moderation/import/import-formats.ts';
import {
  announceImport,
  MOST_PARTS,
  sendPart,
  showImport,
  showImports,
  withdrawImport,
} from '../../moderation/import/imports.ts';
import { previewImport } from '../../moderation/import/preview-import.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { readBytes } from '../routing/body.ts';
import { ProblemError } from '../routing/problem.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { text } from './fields.ts';

const PART_LIMIT_BYTES = 16 * 1024 * 1024;
const PREVIEW_LIMIT_BYTES = 1024 * 1024;

const fields = {
  id: z.string(),
  format: z.string(),
  name: z.string().nullable(),
  state: z.string().openapi({ description: 'waiting (for parts), or the state of its job.' }),
  job: z.string().nullable(),
  records: z.int(),
  added: z.int(),
  known: z.int(),
  refused: z.int(),
  passed_over: z.int(),
  merged: z.array(z.object({ post: z.string(), into: z.string() })).openapi({
    description:
      'Articles of the file whose comments went into a thread of another name, as both have the same address.',
  }),
  created_at: z.string(),
  finished_at: z.string().nullable(),
};
export const importView = z.object(fields).openapi('Import');
const importDetails = z
  .object({
    ...fields,
    parts: z.array(z.object({ part: z.int(), bytes: z.int() })).openapi({
      description:
        'What has been sent and not been read to the end: after a lost connection send the others.',
    }),
    refusals: z.array(z.object({ line: z.int(), code: z.string(), detail: z.string() })),
  })
  .openapi('ImportDetails');

export function addImportRoutes(app: App): void {
  addImportOfParts(app);
  addImportState(app);
}

function addImportOfParts(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/imports',
    tag: 'Imports',
    summary: 'Announce a file to import',
    description:
      'Then send it in parts, and start. Comments that were approved or marked spam become labelled samples; addresses are pseudonymised on the way in.',
    scope: 'train',
    body: z.strictObject({
      format: z.enum(IMPORT_FORMATS),
      name: text({ characters: 200 }).optional(),
      labels: z
        .boolean()
        .default(true)
        .openapi({ description: 'Whether a status (approved, spam) is a human label to learn from.' }),
    }),
    answers: { 201: { description: 'The import, waiting for its parts.', schema: importView } },
    problems: ['conflict'],
    handle: async (call) => {
      const { format, name = null, labels } = call.body;
      const created = await announceImport(call.service, call.site.id, call.actor, { format, name, labels });
      return call.c.json(created, 201, { location: `/v1/imports/${created.id}` });
    },
  });
  addPartRoutes(app);
  addWithdrawal(app);
  addPreview(app);
  addRoute(app, {
    method: 'get',
    path: '/v1/imports',
    tag: 'Imports',
    summary: 'List the newest imports',
    scope: 'train',
    answers: { 200: { description: 'Newest first.', schema: z.object({ items: z.array(importView) }) } },
    problems: [],
    handle: async (call) => {
      return call.c.json({ items: await showImports(call.service, call.site.id) }, 200);
    },
  });
}

function addImportState(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/imports/{id}',
    tag: 'Imports',
    summary: 'Show an import with its parts and its refused records',
    scope: 'train',
    answers: { 200: { description: 'The import and its first 1,000 refusals.', schema: importDetails } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showImport(call.service, call.site.id, idParam(call.c)), 200);
    },
  });
}

function addWithdrawal(app: App): void {
  addRoute(app, {
    method: 'delete',
    path: '/v1/imports/{id}',
    tag: 'Imports',
    summary: 'Withdraw an import',
    description:
      'Deletes its file and its refusals; comments and samples that it stored stay. Cancel its job first while that waits or runs. An import that is not started within a day is withdrawn by the service.',
    scope: 'train',
    answers: { 204: { description: 'It is deleted.', schema: null } },
    problems: ['conflict'],
    handle: async (call) => {
      await withdrawImport(call.service, call.site.id, call.actor, idParam(call.c));
      return call.c.body(null, 204);
    },
  });
}

const previewRow = z.object({
  kind: z.enum(['comment', 'sample', 'refused', 'passed_over']),
  line: z.int(),
  author_name: z.string().nullable(),
  content: z.string().nullable().openapi({ description: 'Cut at 200 characters.' }),
  label: z.enum(['ham', 'spam']).nullable(),
  detail: z.string().nullable().openapi({ description: 'Why it would be refused or skipped.' }),
});

function addPreview(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/imports/preview',
    tag: 'Imports',
    summary: 'Show the first records of a file',
    description: 'Send the beginning of the file as text, up to 1 MiB. Nothing is stored.',
    scope: 'train',
    query: z.strictObject({ format: z.enum(IMPORT_FORMATS), site: z.string().optional() }),
    rawBody: 'application/octet-stream',
    answers: {
      200: {
        description: 'The first ten records.',
        schema: z.object({ rows: z.array(previewRow) }).openapi('ImportPreview'),
      },
    },
    problems: ['invalid_value', 'body_too_large'],
    handle: async (call) => {
      const bytes = await readBytes(call.c, PREVIEW_LIMIT_BYTES);
      const rows = previewImport(call.query.format, new TextDecoder().decode(bytes));
      return call.c.json({ rows }, 200);
    },
  });
}

function addPartRoutes(app: App): void {
  addRoute(app, {
    method: 'put',
    path: '/v1/imports/{id}/parts/{part}',
    tag: 'Imports',
    summary: 'Send a part of the file',
    description:
      'Parts of up to 16 MiB, counted from 0; the file may be gzipped. A part that is sent again replaces the one before. It is kept encrypted until the import is over.',
    scope: 'train',
    rawBody: 'application/octet-stream',
    answers: { 204: { description: 'The part is kept.', schema: null } },
    problems: ['body_too_large', 'unsupported_encoding', 'conflict'],
    handle: async (call) => {
      const part = partParam(call.c);
      const bytes = await readBytes(call.c, PART_LIMIT_BYTES);
      await sendPart(call.service, call.site.id, call.actor, { id: idParam(call.c), part }, bytes);
      return call.c.body(null, 204);
    },
  });
  addRoute(app, {
    method: 'post',
    path: '/v1/imports/{id}/start',
    tag: 'Imports',
    summary: 'Start an import',
    description: 'When all parts are there. Its job tells the progress in bytes.',
    scope: 'train',
    answers: { 202: { description: 'The job that reads the file.', schema: z.object({ job: z.string() }) } },
    problems: ['conflict'],
    handle: async (call) => {
      const { job } = await startImport(call.service, call.site.id, call.actor, idParam(call.c));
      return call.c.json({ job }, 202, { location: `/v1/jobs/${job}` });
    },
  });
}

function partParam(c: AppContext): number {
  const part = c.req.param('part') ?? '';
  if (!/^\d{1,4}$/.test(part) || Number(part) >= MOST_PARTS) {
    throw new ProblemError('not_found', `Parts are counted from 0 to ${MOST_PARTS - 1}.`);
  }
  return Number(part);
}
