/** `/v1/stats`: how much of what, now and day by day. */
import { z } from '@hono/zod-openapi';
import { showDays, showStats } from '../../moderation/queue/stats.ts';
import type { App } from '../routing/app-context.ts';
import { answerCsv } from '../routing/csv.ts';
import { addRoute } from '../routing/route.ts';
import { pageLimit, promiseView } from './fields.ts';

const day = z
  .object({
    day: z.string().openapi({ description: 'In UTC, by when the comments came.' }),
    submissions: z.int(),
    spam: z.int().openapi({ description: "By the filter's verdict." }),
    spam_share: z.number().nullable().openapi({ description: 'Of the submissions; null without any.' }),
    held: z.int(),
    decided: z.int(),
    median_seconds_to_decision: z.number().nullable().openapi({ description: 'Of those held.' }),
    oldest_waiting_seconds: z.number().nullable().openapi({
      description:
        'How long the oldest item of the queue had waited when the day ended (today: now); null when nothing waited.',
    }),
    missed_spam: z.int().openapi({ description: 'Published without a human, marked spam later.' }),
    false_positives: z.int().openapi({ description: 'Marked spam without a human, approved later.' }),
  })
  .openapi('Day');

const auditKind = z.object({
  waiting: z.int(),
  judged: z.int(),
  wrong: z.int().openapi({ description: 'Published ones that are spam; ones marked spam that are good.' }),
  wrong_share: z.number().nullable(),
  interval: z.array(z.number()).openapi({ description: '95 %: from, to.' }),
});
const auditView = z
  .object({
    share: z.number(),
    published: auditKind,
    marked_spam: auditKind,
    ham_blocked: z.number().nullable().openapi({
      description: 'Good comments marked spam unseen, among all good ones; an unbiased estimate.',
    }),
    spam_missed: z
      .number()
      .nullable()
      .openapi({ description: 'Spam published unseen, among all spam; an unbiased estimate.' }),
  })
  .openapi('AuditEstimate', {
    description: 'What a random share of the comments that nobody looked at says of them.',
  });

const agreement = z.object({
  units: z.int().openapi({ description: 'Comments that two have decided on, the newest 1,000.' }),
  alpha: z.number().nullable().openapi({ description: "Krippendorff's alpha; null: not defined." }),
  interval: z.tuple([z.number(), z.number()]).nullable().openapi({ description: '95 %.' }),
});
const agreementView = agreement
  .extend({ waiting: z.int(), by_reason: z.array(agreement.extend({ reason: z.string() })) })
  .openapi('Agreement');

export function addStatsRoutes(app: App): void {
  addCommentCounts(app);
  addDailyCounts(app);
}

function addCommentCounts(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/stats',
    tag: 'Operations',
    summary: 'Count comments by status and verdict',
    scope: 'moderate',
    answers: {
      200: {
        description: 'Counts of the site.',
        schema: z.object({
          comments: z.record(z.string(), z.int()),
          queue: z.object({ waiting: z.int(), oldest_at: z.string().nullable() }),
          samples: z.object({ ham: z.int(), spam: z.int() }),
          audit: auditView,
          agreement: agreementView,
          filter: z.object({
            model_version: z.string(),
            bounded: z.boolean(),
            max_ham_blocked: z.number(),
            confidence: z.number(),
            promise: promiseView,
          }),
        }),
      },
    },
    problems: [],
    handle: async (call) => call.c.json(await showStats(call.service, call.site), 200),
  });
}

function addDailyCounts(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/stats/days',
    tag: 'Operations',
    summary: 'Count day by day',
    description:
      'Each of the last days, also those without comments; imported comments are left out. With `format=csv` as a table for a spreadsheet.',
    scope: 'moderate',
    query: z.strictObject({ days: pageLimit(90, 30), format: z.enum(['json', 'csv']).default('json') }),
    answers: {
      200: {
        description: 'Oldest first.',
        schema: z.object({ days: z.array(day) }),
        orMediaType: 'text/csv',
      },
    },
    problems: [],
    handle: async (call) => {
      const days = await showDays(call.service, call.site.id, call.query.days);
      if (call.query.format === 'json') return call.c.json({ days }, 200);
      const head = Object.keys(day.shape) as (keyof (typeof days)[number])[];
      const rows = days.map((row) => head.map((column) => row[column]));
      return answerCsv(call.c, 'days', head, rows);
    },
  });
}
