/** `/v1/replays`: what another model or other rules would have done. */
import { z } from '@hono/zod-openapi';
import { startReplay } from '../../moderation/background/job-kinds.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute } from '../routing/route.ts';
import { settingsChange } from './administration.ts';
import { dateTime, parseDateTime } from './fields.ts';
import { RULES_LIMIT_BYTES, readRule, ruleBody } from './rules.ts';
import { queuedWork, versionParam } from './training.ts';

const MOST_RULES = 500;

export function addReplayRoutes(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/replays',
    tag: 'Training',
    summary: 'Replay a span of time through a model and rules',
    description:
      'Nothing changes. `model` is the active one when left out; `rules` are the current ones, `none`, or those given. The ' +
      'settings are those of now, with those given; the honeypot, the time a form took, the history of an author and rules on addresses ' +
      'stay as they were found then. The result of the job: `comments`, `changed`, counts by verdict, by disposition and ' +
      'by label of what did and what would have happened, and the newest changed comments.',
    scope: 'train',
    body: z.strictObject({
      from: dateTime(),
      to: dateTime().optional().openapi({ description: 'Until now when left out.' }),
      model: z.string().max(200).optional(),
      settings: settingsChange.default({}).openapi({
        description: 'Settings to try, as in PATCH /v1/sites/{id}; those left out stay as they are.',
      }),
      rules: z.union([z.enum(['current', 'none']), z.array(ruleBody).max(MOST_RULES)]).default('current'),
      examples: z.int().min(0).max(500).default(50),
    }),
    bodyLimitBytes: RULES_LIMIT_BYTES,
    answers: { 202: { description: 'The job that does it.', schema: queuedWork } },
    problems: ['invalid_value', 'model_not_usable'],
    handle: async (call) => {
      const { from, to, model, rules, examples } = call.body;
      const queued = await startReplay(call.service, call.site, call.actor, {
        from: parseDateTime(from) ?? call.service.now(),
        to: (to === undefined ? null : parseDateTime(to)) ?? call.service.now(),
        version: model === undefined ? undefined : versionParam(model),
        rules: typeof rules === 'string' ? rules : rules.map(readRule),
        settings: call.body.settings,
        examples,
      });
      return call.c.json(queued, 202, { location: `/v1/jobs/${queued.job}` });
    },
  });
}
