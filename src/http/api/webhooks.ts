/** `/v1/webhooks`: where a site is told what happens, and what became of the messages. */
import { z } from '@hono/zod-openapi';
import { testWebhook } from '../../moderation/outgoing/webhook-delivery.ts';
import { replay, showDeliveries, showDelivery } from '../../moderation/outgoing/webhook-log.ts';
import {
  changeWebhook,
  createWebhook,
  removeWebhook,
  rotateSecret,
  showWebhook,
  showWebhooks,
  WEBHOOK_EVENTS,
} from '../../moderation/outgoing/webhooks.ts';
import type { App } from '../routing/app-context.ts';
import { sendPage } from '../routing/page.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { cursor, pageLimit, text } from './fields.ts';

const url = text({ characters: 2000 }).openapi({
  format: 'uri',
  maxLength: 2000,
  description: 'https:// or http:// on the public Internet; redirects are not followed.',
});
const events = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .refine((list) => new Set(list).size === list.length, 'Name each event once.');
const description = text({ characters: 200, mayBeEmpty: true });

const webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    enabled: z.boolean(),
    disabled_why: z.enum(['asked', 'gone']).nullable(),
    failures: z.int().openapi({ description: 'Failed attempts in a row.' }),
    paused_until: z.string().nullable(),
    previous_secret_until: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('Webhook');

const withSecret = webhook
  .extend({ secret: z.string().openapi({ description: '`whsec_` and base64; shown this once.' }) })
  .openapi('WebhookWithSecret');

const state = z.enum(['waiting', 'delivered', 'dead']);

const delivery = z
  .object({
    id: z.string().openapi({ description: 'The `webhook-id` that the receiver sees.' }),
    event: z.string(),
    subject: z.string().nullable(),
    state,
    attempts: z.int(),
    created_at: z.string(),
    next_at: z.string().nullable(),
    finished_at: z.string().nullable(),
  })
  .openapi('WebhookDelivery');

const attempt = z
  .object({
    status: z.int().nullable(),
    failure: z.string().nullable().openapi({
      description:
        '`status`, `gone`, `timed_out`, `unreachable`, `tls_failed`, `address_refused` or `secret_unreadable`; null: it arrived.',
    }),
    duration_ms: z.int(),
  })
  .openapi('WebhookAttempt');

export function addWebhookRoutes(app: App): void {
  addReadRoutes(app);
  addChangeRoutes(app);
  addSecretRoutes(app);
  addLogRoutes(app);
  addReplayRoutes(app);
}

const common = { tag: 'Webhooks', scope: 'admin' } as const;

function addReadRoutes(app: App): void {
  addRoute(app, {
    ...common,
    method: 'get',
    path: '/v1/webhooks',
    summary: 'List the webhooks of a site',
    answers: { 200: { description: 'Oldest first.', schema: z.object({ items: z.array(webhook) }) } },
    problems: [],
    handle: async (call) => {
      return call.c.json({ items: await showWebhooks(call.service, call.site.id) }, 200);
    },
  });
  addRoute(app, {
    ...common,
    method: 'get',
    path: '/v1/webhooks/{id}',
    summary: 'Show a webhook',
    answers: { 200: { description: 'The webhook.', schema: webhook } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showWebhook(call.service, call.site.id, idParam(call.c)), 200);
    },
  });
}

function addChangeRoutes(app: App): void {
  addRoute(app, {
    ...common,
    method: 'post',
    path: '/v1/webhooks',
    summary: 'Create a webhook',
    description: 'Messages follow Standard Webhooks: see docs/webhooks.md.',
    body: z.strictObject({ url, events, description: description.default('') }),
    answers: { 201: { description: 'The webhook with its secret.', schema: withSecret } },
    problems: ['address_refused', 'conflict'],
    handle: async (call) => {
      const { view, secret } = await createWebhook(call.service, call.site.id, call.actor, call.body);
      return call.c.json({ ...view, secret }, 201, { location: `/v1/webhooks/${view.id}` });
    },
  });
  addRoute(app, {
    ...common,
    method: 'patch',
    path: '/v1/webhooks/{id}',
    summary: 'Change a webhook',
    description: 'What is left out stays. What waits for a disabled one is sent when it is enabled again.',
    body: z.strictObject({
      url: url.optional(),
      events: events.optional(),
      description: description.optional(),
      enabled: z.boolean().optional(),
    }),
    answers: { 200: { description: 'The webhook as it now is.', schema: webhook } },
    problems: ['address_refused'],
    handle: async (call) => {
      const id = idParam(call.c);
      return call.c.json(await changeWebhook(call.service, call.site.id, call.actor, id, call.body), 200);
    },
  });
  addRoute(app, {
    ...common,
    method: 'delete',
    path: '/v1/webhooks/{id}',
    summary: 'Delete a webhook with its messages',
    answers: { 204: { description: 'It is deleted.', schema: null } },
    problems: [],
    handle: async (call) => {
      await removeWebhook(call.service, call.site.id, call.actor, idParam(call.c));
      return call.c.body(null, 204);
    },
  });
}

