/** `/v1/models`, `/v1/jobs`: how the filter learns. */
import { z } from '@hono/zod-openapi';
import { startTraining } from '../../moderation/background/job-kinds.ts';
import { cancel, showJob, showJobs } from '../../moderation/jobs.ts';
import { activateModel, showModel, showModels } from '../../moderation/learn/models.ts';
import { RefusedError } from '../../moderation/refused-error.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute, idParam, siteOf } from '../routing/route.ts';
import { promiseView, text } from './fields.ts';

const job = z
  .object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
    done: z.int(),
    total: z.int().nullable(),
    phase: z.string().nullable().openapi({
      description:
        'What it does just now; `done` and `total` are of that. A training: reading, fitting, reporting, storing.',
    }),
    result: z.record(z.string(), z.unknown()).nullable(),
    error: z.string().nullable(),
    created_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .openapi('Job');

export const queuedWork = z
  .object({
    job: z.string(),
    waits_for: z
      .string()
      .nullable()
      .openapi({ description: 'What has to be done where this process cannot do it; else null.' }),
  })
  .openapi('QueuedWork');

export const model = z
  .object({
    version: z.string(),
    state: z.string(),
    size_bytes: z.int(),
    sha256: z.string().nullable(),
    metrics: z.record(z.string(), z.unknown()),
    promise: promiseView,
    report: z.record(z.string(), z.unknown()),
    provenance: z.record(z.string(), z.unknown()),
    created_at: z.string().nullable(),
    activated_at: z.string().nullable(),
  })
  .openapi('Model');

export function addTrainingRoutes(app: App): void {
  addModelRoutes(app);
  addJobRoutes(app);
}

function addModelRoutes(app: App): void {
  addTraining(app);
  addModelState(app);
}

function addTraining(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/models',
    tag: 'Training',
    summary: 'Train a candidate',
    description: "From the site's decisions and samples, over the starter filter, in the background.",
    scope: 'train',
    body: z.strictObject({ site: text({ characters: 100 }).optional() }),
    answers: {
      202: {
        description: 'The job that trains it.',
        schema: queuedWork,
      },
    },
    problems: ['training_running'],
    resolvesSite: true,
    handle: async (call) => {
      const site = await siteOf(call, call.body.site);
      const queued = await startTraining(call.service, site.id, call.actor);
      return call.c.json(queued, 202, { location: `/v1/jobs/${queued.job}` });
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/models',
    tag: 'Training',
    summary: 'List the versions of the filter',
    scope: 'train',
    answers: { 200: { description: 'Newest first.', schema: z.object({ items: z.array(model) }) } },
    problems: [],
    handle: async (call) => {
      return call.c.json({ items: await showModels(call.service, call.site.id) }, 200);
    },
  });
}

function addModelState(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/models/{version}',
    tag: 'Training',
    summary: 'Show a version with its metrics',
    scope: 'train',
    answers: { 200: { description: 'The version.', schema: model } },
    problems: [],
    handle: async (call) => {
      return call.c.json(
        await showModel(call.service, call.site.id, versionParam(call.c.req.param('version'))),
        200,
      );
    },
  });
  addRoute(app, {
    method: 'post',
    path: '/v1/models/{version}/activate',
    tag: 'Training',
    summary: 'Make a version the active filter',
    description:
      'No restart; every process on the database uses it within two seconds. An older version rolls back.',
    scope: 'train',
    body: z.strictObject({ force: z.boolean().default(false) }),
    answers: { 200: { description: 'The version, now active.', schema: model } },
    problems: ['gate_unmet', 'model_not_usable'],
    handle: async (call) => {
      const version = versionParam(call.c.req.param('version'));
      return call.c.json(
        await activateModel(call.service, call.site.id, call.actor, version, call.body.force),
        200,
      );
    },
  });
}

/** @throws {RefusedError} `not_found` for what no version is called. */
export function versionParam(version: string | undefined): string {
  if (version === undefined || !/^[a-zA-Z0-9._-]{1,200}$/.test(version)) {
    throw new RefusedError('not_found', 'There is no such model.');
  }
  return version;
}

function addJobRoutes(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/jobs',
    tag: 'Training',
    summary: 'List the newest jobs',
    scope: 'train',
    answers: { 200: { description: 'Newest first.', schema: z.object({ items: z.array(job) }) } },
    problems: [],
    handle: async (call) => {
      return call.c.json({ items: await showJobs(call.service, call.site.id) }, 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/jobs/{id}',
    tag: 'Training',
    siteless: true,
    summary: 'Show how far a job is',
    scope: 'train',
    answers: { 200: { description: 'The job.', schema: job } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showJob(call.service, call.actor.siteId, idParam(call.c)), 200);
    },
  });
  addRoute(app, {
    method: 'delete',
    path: '/v1/jobs/{id}',
    tag: 'Training',
    siteless: true,
    summary: 'Cancel a job',
    scope: 'train',
    answers: { 200: { description: 'The job; a running one stops at its next step.', schema: job } },
    problems: ['conflict'],
    handle: async (call) => {
      const id = idParam(call.c);
      return call.c.json(await cancel(call.service, call.actor.siteId, id), 200);
    },
  });
}
