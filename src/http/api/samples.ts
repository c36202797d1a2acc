/** `/v1/samples`: labelled comments that were uploaded or imported, and which labels look wrong. */
import { z } from '@hono/zod-openapi';
import { addSamples, correctSample, type NewSample, removeSample } from '../../moderation/learn/samples.ts';
import { findSuspiciousLabels, MOST_SUSPICIOUS } from '../../moderation/learn/suspicious.ts';
import type { App } from '../routing/app-context.ts';
import { decodeUtf8, readBytes, toFieldErrors } from '../routing/body.ts';
import { type FieldError, ProblemError } from '../routing/problem.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { httpUrl, pageLimit, text } from './fields.ts';

const SAMPLES_LIMIT_BYTES = 64 * 1024 * 1024;
/** More refused lines than this are counted, not listed. */
const MOST_REFUSED_LINES = 1000;

const sampleLine = z.strictObject({
  content: text({ bytes: 65_525 }),
  label: z.enum(['ham', 'spam']),
  author_name: text({ characters: 245, mayBeEmpty: true }).nullish(),
  author_url: httpUrl().nullish(),
});

export function addSampleRoutes(app: App): void {
  addUpload(app);
  addSampleCorrections(app);
  addSuspicious(app);
}

function addUpload(app: App): void {
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
      const { c, service, actor } = call;
      const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
      if (mediaType !== 'application/x-ndjson' && mediaType !== 'application/jsonl') {
        throw new ProblemError('unsupported_media_type', 'Send the body as application/x-ndjson.');
      }
      const { samples, errors, lines } = readSampleLines(decodeUtf8(await readBytes(c, SAMPLES_LIMIT_BYTES)));
      const { added, known } = await addSamples(service, call.site.id, actor, 'upload', samples);
      return c.json(
        { lines, added, known, refused: lines - samples.length, errors: errors.slice(0, MOST_REFUSED_LINES) },
        200,
      );
    },
  });
}

const sample = z
  .object({
    id: z.string(),
    source: z.string(),
    content: z.string(),
    author_name: z.string().nullable(),
    author_url: z.string().nullable(),
    label: z.enum(['ham', 'spam']),
    labelled_by: z.string(),
    labelled_at: z.string(),
  })
  .openapi('Sample');

function addSampleCorrections(app: App): void {
  addRoute(app, {
    method: 'patch',
    path: '/v1/samples/{id}',
    tag: 'Training',
    summary: 'Correct the label of a sample',
    description:
      'For what was uploaded or imported; a decided comment is decided again. The next training learns it with this label.',
    scope: 'train',
    body: z.strictObject({ label: z.enum(['ham', 'spam']) }),
    answers: { 200: { description: 'The sample.', schema: sample } },
    problems: ['conflict'],
    handle: async (call) => {
      const { c, service, actor, body } = call;
      return c.json(await correctSample(service, call.site.id, actor, idParam(c), body.label), 200);
    },
  });
  addRoute(app, {
    method: 'delete',
    path: '/v1/samples/{id}',
    tag: 'Training',
    summary: 'Delete a sample',
    description:
      'The next training is as if it had never been, and restoring an older export does not bring it back.',
    scope: 'train',
    answers: { 204: { description: 'It is gone.', schema: null } },
    problems: [],
    handle: async (call) => {
      await removeSample(call.service, call.site.id, call.actor, idParam(call.c));
      return call.c.body(null, 204);
    },
  });
}

const suspiciousLabel = sample
  .extend({
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
      return call.c.json(await findSuspiciousLabels(call.service, call.site.id, call.query.limit), 200);
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
