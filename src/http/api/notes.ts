/** A moderator's own desk: notes, the own decisions and their statistic, second looks. */
import { z } from '@hono/zod-openapi';
import { addNote } from '../../moderation/queue/notes.ts';
import { showOwnDecisions, showOwnStatistics, showUndoable } from '../../moderation/queue/own-decisions.ts';
import { answerLook, showSecondLooks, takeBackLook } from '../../moderation/queue/second-reviews.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { dateTime, pageLimit, text } from './fields.ts';
import { note, queueItem } from './queue.schema.ts';

const ownDecision = z
  .object({
    decision_id: z.string(),
    id: z.string().openapi({ description: "The comment's id." }),
    decision: z.string(),
    reason: z.string().nullable(),
    at: z.string(),
    author_name: z.string(),
    excerpt: z.string(),
    status: z.string(),
    undoable: z.boolean(),
    undone: z.boolean(),
  })
  .openapi('OwnDecision');

const ownStatistics = z
  .object({
    since: z.string(),
    decided: z.int(),
    undone: z.int(),
    median_seconds: z.number().nullable(),
  })
  .openapi('OwnStatistics');

export function addDeskRoutes(app: App): void {
  addNotes(app);
  addOwnDecisions(app);
  addSecondLooks(app);
}

function addNotes(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/comments/{id}/notes',
    tag: 'Queue',
    summary: 'Write a note on a comment',
    description:
      'For the other moderators: it stands with the item in the queue. The same words by the same person count once.',
    scope: 'moderate',
    body: z.strictObject({ text: text({ characters: 2000 }) }),
    answers: { 201: { description: 'The note.', schema: note } },
    problems: [],
    handle: async (call) => {
      const { service, actor, body } = call;
      return call.c.json(await addNote(service, call.site.id, actor, idParam(call.c), body.text), 201);
    },
  });
}

function addOwnDecisions(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/decisions',
    tag: 'Queue',
    summary: 'List your own decisions',
    description:
      'Newest first, only those of the caller. With `undoable=true` those that can be undone, by moment: `limit` ' +
      'then counts moments, because all decisions on a selection or a campaign belong to one.',
    scope: 'moderate',
    query: z.strictObject({ undoable: z.literal('true').optional(), limit: pageLimit(200, 50) }),
    answers: { 200: { description: 'The decisions.', schema: z.object({ items: z.array(ownDecision) }) } },
    problems: [],
    handle: async (call) => {
      const { service, actor, query } = call;
      const list = query.undoable === undefined ? showOwnDecisions : showUndoable;
      return call.c.json({ items: await list(service, call.site.id, actor, query.limit) }, 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/decisions/statistics',
    tag: 'Queue',
    summary: 'Count your own decisions',
    description: 'Since `since`, by default in the last twelve hours. Nobody sees the numbers of others.',
    scope: 'moderate',
    query: z.strictObject({ since: dateTime().optional() }),
    answers: { 200: { description: 'The statistic.', schema: ownStatistics } },
    problems: [],
    handle: async (call) => {
      const { service, actor, query } = call;
      const since = query.since === undefined ? undefined : new Date(query.since);
      return call.c.json(await showOwnStatistics(service, call.site.id, actor, since), 200);
    },
  });
}

function addSecondLooks(app: App): void {
  addSecondReviewList(app);
  addSecondReviewDecision(app);
}

function addSecondReviewList(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/second-looks',
    tag: 'Queue',
    summary: 'List decisions that wait for a second review',
    description:
      'A random share of the decisions of others (`second_look_share`), without the decision. `/v1/stats` has the agreement. With `given=true`: your own second reviews, newest first, to withdraw one.',
    scope: 'moderate',
    query: z.strictObject({ given: z.literal('true').optional(), limit: pageLimit(100, 20) }),
    answers: { 200: { description: 'The items.', schema: z.object({ items: z.array(queueItem) }) } },
    problems: [],
    handle: async (call) => {
      const { service, actor, query } = call;
      const wanted = { given: query.given === 'true', limit: query.limit };
      return call.c.json({ items: await showSecondLooks(service, call.site.id, actor, wanted) }, 200);
    },
  });
  addRoute(app, {
    method: 'post',
    path: '/v1/second-looks/{id}',
    tag: 'Queue',
    summary: 'Give a second review',
    description:
      'Your own decision. The comment stays as the first decision left it. Sending the same again changes nothing.',
    scope: 'moderate',
    body: z.strictObject({
      decision: z.enum(['approve', 'spam', 'reject']),
      reason: text({ characters: 100 }).optional(),
    }),
    answers: { 204: { description: 'Recorded.', schema: null } },
    problems: ['conflict', 'reason_required'],
    handle: async (call) => {
      await answerLook(call.service, call.site.id, call.actor, idParam(call.c), call.body);
      return call.c.body(null, 204);
    },
  });
}

function addSecondReviewDecision(app: App): void {
  addRoute(app, {
    method: 'delete',
    path: '/v1/second-looks/{id}',
    tag: 'Queue',
    summary: 'Withdraw a second review',
    description: 'Your own one: the comment waits for a second review again.',
    scope: 'moderate',
    answers: { 204: { description: 'It is withdrawn.', schema: null } },
    problems: ['not_undoable'],
    handle: async (call) => {
      await takeBackLook(call.service, call.site.id, call.actor, idParam(call.c));
      return call.c.body(null, 204);
    },
  });
}
