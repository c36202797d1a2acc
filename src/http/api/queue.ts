/** `/v1/queue` and decisions: what moderators do. */
import { z } from '@hono/zod-openapi';
import { actorReference } from '../../moderation/actor.ts';
import { claimItems, releaseItems, showClaims } from '../../moderation/queue/claims.ts';
import {
  type BulkResult,
  decideCampaign,
  decideComment,
  decideComments,
  undoDecision,
} from '../../moderation/queue/decide.ts';
import { showFolder, showQueue } from '../../moderation/queue/show-queue.ts';
import type { App } from '../routing/app-context.ts';
import { sendPage } from '../routing/page.ts';
import { ProblemError, problemBody } from '../routing/problem.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { cursor, id, pageLimit, postId, text } from './fields.ts';

const reason = z.object({ rule: z.string(), disposition: z.string(), detail: z.string() });

const queuedComment = z
  .object({
    id: z.string(),
    post: z.string(),
    post_url: z.string().nullable(),
    post_title: z.string().nullable(),
    parent: z.object({ id: z.string(), author_name: z.string(), content: z.string() }).nullable(),
    author_name: z.string(),
    author_url: z.string().nullable(),
    content: z.string(),
    links: z.array(z.object({ text: z.string(), url: z.string(), host: z.string() })),
    date_gmt: z.string(),
    received_at: z.string(),
    status: z.string(),
  })
  .openapi('QueuedComment');

export const note = z
  .object({ id: z.string(), by: z.string(), at: z.string(), text: z.string() })
  .openapi('Note');

export const queueItem = z
  .object({
    id: z.string().openapi({ description: "The comment's id." }),
    version: z.int(),
    comment: queuedComment,
    author_history: z.object({
      approved: z.int(),
      rejected: z.int(),
      spam: z.int(),
      held: z.int(),
      first_seen: z.string().nullable(),
    }),
    verdict: z.string(),
    spam_probability: z.number().nullable(),
    log_odds: z.number().nullable(),
    thresholds: z.object({ ham: z.number(), spam: z.number() }),
    model_version: z.string(),
    reasons: z.array(reason),
    evidence: z
      .array(z.object({ feature: z.string(), group: z.string(), log_odds: z.number() }))
      .openapi({ description: 'The 40 strongest, strongest first; all of it stands in the explanation.' }),
    highlights: z
      .array(z.object({ start: z.int(), end: z.int(), log_odds: z.number(), feature: z.string() }))
      .openapi({ description: 'UTF-16 offsets in `content`, half-open, of the 60 strongest.' }),
    near_duplicates: z.object({ campaign: z.string().nullable(), count: z.int() }),
    escalated: z.boolean(),
    audit: z.boolean(),
    claimed_until: z.string().nullable(),
    claim: z
      .object({ by: z.string(), mine: z.boolean(), until: z.string() })
      .nullable()
      .openapi({ description: 'Who holds it now.' }),
    decided: z
      .object({
        decision_id: z.string(),
        decision: z.string(),
        reason: z.string().nullable(),
        note: z.string().nullable(),
        by: z.string(),
        at: z.string(),
      })
      .nullable()
      .openapi({ description: 'The decision that stands.' }),
    notes: z.array(note),
  })
  .openapi('QueueItem');

const queuePage = z
  .object({
    items: z.array(queueItem),
    next_cursor: z.string().nullable(),
    total: z.int().openapi({ description: 'Counted up to 10,000, with a filter up to 1,000.' }),
  })
  .openapi('QueuePage');

const decisionKind = z.enum(['approve', 'spam', 'reject', 'escalate']);
const decisionFields = {
  decision: decisionKind,
  reason: text({ characters: 100 }).optional(),
  note: text({ characters: 2000 }).optional(),
};

const decisionResult = z
  .object({ id: z.string(), decision_id: z.string(), status: z.string(), version: z.int() })
  .openapi('DecisionResult');

const claimList = z.object({
  items: z.array(
    z.object({ id: z.string(), by: z.string(), mine: z.boolean(), until: z.string() }).openapi('Claim'),
  ),
});

const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional();

export function addQueueRoutes(app: App): void {
  addQueue(app);
  addClaims(app);
  addDecisions(app);
}

function addQueue(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/queue',
    tag: 'Queue',
    summary: 'List what waits for a human',
    description:
      '`risk`: riskiest first; `oldest`; `informative`: nearest to the decision boundary, with one of ten at random and ' +
      'one of ten the oldest that has waited for more than a day. Each item comes once. With `folder`, what stands ' +
      'there instead, newest first, narrowed by `post`, `author` and `q` alone.',
    scope: 'moderate',
    query: z.strictObject({
      order: z.enum(['risk', 'oldest', 'informative']).default('risk'),
      reason: text({ characters: 100 }).optional(),
      post: postId().optional(),
      author: text({ characters: 245 }).optional().openapi({
        description:
          'A name, or the id of a comment: others from its e-mail address. Without an address it finds none.',
      }),
      q: text({ characters: 200 })
        .optional()
        .openapi({ description: 'Words of the text or the name by their beginnings, in any order.' }),
      campaign: id().optional(),
      escalated: flag,
      audit: flag,
      available: flag.openapi({ description: '`true`: without what others hold.' }),
      folder: z.enum(['approved', 'spam', 'trash']).optional(),
      cursor: cursor(),
      limit: pageLimit(200, 50),
    }),
    answers: { 200: { description: 'A page of the queue.', schema: queuePage } },
    problems: ['invalid_value'],
    handle: async (call) => {
      const { service, actor } = call;
      const { order, cursor: at, limit, folder, available, ...filter } = call.query;
      if (folder !== undefined) {
        const { post, author, q, ...others } = filter;
        refuseOthers({ ...others, available });
        const own = { siteId: call.site.id, post, author, q };
        return sendPage(call.c, await showFolder(service, actor, folder, own, at, limit));
      }
      const own = { claimant: actorReference(actor), now: service.now() };
      const wanted = { ...filter, siteId: call.site.id, ...(available && { notHeldByOthersThan: own }) };
      return sendPage(call.c, await showQueue(service, actor, wanted, order, at, limit));
    },
  });
}

