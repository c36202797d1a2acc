/** `/v1/samples`: labelled comments that were uploaded or imported, and which labels look wrong. */

import { setImmediate as breathe } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import { addSamples, correctSample, type NewSample, removeSample } from '../../moderation/learn/samples.ts';
import { findSuspiciousLabels, MOST_SUSPICIOUS } from '../../moderation/learn/suspicious.ts';
import { MAX_CONTENT_BYTES, MAX_NAME_CHARACTERS } from '../../moderation/site/storable-text.ts';
import type { App } from '../routing/app-context.ts';
import { decodeUtf8, readBytes, toFieldErrors } from '../routing/body.ts';
import { type FieldError, ProblemError } from '../routing/problem.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { httpUrl, pageLimit, text } from './fields.ts';

const SAMPLES_LIMIT_BYTES = 64 * 1024 * 1024;
/** More refused lines than this are counted, not listed. */
const MAX_LISTED_ERRORS = 1000;
/** Of an upload; more are sent in several, or imported. */
const MAX_LINES = 1_000_000;
/** The longest text, each of its bytes written as six characters, and its author. */
const MAX_LINE_CHARACTERS = 500_000;
/** Read in some milliseconds. A line counts for more than it has, for each costs a check of its own. */
const CHARACTERS_AT_ONCE = 50_000;
const CHARACTERS_OF_A_LINE = 500;

const sampleLine = z.strictObject({
  content: text({ bytes: MAX_CONTENT_BYTES }),
  label: z.enum(['ham', 'spam']),
  author_name: text({ characters: MAX_NAME_CHARACTERS, mayBeEmpty: true }).nullish(),
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
    problems: [
      'bad_utf8',
      'body_too_large',
      'unsupported_media_type',
      'unsupported_encoding',
      'invalid_value',
    ],
    handle: async (call) => {
      const { c, service, actor } = call;
      const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
      if (mediaType !== 'application/x-ndjson' && mediaType !== 'application/jsonl') {
        throw new ProblemError('unsupported_media_type', 'Send the body as application/x-ndjson.');
      }
      const { samples, errors, lines } = await readSampleLines(
        decodeUtf8(await readBytes(c, SAMPLES_LIMIT_BYTES)),
      );
      const { added, known } = await addSamples(service, call.site.id, actor, 'upload', samples);
      return c.json({ lines, added, known, refused: lines - samples.length, errors }, 200);
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
    answers: { 204: { description: 'It is deleted.', schema: null } },
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

interface ReadLines {
  readonly samples: NewSample[];
  /** The first of them. */
  readonly errors: LineError[];
  readonly lines: number;
}

/**
 * Reads the lines of an upload. Others get a turn in between, and of the refused ones the first are kept: an upload of
 * `1` in every line held the process for 43 s and then took its memory.
 *
 * @throws {ProblemError} `invalid_value` for more lines than an upload may have.
 */
async function readSampleLines(body: string): Promise<ReadLines> {
  const samples: NewSample[] = [];
  const errors: LineError[] = [];
  let lines = 0;
  let number = 0;
  let unread = 0;
  for (let from = 0; from < body.length; ) {
    const end = body.indexOf('\n', from);
    const line = body.slice(from, end < 0 ? body.length : end);
    from = end < 0 ? body.length : end + 1;
    number += 1;
    if (number > MAX_LINES) {
      throw new ProblemError(
        'invalid_value',
        `An upload has at most ${MAX_LINES} lines: send it in several.`,
      );
    }
    unread += line.length + CHARACTERS_OF_A_LINE;
    if (unread > CHARACTERS_AT_ONCE) {
      await breathe();
      unread = 0;
    }
    if (line.trim() === '') continue;
    lines += 1;
    const read = readSampleLine(line);
    if ('sample' in read) samples.push(read.sample);
    else if (errors.length < MAX_LISTED_ERRORS) errors.push({ line: number, ...read.error });
  }
  return { samples, errors, lines };
}

function readSampleLine(line: string): { sample: NewSample } | { error: FieldError } {
  if (line.length > MAX_LINE_CHARACTERS) {
    const detail = `A line has at most ${MAX_LINE_CHARACTERS} characters.`;
    return { error: { pointer: '', code: 'too_long', detail } };
  }
  const data = parseLine(line);
  if (data === undefined) {
    return { error: { pointer: '', code: 'bad_json', detail: 'This line is not JSON.' } };
  }
  const parsed = sampleLine.safeParse(data);
  if (!parsed.success) {
    const [error = { pointer: '', code: 'invalid', detail: 'This line cannot be read.' }] = toFieldErrors(
      parsed.error,
      '',
      data,
      sampleLine,
    );
    return { error };
  }
  const { content, label, author_name, author_url } = parsed.data;
  return { sample: { content, label, authorName: author_name || null, authorUrl: author_url ?? null } };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