function addSecretRoutes(app: App): void {
  addRoute(app, {
    ...common,
    method: 'post',
    path: '/v1/webhooks/{id}/rotate',
    summary: 'Give a webhook a new secret',
    description: 'Until `overlap_hours` are over, messages carry a signature of each secret.',
    body: z.strictObject({ overlap_hours: z.number().min(0).max(168).default(24) }),
    answers: { 200: { description: 'The webhook with its new secret.', schema: withSecret } },
    problems: [],
    handle: async (call) => {
      const { overlap_hours: hours } = call.body;
      const id = idParam(call.c);
      const { view, secret } = await rotateSecret(call.service, call.site.id, call.actor, id, hours);
      return call.c.json({ ...view, secret }, 200);
    },
  });
  addRoute(app, {
    ...common,
    method: 'post',
    path: '/v1/webhooks/{id}/test',
    summary: 'Send a test message',
    description: 'Sends `webhook.test` now and once, to a disabled webhook, too, and says how it went.',
    answers: { 200: { description: 'How it went.', schema: attempt } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await testWebhook(call.service, call.site.id, idParam(call.c)), 200);
    },
  });
}

function addLogRoutes(app: App): void {
  addRoute(app, {
    ...common,
    method: 'get',
    path: '/v1/webhooks/{id}/deliveries',
    summary: 'List the messages to a webhook',
    description:
      'Newest first, without bodies; `state=dead` lists those that were given up. Kept for 30 days.',
    query: z.strictObject({ state: state.optional(), cursor: cursor(), limit: pageLimit(200, 50) }),
    answers: {
      200: {
        description: 'A page of them.',
        schema: z.object({
          items: z.array(
            delivery.extend({ last_status: z.int().nullable(), last_failure: z.string().nullable() }),
          ),
          next_cursor: z.string().nullable(),
        }),
      },
    },
    problems: ['invalid_value'],
    handle: async (call) => {
      const { state: wanted, cursor: after, limit } = call.query;
      const id = idParam(call.c);
      return sendPage(
        call.c,
        await showDeliveries(call.service, call.site.id, id, { state: wanted, cursorText: after, limit }),
      );
    },
  });
  addRoute(app, {
    ...common,
    method: 'get',
    path: '/v1/webhooks/{id}/deliveries/{delivery}',
    summary: 'Show a message to a webhook with its attempts',
    answers: {
      200: {
        description: 'Oldest attempt first.',
        schema: delivery.extend({ log: z.array(attempt.extend({ at: z.string() })) }),
      },
    },
    problems: [],
    handle: async (call) => {
      const [id, one] = [idParam(call.c), idParam(call.c, 'delivery')];
      return call.c.json(await showDelivery(call.service, call.site.id, id, one), 200);
    },
  });
}

const replayed = { description: 'How many are sent again.', schema: z.object({ count: z.int() }) };

function addReplayRoutes(app: App): void {
  addRoute(app, {
    ...common,
    method: 'post',
    path: '/v1/webhooks/{id}/deliveries/{delivery}/replay',
    summary: 'Send a message again',
    description: 'Under its old id, from the first attempt on.',
    answers: { 202: replayed },
    problems: ['conflict'],
    handle: async (call) => {
      const which = { id: idParam(call.c, 'delivery') };
      const count = await replay(call.service, call.site.id, call.actor, idParam(call.c), which);
      return call.c.json({ count }, 202);
    },
  });
  addRoute(app, {
    ...common,
    method: 'post',
    path: '/v1/webhooks/{id}/replay',
    summary: 'Send all dead messages again',
    answers: { 202: replayed },
    problems: [],
    handle: async (call) => {
      const count = await replay(call.service, call.site.id, call.actor, idParam(call.c), 'dead');
      return call.c.json({ count }, 202);
    },
  });
}
