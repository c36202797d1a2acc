/** `/v1/samples`, `/v1/models`, `/v1/jobs`: how the filter learns. */
import { z } from '@hono/zod-openapi';
import { cancel, showJob, showJobs } from '../../moderation/jobs.ts';
import { activateModel, showModel, showModels } from '../../moderation/models.ts';
import { RefusedError } from '../../moderation/refused-error.ts';
import { startTraining } from '../../moderation/retrain.ts';
import { addSamples, type NewSample } from '../../moderation/samples.ts';
import { findSuspiciousLabels, MOST_SUSPICIOUS } from '../../moderation/suspicious.ts';
import { decodeUtf8, readBytes, toFieldErrors } from '../body.ts';
import { type FieldError, ProblemError } from '../problem.ts';
import { type App, addRoute, idParam, siteOf } from '../route.ts';
import { httpUrl, pageLimit, promiseView, text } from './fields.ts';

const SAMPLES_LIMIT_BYTES = 64 * 1024 * 1024;
/** More refused lines than this are counted, not listed. */
const MOST_REFUSED_LINES = 1000;

const sampleLine = z.strictObject({
  content: text({ bytes: 65_525 }),
  label: z.enum(['ham', 'spam']),
  author_name: text({ characters: 245, mayBeEmpty: true }).nullish(),
  author_url: httpUrl().nullish(),
});

const job = z
  .object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
    done: z.int(),
    total: z.int().nullable(),
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
  addSampleRoutes(app);
  addSuspicious(app);
  addModelRoutes(app);
  addJobRoutes(app);
}

function addSampleRoutes(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/samples',
    tag: 'Training',
    summary: 'Add labelled comments',
    description:
      'One JSON object a line: `{"content", "label": "ham"|"spam", "author_name"?, "author_url"?}`. Good lines are kept even when others are refused.',
    scope: 'train',
    rawBody: 'application/x-ndjson',
    answers: {
      200: {
        description: 'What became of the lines.',
        schema: z.object({
          lines: z.int(),
          added: z.int(),
          known: z.int(),
          refused: z.int(),
          errors: z.array(
            z.object({ line: z.int(), code: z.string(), detail: z.string(), pointer: z.string() }),
          ),
        }),
      },
    },
    problems: ['bad_utf8', 'body_too_large', 'unsupported_media_type', 'unsupported_encoding'],
    handle: async (call) => {
      const site = await siteOf(call);
      const { c, service, actor } = call;
      const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
      if (mediaType !== 'application/x-ndjson' && mediaType !== 'application/jsonl') {
        throw new ProblemError('unsupported_media_type', 'Send the body as application/x-ndjson.');
      }
      const { samples, errors, lines } = readSampleLines(decodeUtf8(await readBytes(c, SAMPLES_LIMIT_BYTES)));
      const { added, known } = await addSamples(service, site.id, actor, 'upload', samples);
      return c.json(
        { lines, added, known, refused: lines - samples.length, errors: errors.slice(0, MOST_REFUSED_LINES) },
        200,
      );
    },
  });
}

const suspiciousLabel = z
  .object({
    id: z.string(),
    source: z.string(),
    content: z.string(),
    author_name: z.string().nullable(),
    author_url: z.string().nullable(),
    label: z.enum(['ham', 'spam']),
    labelled_by: z.string(),
    labelled_at: z.string(),
    log_odds: z.number().openapi({ description: 'By all the other labels: above 0 they say spam.' }),
    evidence: z.array(z.object({ feature: z.string(), group: z.string(), log_odds: z.number() })),
  })
  .openapi('SuspiciousLabel');

function addSuspicious(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/samples/suspicious',
    tag: 'Training',
    summary: 'List the labels that all the others speak against',
    description:
      'Every labelled comment is scored as if it had never been learnt; the further that is from its label, the more suspicious is the label.',
    scope: 'train',
    query: z.strictObject({ limit: pageLimit(MOST_SUSPICIOUS, 50) }),
    answers: {
      200: {
        description: 'The most suspicious first.',
        schema: z.object({ items: z.array(suspiciousLabel), samples: z.int(), disagreeing: z.int() }),
      },
    },
    problems: [],
    handle: async (call) => {
      const site = await siteOf(call);
      return call.c.json(await findSuspiciousLabels(call.service, site.id, call.query.limit), 200);
    },
  });
}

interface LineError extends FieldError {
  readonly line: number;
}

function readSampleLines(body: string): { samples: NewSample[]; errors: LineError[]; lines: number } {
  const samples: NewSample[] = [];
  const errors: LineError[] = [];
  let lines = 0;
  for (const [at, line] of body.split('\n').entries()) {
    if (line.trim() === '') continue;
    lines++;
    const data = parseLine(line);
    const parsed = sampleLine.safeParse(data);
    if (parsed.success) {
      const { content, label, author_name, author_url } = parsed.data;
      samples.push({ content, label, authorName: author_name || null, authorUrl: author_url ?? null });
    } else if (data === undefined) {
      errors.push({ line: at + 1, pointer: '', code: 'bad_json', detail: 'This line is not JSON.' });
    } else {
      const [first] = toFieldErrors(parsed.error, '', data);
      if (first) errors.push({ line: at + 1, ...first });
    }
  }
  return { samples, errors, lines };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function addModelRoutes(app: App): void {
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
      const site = await siteOf(call);
      return call.c.json({ items: await showModels(call.service, site.id) }, 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/models/{version}',
    tag: 'Training',
    summary: 'Show a version with its metrics',
    scope: 'train',
    answers: { 200: { description: 'The version.', schema: model } },
    problems: [],
    handle: async (call) => {
      const site = await siteOf(call);
      return call.c.json(
        await showModel(call.service, site.id, versionParam(call.c.req.param('version'))),
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
      const site = await siteOf(call);
      const version = versionParam(call.c.req.param('version'));
      return call.c.json(
        await activateModel(call.service, site.id, call.actor, version, call.body.force),
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
      const site = await siteOf(call);
      return call.c.json({ items: await showJobs(call.service, site.id) }, 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/jobs/{id}',
    tag: 'Training',
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
