/** `/v1/queue` and decisions: what moderators do. */

import { z } from '@hono/zod-openapi';
import { actorReference } from '../../moderation/actor.ts';
import { claimItems, releaseItems, showClaims } from '../../moderation/queue/claims.ts';
import { showContexts } from '../../moderation/queue/context.ts';
import {
  type BulkResult,
  decideAuthor,
  decideBranch,
  decideCampaign,
  decideComment,
  decideComments,
  undoDecision,
} from '../../moderation/queue/decide.ts';
import { showFolder, showQueue } from '../../moderation/queue/show-queue.ts';
import { resolvePost } from '../../moderation/site/post-identity.ts';
import { MAX_NAME_CHARACTERS } from '../../moderation/site/storable-text.ts';
import type { App } from '../routing/app-context.ts';
import { sendPage } from '../routing/page.ts';
import { ProblemError, problemBody } from '../routing/problem.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { cursor, id, pageLimit, postId, text } from './fields.ts';
import { queueContext, queueItem } from './queue.schema.ts';

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

const claimedItems = z.object({
  items: z.array(queueItem),
  contexts: z.array(queueContext).optional().openapi({ description: 'Only if `context` was asked for.' }),
});

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

const queueQuery = z.strictObject({
  order: z.enum(['risk', 'oldest', 'informative']).default('risk'),
  reason: text({ characters: 100 }).optional(),
  post: postId().optional(),
  author: text({ characters: MAX_NAME_CHARACTERS }).optional().openapi({
    description:
      'A name, or the id of a comment: others from its e-mail address. Without an address it finds none.',
  }),
  q: text({ characters: 200 })
    .optional()
    .openapi({
      description:
        'Words of the name, the address or the text by their beginnings, in any order, and operators: `author:` ' +
        '(a name, or the id of a comment), `domain:` (a host or its parent domain), `post:`, `before:` (a day), ' +
        '`language:` of what waits, and with `folder=all` `status:`. Put a value with spaces into quotation marks.',
    }),
  language: text({ characters: 10 }).optional().openapi({
    description: 'The language of the text, such as `de`; it is detected from some words on.',
  }),
  campaign: id().optional(),
  escalated: flag,
  audit: flag,
  available: flag.openapi({ description: '`true`: without items that others have claimed.' }),
  folder: z.enum(['hold', 'approved', 'spam', 'trash', 'all']).optional(),
  cursor: cursor(),
  limit: pageLimit(200, 50),
});

function addQueue(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/queue',
    tag: 'Queue',
    summary: 'List what waits for a human',
    description:
      '`risk`: riskiest first; `oldest`; `informative`: nearest to the decision boundary, with one of ten at random and ' +
      'one of ten the oldest that has waited for more than a day. Each item comes once. With `folder`: the comments ' +
      'of that folder, newest first, narrowed only by `post`, `author` and `q`; `all` has every status.',
    scope: 'moderate',
    query: queueQuery,
    answers: { 200: { description: 'A page of the queue.', schema: queuePage } },
    problems: ['invalid_value'],
    handle: async (call) => {
      const { service, actor } = call;
      const { order, cursor, limit, folder, available, ...asked } = call.query;
      const post = asked.post === undefined ? undefined : await resolvePost(service, call.site, asked.post);
      const filter = { ...asked, post };
      if (folder !== undefined) {
        const { post: _, author, q, ...others } = filter;
        refuseOthers({ ...others, available });
        const own = { siteId: call.site.id, post, author, q };
        return sendPage(call.c, await showFolder(service, actor, folder, own, { cursor, limit }));
      }
      const own = { claimant: actorReference(actor), now: service.now() };
      const wanted = { ...filter, siteId: call.site.id, ...(available && { notHeldByOthersThan: own }) };
      return sendPage(call.c, await showQueue(service, actor, wanted, { order, cursor, limit }));
    },
  });
}

/** A folder is not the queue: what only the queue knows cannot narrow it. */
function refuseOthers(others: Readonly<Record<string, unknown>>): void {
  const named = Object.keys(others).filter((name) => others[name] !== undefined);
  if (named.length === 0) return;
  throw new ProblemError(
    'invalid',
    'A folder can only be narrowed by post, author and q.',
    named.map((name) => ({
      pointer: `/query/${name}`,
      code: 'not_with_folder',
      detail: 'Leave this out, or the folder.',
    })),
  );
}

