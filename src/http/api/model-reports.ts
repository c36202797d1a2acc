/** `/v1/models/{version}/…`: what a candidate would change, before it is activated. */
import { z } from '@hono/zod-openapi';
import { showFlips } from '../../moderation/learn/changed-verdicts.ts';
import { compareAnew } from '../../moderation/learn/recompare.ts';
import { moveThresholds } from '../../moderation/learn/thresholds.ts';
import { RefusedError } from '../../moderation/refused-error.ts';
import type { Service } from '../../service.ts';
import { findReport } from '../../storage/learn/model-reports.ts';
import type { App } from '../routing/app-context.ts';
import { answerCsv } from '../routing/csv.ts';
import { addRoute } from '../routing/route.ts';
import { pageLimit } from './fields.ts';
import { model, versionParam } from './training.ts';

const comparison = z.looseObject({
  ham: z.int(),
  spam: z.int(),
  only_active_right: z.int(),
  only_candidate_right: z.int(),
  p: z.number().openapi({ description: "McNemar's exact two-sided p." }),
});

const plotNames = ['histogram', 'thresholds', 'calibration', 'learning_curve'] as const;
const rows = z.array(z.record(z.string(), z.number().nullable()));

const findings = z.array(z.object({ code: z.string(), detail: z.string(), remedy: z.string() }));
const outcomes = z.object({
  ham: z.int(),
  spam: z.int(),
  ham_blocked: z.int(),
  spam_caught: z.int(),
  spam_published: z.int(),
});

const report = z
  .looseObject({
    active: z.string().openapi({ description: 'The version that it was compared with.' }),
    thresholds: z.object({
      ham: z.number(),
      spam: z.number(),
      payload: z.object({ ham: z.number(), spam: z.number() }).optional().openapi({
        description:
          'The pair for comments with a link, an author URL, a mail address, a phone number or a handle.',
      }),
    }),
    by_campaign: comparison.nullable().openapi({
      description:
        'On the held-out set, which neither filter was trained on; null with fewer than 10 samples of a class.',
    }),
    by_time: comparison.nullable().openapi({
      description: 'A filter trained the same way on the older samples, on the newest samples.',
    }),
    outcomes: z.object({ active: outcomes, candidate: outcomes }).optional().openapi({
      description: 'Held-out comments by the outcome under the thresholds of both filters.',
    }),
    gate: z.object({
      passed: z.boolean(),
      findings,
      warnings: findings.optional().openapi({
        description: 'What the gate could not look at: with one, having passed says less.',
      }),
    }),
    flips: z.object({ decided: z.int(), waiting: z.int() }).openapi({
      description: 'How many there are; the 1,000 largest of each can be listed.',
    }),
    plots: z.object({ histogram: rows, thresholds: rows, calibration: rows, learning_curve: rows }),
  })
  .openapi('ModelReport');

const evidence = z.array(z.object({ feature: z.string(), group: z.string(), log_odds: z.number() }));
const judged = z.object({ verdict: z.string(), spam_probability: z.number() });
const flip = z
  .object({
    rank: z.int(),
    id: z.string(),
    author_name: z.string(),
    content: z.string(),
    label: z.string().nullable(),
    from: judged,
    to: judged,
    evidence,
    evidence_before: evidence,
  })
  .openapi('Flip');

export function addModelReportRoutes(app: App): void {
  addReport(app);
  addComparison(app);
  addFlips(app);
  addPlots(app);
  addThresholds(app);
}

async function reportOf(service: Service, siteId: string, version: string) {
  const found = await findReport(service.db, siteId, version);
  if (!found) throw new RefusedError('not_found', `There is no report on a model “${version}”.`);
  return found;
}

function addReport(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/models/{version}/report',
    tag: 'Training',
    summary: 'Show what a candidate would change',
    description:
      'Compares the candidate with the filter that was active when it was trained, or when it was compared again; on samples that neither was trained on.',
    scope: 'train',
    answers: { 200: { description: 'The report.', schema: report } },
    problems: [],
    handle: async (call) => {
      const version = versionParam(call.c.req.param('version'));
      return call.c.json(await reportOf(call.service, call.site.id, version), 200);
    },
  });
}