/** A folder is not the queue: what only the queue knows cannot narrow it. */
function refuseOthers(others: Readonly<Record<string, unknown>>): void {
  const named = Object.keys(others).filter((name) => others[name] !== undefined);
  if (named.length === 0) return;
  throw new ProblemError(
    'invalid',
    'A folder is narrowed by post, author and q alone.',
    named.map((name) => ({
      pointer: `/query/${name}`,
      code: 'not_with_folder',
      detail: 'Leave this out, or the folder.',
    })),
  );
}

function addClaims(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/queue/claims',
    tag: 'Queue',
    summary: 'Claim items that no one else holds',
    description:
      'Those of `ids` that nobody else holds, or the riskiest. They come back when the time is up; claiming the own ones again holds them longer.',
    scope: 'moderate',
    body: z.strictObject({
      ids: z.array(id()).min(1).max(200).optional(),
      limit: z.int().min(1).max(100).default(10),
      seconds: z.int().min(1).max(3600).default(300),
    }),
    answers: { 200: { description: 'The claimed items.', schema: z.object({ items: z.array(queueItem) }) } },
    problems: [],
    handle: async (call) => {
      return call.c.json({ items: await claimItems(call.service, call.site.id, call.actor, call.body) }, 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/queue/claims',
    tag: 'Queue',
    summary: 'List who holds what',
    scope: 'moderate',
    answers: { 200: { description: 'The claims that stand, up to 1,000.', schema: claimList } },
    problems: [],
    handle: async (call) => {
      return call.c.json({ items: await showClaims(call.service, call.site.id, call.actor) }, 200);
    },
  });
  addRoute(app, {
    method: 'delete',
    path: '/v1/queue/claims',
    tag: 'Queue',
    summary: 'Give claimed items back',
    scope: 'moderate',
    body: z.strictObject({ ids: z.array(id()).min(1).max(1000) }),
    answers: { 200: { description: 'How many were given back.', schema: z.object({ released: z.int() }) } },
    problems: [],
    handle: async (call) => {
      return call.c.json(
        { released: await releaseItems(call.service, call.site.id, call.actor, call.body.ids) },
        200,
      );
    },
  });
}

function addDecisions(app: App): void {
  addDecision(app);
  addBulkDecision(app);
  addUndo(app);
}

function addDecision(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/comments/{id}/decisions',
    tag: 'Queue',
    summary: 'Decide on a comment',
    description:
      '`approve` labels ham, `spam` labels spam, `reject` (with a reason) labels nothing, `escalate` asks another. ' +
      'An earlier decision is replaced only with the `version` that was looked at. The same decision sent again by the ' +
      'same person is answered as the first time.',
    scope: 'moderate',
    body: z.strictObject({ ...decisionFields, version: z.int().min(1).optional() }),
    answers: { 200: { description: 'The decision and the status that follows.', schema: decisionResult } },
    problems: ['already_decided', 'version_conflict', 'reason_required'],
    handle: async (call) => {
      const result = await decideComment(call.service, call.site.id, call.actor, idParam(call.c), call.body);
      return call.c.json(result, 200);
    },
  });
}

function addBulkDecision(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/decisions',
    tag: 'Queue',
    summary: 'Decide on many comments',
    description:
      'By `ids` or `items` (up to 1,000) or by `campaign` (its held comments, up to 1,000). A decision that stands is ' +
      'replaced only by `items`, with the `version` that was looked at.',
    scope: 'moderate',
    body: z
      .strictObject({
        ...decisionFields,
        ids: z.array(id()).min(1).max(1000).optional(),
        items: z
          .array(z.strictObject({ id: id(), version: z.int().min(1).optional() }))
          .min(1)
          .max(1000)
          .optional(),
        campaign: id().optional(),
      })
      .refine(({ ids, items, campaign }) => [ids, items, campaign].filter(isGiven).length === 1, {
        error: 'Send one of ids, items and campaign.',
        path: ['ids'],
      }),
    answers: {
      200: {
        description:
          'A result for each id, in the order given; a refused one is a problem document with its id.',
        schema: z.object({
          results: z.array(z.union([decisionResult, z.looseObject({ id: z.string(), code: z.string() })])),
        }),
      },
    },
    problems: ['reason_required'],
    handle: async (call) => {
      const { service, actor, body } = call;
      const { ids = [], items = ids.map((one) => ({ id: one })), campaign, ...decision } = body;
      const results =
        campaign === undefined
          ? await decideComments(service, call.site.id, actor, items, decision)
          : await decideCampaign(service, call.site.id, actor, campaign, decision);
      return call.c.json({ results: results.map(viewBulkResult) }, 200);
    },
  });
}

function addUndo(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/decisions/{id}/undo',
    tag: 'Queue',
    summary: 'Undo a decision',
    description: 'Status, label and place in the queue are as before the decision.',
    scope: 'moderate',
    answers: { 200: { description: 'The undo and the status that is back.', schema: decisionResult } },
    problems: ['not_undoable'],
    handle: async (call) => {
      return call.c.json(await undoDecision(call.service, call.site.id, call.actor, idParam(call.c)), 200);
    },
  });
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

function viewBulkResult(result: BulkResult): Record<string, unknown> {
  return 'error' in result ? { id: result.id, ...problemBody(result.error) } : { ...result };
}