function addClaims(app: App): void {
  addClaiming(app);
  addReleasing(app);
}

function addClaiming(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/queue/claims',
    tag: 'Queue',
    summary: 'Claim items that no one else has claimed',
    description:
      'Claims those of `ids` that nobody else has claimed, or the riskiest items. A claim ends after `seconds`; claiming your own items again extends it.',
    scope: 'moderate',
    body: z.strictObject({
      ids: z.array(id()).min(1).max(200).optional(),
      limit: z.int().min(1).max(100).default(10),
      seconds: z.int().min(1).max(3600).default(300),
      context: z.boolean().default(false).openapi({
        description:
          '`true`: with what is known around each item, as `GET /v1/queue/{id}/context` answers it.',
      }),
    }),
    answers: { 200: { description: 'The claimed items.', schema: claimedItems } },
    problems: [],
    handle: async (call) => {
      const items = await claimItems(call.service, call.site.id, call.actor, call.body);
      if (!call.body.context) return call.c.json({ items }, 200);
      const ids = items.map(({ id: one }) => one);
      return call.c.json({ items, contexts: await showContexts(call.service, call.site.id, ids) }, 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/queue/claims',
    tag: 'Queue',
    summary: 'List the claims',
    scope: 'moderate',
    answers: { 200: { description: 'The current claims, up to 1,000.', schema: claimList } },
    problems: [],
    handle: async (call) => {
      return call.c.json({ items: await showClaims(call.service, call.site.id, call.actor) }, 200);
    },
  });
}

function addReleasing(app: App): void {
  addRoute(app, {
    method: 'delete',
    path: '/v1/queue/claims',
    tag: 'Queue',
    summary: 'Release claimed items',
    scope: 'moderate',
    body: z.strictObject({ ids: z.array(id()).min(1).max(1000) }),
    answers: { 200: { description: 'How many were released.', schema: z.object({ released: z.int() }) } },
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

const bulkDecision = z
  .strictObject({
    ...decisionFields,
    ids: z.array(id()).min(1).max(1000).optional(),
    items: z
      .array(z.strictObject({ id: id(), version: z.int().min(1).optional() }))
      .min(1)
      .max(1000)
      .optional(),
    campaign: id().optional(),
    author: id().optional(),
    branch: id().optional(),
  })
  .refine(
    ({ ids, items, campaign, author, branch }) =>
      [ids, items, campaign, author, branch].filter(isGiven).length === 1,
    {
      error: 'Send one of ids, items, campaign, author and branch.',
      path: ['ids'],
    },
  );

function addBulkDecision(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/decisions',
    tag: 'Queue',
    summary: 'Decide on many comments',
    description:
      'By `ids` or `items` (up to 1,000), by `campaign` (its held comments, up to 1,000), by `branch` (a comment and all that ' +
      'answers it, up to 1,000), or by `author`: the id of a comment, for all comments from its e-mail address (the newest ' +
      '1,000). A decision that stands is replaced only by `items`, with the `version` that was looked at, by `branch` and ' +
      'by `author`.',
    scope: 'moderate',
    body: bulkDecision,
    answers: {
      200: {
        description:
          'A result for each id, in the order given; a refused one is a problem document with its id.',
        schema: z.object({
          results: z.array(z.union([decisionResult, z.looseObject({ id: z.string(), code: z.string() })])),
        }),
      },
    },
    problems: ['reason_required', 'not_found'],
    handle: async (call) => {
      const { service, actor, body } = call;
      const { ids = [], items = ids.map((one) => ({ id: one })), ...wanted } = body;
      const { campaign, author, branch, ...decision } = wanted;
      const siteId = call.site.id;
      const decide = async () => {
        if (campaign !== undefined) return await decideCampaign(service, siteId, actor, campaign, decision);
        if (author !== undefined) return await decideAuthor(service, siteId, actor, author, decision);
        if (branch !== undefined) return await decideBranch(service, siteId, actor, branch, decision);
        return await decideComments(service, siteId, actor, items, decision);
      };
      const results = await decide();
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