function addComparison(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/models/{version}/report',
    tag: 'Training',
    summary: 'Compare a version again',
    description:
      'Compares it with the filter that is active now and replaces its report. The state becomes “candidate” or “refused”. Needed before the activation of a candidate if the active filter has changed since. `by_time` would need a training and is null.',
    scope: 'train',
    answers: { 200: { description: 'The report.', schema: report } },
    problems: ['conflict', 'model_not_usable'],
    handle: async (call) => {
      const version = versionParam(call.c.req.param('version'));
      return call.c.json(await compareAnew(call.service, call.site.id, call.actor, version), 200);
    },
  });
}

function addFlips(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/models/{version}/flips',
    tag: 'Training',
    summary: 'List the comments whose verdict would change',
    description:
      'The 1,000 largest changes, the largest first, each explained by both filters: of the newest 10,000 decided comments, or of the newest 1,000 that wait. How many there are is in the report.',
    scope: 'train',
    query: z.strictObject({
      of: z.enum(['decided', 'waiting']).default('decided'),
      after: z.coerce
        .number()
        .int()
        .min(-1)
        .default(-1)
        .openapi({ description: 'next_after of the page before.' }),
      limit: pageLimit(50, 20),
    }),
    answers: {
      200: {
        description: 'A page.',
        schema: z.object({ items: z.array(flip), next_after: z.int().nullable() }),
      },
    },
    problems: ['model_not_usable'],
    handle: async (call) => {
      const { of, after, limit } = call.query;
      const version = versionParam(call.c.req.param('version'));
      const wanted = { decided: of === 'decided', after, limit };
      return call.c.json(await showFlips(call.service, call.site.id, version, wanted), 200);
    },
  });
}

function addPlots(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/models/{version}/plots/{name}',
    tag: 'Training',
    summary: 'Show what a plot is drawn from',
    description: `The plots: ${plotNames.join(', ')}. With \`format=csv\` as a table for a spreadsheet.`,
    scope: 'train',
    query: z.strictObject({ format: z.enum(['json', 'csv']).default('json') }),
    answers: {
      200: { description: 'The rows.', schema: z.object({ rows }), orMediaType: 'text/csv' },
    },
    problems: [],
    handle: async (call) => {
      const { c, service, query } = call;
      const { plots } = report.parse(
        await reportOf(service, call.site.id, versionParam(c.req.param('version'))),
      );
      const name = plotNames.find((one) => one === c.req.param('name'));
      if (name === undefined) throw new RefusedError('not_found', `The plots are ${plotNames.join(', ')}.`);
      if (query.format === 'json') return c.json({ rows: plots[name] }, 200);
      const head = Object.keys(plots[name][0] ?? {});
      const table = plots[name].map((row) => head.map((column) => row[column] ?? null));
      return answerCsv(c, name, head, table);
    },
  });
}

function addThresholds(app: App): void {
  const share = z.number().min(0).max(1);
  addRoute(app, {
    method: 'post',
    path: '/v1/models/{version}/thresholds',
    tag: 'Training',
    summary: 'Make a version with other thresholds',
    description:
      'A version never changes: this creates a candidate that differs only in its thresholds, with its own report. The threshold for spam can rise, but not fall below the one that keeps the promise. The state is “refused” if the thresholds would publish more spam (by more than a point) or block more ham than promised.',
    scope: 'train',
    body: z.strictObject({
      ham: share,
      spam: share,
      payload: z.strictObject({ ham: share, spam: share }).optional().openapi({
        description:
          'The pair for comments with a link, an author URL, a mail address, a phone number or a handle; left out: the same pair.',
      }),
    }),
    answers: { 201: { description: 'The new version.', schema: model } },
    problems: ['gate_unmet', 'invalid_value', 'model_not_usable'],
    handle: async (call) => {
      const version = versionParam(call.c.req.param('version'));
      const moved = await moveThresholds(call.service, call.site.id, call.actor, version, call.body);
      return call.c.json(moved, 201, { location: `/v1/models/${moved.version}` });
    },
  });
}
