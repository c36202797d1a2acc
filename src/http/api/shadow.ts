/** `/v1/models/{version}/shadow`: a candidate beside the active filter, without effect. */
import { z } from '@hono/zod-openapi';
import { showShadow, startShadow, stopShadow } from '../../moderation/learn/shadow.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute } from '../routing/route.ts';
import { cursor, pageLimit } from './fields.ts';
import { versionParam } from './training.ts';

const verdict = z.enum(['ham', 'unsure', 'spam']);
const judged = z.object({
  model_version: z.string(),
  verdict: z.string(),
  disposition: z.string(),
  spam_probability: z.number().nullable(),
});

const disagreement = z
  .object({
    id: z.string().openapi({ description: "The comment's id, for a decision." }),
    version: z.int(),
    post: z.string(),
    author_name: z.string(),
    author_url: z.string().nullable(),
    content: z.string(),
    received_at: z.string(),
    status: z.string(),
    label: z.string().nullable(),
    active: judged,
    shadow: judged,
  })
  .openapi('Disagreement');

const shadow = z
  .object({
    model_version: z.string(),
    running: z.boolean(),
    started_at: z.string().nullable(),
    stopped_at: z.string().nullable(),
    compared: z.int().openapi({ description: 'Comments that both have scored.' }),
    differing: z.int().openapi({ description: 'Of them, those with another verdict or disposition.' }),
    pairs: z.array(
      z.object({
        active_verdict: z.string(),
        shadow_verdict: z.string(),
        active_disposition: z.string(),
        shadow_disposition: z.string(),
        count: z.int(),
      }),
    ),
    labelled: z
      .object({ count: z.int(), active_right: z.int(), shadow_right: z.int() })
      .openapi({ description: 'Of the differing ones that a human has labelled since.' }),
    items: z.array(disagreement),
    next_cursor: z.string().nullable(),
  })
  .openapi('Shadow');

const path = '/v1/models/{version}/shadow';
const tag = 'Training';

export function addShadowRoutes(app: App): void {
  addShadowStart(app);
  addShadowState(app);
}

function addShadowStart(app: App): void {
  addRoute(app, {
    method: 'post',
    path,
    tag,
    summary: 'Put a model into the shadow',
    description:
      'It scores every new comment in addition to the active filter, without effect. One per site; activating the version ends it.',
    scope: 'train',
    answers: { 200: { description: 'The comparison so far.', schema: shadow } },
    problems: ['conflict', 'model_not_usable'],
    handle: async (call) => {
      const version = versionParam(call.c.req.param('version'));
      return call.c.json(await startShadow(call.service, call.site.id, call.actor, version), 200);
    },
  });
  addRoute(app, {
    method: 'delete',
    path,
    tag,
    summary: 'Take a model out of the shadow',
    description: 'What it said stays.',
    scope: 'train',
    answers: { 200: { description: 'How it did.', schema: shadow } },
    problems: ['conflict'],
    handle: async (call) => {
      const version = versionParam(call.c.req.param('version'));
      return call.c.json(await stopShadow(call.service, call.site.id, call.actor, version), 200);
    },
  });
}

function addShadowState(app: App): void {
  addRoute(app, {
    method: 'get',
    path,
    tag,
    summary: 'Show how a model does in the shadow, and where it differs',
    description:
      'The differing comments, newest first: a queue of their own with `labelled=false`, which a decision takes an item out of.',
    scope: 'moderate',
    query: z.strictObject({
      active: verdict.optional().openapi({ description: "The active filter's verdict." }),
      shadow: verdict.optional(),
      labelled: z
        .enum(['true', 'false'])
        .transform((value) => value === 'true')
        .optional(),
      cursor: cursor(),
      limit: pageLimit(200, 50),
    }),
    answers: { 200: { description: 'Counts, and a page of the disagreements.', schema: shadow } },
    problems: ['invalid_value'],
    handle: async (call) => {
      const version = versionParam(call.c.req.param('version'));
      const { cursor: at, limit, ...filter } = call.query;
      return call.c.json(
        await showShadow(call.service, call.site.id, version, { filter, cursorText: at, limit }),
        200,
      );
    },
  });
}
