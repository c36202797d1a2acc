/** `/v1/queue/{id}`: one comment as an item of the queue, and what is known around it. */
import { z } from '@hono/zod-openapi';
import { showContext, showItem } from '../../moderation/queue/context.ts';
import { STANDINGS, setAuthorStanding } from '../../moderation/rules/author-standing.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { dateTime, parseDateTime, text } from './fields.ts';
import { queueContext, queueItem } from './queue.schema.ts';

export function addQueueContextRoutes(app: App): void {
  addShowing(app);
  addStanding(app);
}

function addShowing(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/queue/{id}',
    tag: 'Queue',
    summary: 'Show a comment as an item of the queue',
    description: 'Whatever its status, so that a link to it works after it was decided on.',
    scope: 'moderate',
    answers: { 200: { description: 'The item.', schema: queueItem } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showItem(call.service, call.site.id, call.actor, idParam(call.c)), 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/queue/{id}/context',
    tag: 'Queue',
    summary: 'Show what is known around a comment',
    description:
      'Its thread, its article, its author, near-copies and its timeline. `POST /v1/queue/claims` with `context` ' +
      'answers the same for each claimed item.',
    scope: 'moderate',
    answers: { 200: { description: 'The context.', schema: queueContext } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showContext(call.service, call.site.id, idParam(call.c)), 200);
    },
  });
}

function addStanding(app: App): void {
  addRoute(app, {
    method: 'put',
    path: '/v1/queue/{id}/author',
    tag: 'Queue',
    summary: 'Decide what becomes of the next comments of an author',
    description:
      '`trust`: published unless the filter takes them for spam; `hold`: always held; `mute`: marked as spam; `ban`: ' +
      'discarded; `none`: as everybody’s. The author is the one of this comment, by the e-mail address. It is kept as a ' +
      'rule of the site.',
    scope: 'moderate',
    body: z.strictObject({
      standing: z.enum(STANDINGS),
      until: dateTime().nullish(),
      reason: text({ characters: 500 }).nullish(),
    }),
    answers: { 200: { description: 'The context as it now is.', schema: queueContext } },
    problems: ['invalid_value', 'conflict'],
    handle: async (call) => {
      const { service, site, actor, body } = call;
      const id = idParam(call.c);
      const until = body.until == null ? null : parseDateTime(body.until);
      const wanted = { standing: body.standing, until, reason: body.reason ?? null };
      await setAuthorStanding(service, site.id, actor, id, wanted);
      return call.c.json(await showContext(service, site.id, id), 200);
    },
  });
}
