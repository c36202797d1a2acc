/** `/v1/stats/days`: what came to a site and what became of it, day by day. */
import { z } from '@hono/zod-openapi';
import { showDays } from '../../moderation/stats.ts';
import { writeCsv } from '../csv.ts';
import { type App, addRoute, siteOf } from '../route.ts';
import { pageLimit } from './fields.ts';

const day = z
  .object({
    day: z.string().openapi({ description: 'In UTC, by when the comments came.' }),
    submissions: z.int(),
    spam: z.int().openapi({ description: "By the filter's verdict." }),
    held: z.int(),
    decided: z.int(),
    median_seconds_to_decision: z.number().nullable().openapi({ description: 'Of those held.' }),
    missed_spam: z.int().openapi({ description: 'Published without a human, marked spam later.' }),
    false_positives: z.int().openapi({ description: 'Marked spam without a human, approved later.' }),
  })
  .openapi('Day');

export function addStatsDayRoutes(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/stats/days',
    tag: 'Operations',
    summary: 'Count day by day',
    description: 'Days without comments are left out. With `format=csv` as a table for a spreadsheet.',
    scope: 'moderate',
    query: z.strictObject({ days: pageLimit(90, 30), format: z.enum(['json', 'csv']).default('json') }),
    answers: { 200: { description: 'Oldest first.', schema: z.object({ days: z.array(day) }) } },
    problems: [],
    handle: async (call) => {
      const site = await siteOf(call);
      const days = await showDays(call.service, site.id, call.query.days);
      if (call.query.format === 'json') return call.c.json({ days }, 200);
      const head = Object.keys(day.shape) as (keyof (typeof days)[number])[];
      return call.c.body(
        writeCsv(
          head,
          days.map((row) => head.map((column) => row[column])),
        ),
        200,
        {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="days.csv"',
        },
      );
    },
  });
}
