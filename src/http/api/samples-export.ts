/** `/v1/samples/export`: the labelled comments of a site, in the form that the importers take. */
import { z } from '@hono/zod-openapi';
import { exportSamples, type SampleLine } from '../../moderation/learn/export-samples.ts';
import type { App } from '../routing/app-context.ts';
import { writeCsv } from '../routing/csv.ts';
import { addRoute } from '../routing/route.ts';
import { streamText } from '../routing/stream.ts';

const HEAD = ['content', 'label', 'author_name', 'author_url'] as const;

export function addSampleExportRoutes(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/samples/export',
    tag: 'Training',
    summary: 'Export the labelled comments',
    description:
      'Decided comments and uploads, as they come: `jsonl` is what `POST /v1/samples` takes, `csv` is safe to open in a spreadsheet. An import of either gives the same samples.',
    scope: 'train',
    query: z.strictObject({ format: z.enum(['jsonl', 'csv']).default('jsonl') }),
    answers: {
      200: {
        description: 'One sample a line or row.',
        schema: z.string(),
        mediaType: 'application/x-ndjson',
        orMediaType: 'text/csv',
      },
    },
    problems: [],
    handle: async (call) => {
      const csv = call.query.format === 'csv';
      const pages = await exportSamples(call.service, call.site.id, call.actor, call.query.format);
      return streamText(
        call.c,
        csv ? toCsv(pages) : toLines(pages),
        csv ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson',
        `samples-${call.site.slug}.${call.query.format}`,
      );
    },
  });
}

async function* toLines(pages: AsyncIterable<readonly SampleLine[]>): AsyncGenerator<string> {
  for await (const page of pages) {
    yield page
      .map(({ content, label, author_name, author_url }) => {
        const author = {
          ...(author_name !== null && { author_name }),
          ...(author_url !== null && { author_url }),
        };
        return `${JSON.stringify({ content, label, ...author })}\n`;
      })
      .join('');
  }
}

/** The head first, so that a site without samples gives a table, too. */
async function* toCsv(pages: AsyncIterable<readonly SampleLine[]>): AsyncGenerator<string> {
  yield writeCsv(HEAD, []);
  for await (const page of pages) {
    const [first, ...rest] = page.map((sample) => HEAD.map((name) => escapeApostrophe(sample[name] ?? '')));
    if (first) yield writeCsv(first, rest);
  }
}

/** An apostrophe of the text's own before a formula would be taken for the guard's when it is read back. */
function escapeApostrophe(text: string): string {
  return /^'+[\s\u0000]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
