/** `/v1/rules`: a site's own rules, tried before they are saved. */
import { z } from '@hono/zod-openapi';
import {
  changeRule,
  createRule,
  type NewRule,
  removeRule,
  showRule,
  showRules,
} from '../../moderation/rules/rules.ts';
import { dryRunRule } from '../../moderation/rules/rules-dry-run.ts';
import { ruleKindSchema, ruleOptionsSchema } from '../../moderation/site/site-rules.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { dateTime, parseDateTime, text } from './fields.ts';

/** A list of 62,204 entries has 0.9 MB. */
export const RULES_LIMIT_BYTES = 8 * 1024 * 1024;

const disposition = z.enum(['hold', 'spam', 'discard']);

export const ruleBody = z
  .strictObject({
    kind: ruleKindSchema,
    pattern: text({ bytes: 6 * 1024 * 1024, mayBeEmpty: true })
      .default('')
      .openapi({
        description:
          'What the kind needs. words, link_host, ip_network, email_domain: one a line; author: e-mail addresses or ids of comments, one a line, kept as pseudonyms; pattern: an RE2 expression; link_count, minimum_time (seconds), thread_age (days): a number; language: codes such as `de` or `!Latn`; disposable_email, honeypot: nothing.',
      }),
    options: ruleOptionsSchema.default({}),
    disposition: disposition.default('hold'),
    note: text({ characters: 500 }).nullish(),
    expires_at: dateTime().nullish(),
  })
  .openapi('NewRule');

const rule = z
  .object({
    id: z.string(),
    kind: z.string(),
    pattern: z.string(),
    entries: z.int(),
    options: z.record(z.string(), z.unknown()),
    disposition: z.string(),
    note: z.string().nullable(),
    enabled: z.boolean().openapi({ description: 'Whether it counts; one that is switched off is kept.' }),
    created_at: z.string(),
    expires_at: z.string().nullable(),
  })
  .openapi('Rule');

const truthCounts = z.object({ ham: z.int(), spam: z.int(), undecided: z.int() });
const dryRun = z
  .object({
    looked_at: truthCounts,
    hits: truthCounts,
    examples: z.array(
      z.object({
        id: z.string(),
        truth: z.string(),
        detail: z.string(),
        author_name: z.string(),
        content: z.string().openapi({ description: 'Cut at 300 characters.' }),
      }),
    ),
    entries_hitting_ham: z.array(z.object({ entry: z.string(), ham: z.int(), spam: z.int() })),
    unseen: z.boolean().openapi({ description: 'The rule needs what no stored comment tells.' }),
    seen: z.enum(['all', 'part', 'none']).openapi({ description: 'How much of the rule could be tried.' }),
    unseen_because: z.string().nullable().openapi({ description: 'What could not be tried, and why.' }),
  })
  .openapi('RuleDryRun');

export function readRule(body: z.infer<typeof ruleBody>): NewRule {
  return {
    kind: body.kind,
    pattern: body.pattern,
    options: body.options,
    disposition: body.disposition,
    note: body.note ?? null,
    expiresAt: body.expires_at == null ? null : parseDateTime(body.expires_at),
  };
}

export function addRuleRoutes(app: App): void {
  addRuleReading(app);
  addRuleChanges(app);
}

function addRuleReading(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/rules',
    tag: 'Rules',
    summary: 'List the rules of a site',
    scope: 'train',
    answers: {
      200: {
        description: 'Oldest first. A pattern is cut at 2,000 characters; authors are not shown.',
        schema: z.object({ items: z.array(rule) }),
      },
    },
    problems: [],
    handle: async (call) => {
      return call.c.json({ items: await showRules(call.service, call.site.id) }, 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/rules/{id}',
    tag: 'Rules',
    summary: 'Show a rule with its whole pattern',
    scope: 'train',
    answers: { 200: { description: 'The rule; authors are not shown.', schema: rule } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showRule(call.service, call.site.id, idParam(call.c)), 200);
    },
  });
  addRoute(app, {
    method: 'post',
    path: '/v1/rules/dry-run',
    tag: 'Rules',
    summary: 'Try a rule on the newest 10,000 comments',
    description: 'Nothing is saved. Ham and spam by human label, else by status.',
    scope: 'train',
    body: ruleBody,
    bodyLimitBytes: RULES_LIMIT_BYTES,
    answers: { 200: { description: 'What the rule would have hit.', schema: dryRun } },
    problems: ['invalid_value'],
    handle: async (call) => {
      return call.c.json(await dryRunRule(call.service, call.site.id, readRule(call.body)), 200);
    },
  });
}

function addRuleChanges(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/rules',
    tag: 'Rules',
    summary: 'Save a rule',
    description: 'It counts within a second, in every process. Its hits have the reason `rule:ID`.',
    scope: 'train',
    body: ruleBody,
    bodyLimitBytes: RULES_LIMIT_BYTES,
    answers: { 201: { description: 'The rule.', schema: rule } },
    problems: ['invalid_value', 'conflict'],
    handle: async (call) => {
      const created = await createRule(call.service, call.site.id, call.actor, readRule(call.body));
      return call.c.json(created, 201, { location: `/v1/rules/${created.id}` });
    },
  });
  addRuleChangeRoutes(app);
}

function addRuleChangeRoutes(app: App): void {
  addRoute(app, {
    method: 'patch',
    path: '/v1/rules/{id}',
    tag: 'Rules',
    summary: 'Change a rule, or switch it off',
    description: 'Fields that are left out stay as they are. The kind stays: another kind needs a new rule.',
    scope: 'train',
    body: z.strictObject({
      pattern: text({ bytes: 6 * 1024 * 1024, mayBeEmpty: true }).optional(),
      options: ruleOptionsSchema.optional(),
      enabled: z.boolean().optional(),
      disposition: disposition.optional(),
      note: text({ characters: 500 }).nullable().optional(),
      expires_at: dateTime().nullable().optional(),
    }),
    bodyLimitBytes: RULES_LIMIT_BYTES,
    answers: { 200: { description: 'The rule as it now is.', schema: rule } },
    problems: ['invalid_value', 'conflict'],
    handle: async (call) => {
      const { expires_at: expires, ...given } = call.body;
      const expiresAt = expires == null ? expires : parseDateTime(expires);
      const change = { ...given, expiresAt };
      return call.c.json(
        await changeRule(call.service, call.site.id, call.actor, idParam(call.c), change),
        200,
      );
    },
  });
  addRoute(app, {
    method: 'delete',
    path: '/v1/rules/{id}',
    tag: 'Rules',
    summary: 'Remove a rule',
    scope: 'train',
    answers: { 204: { description: 'It is deleted.', schema: null } },
    problems: [],
    handle: async (call) => {
      await removeRule(call.service, call.site.id, call.actor, idParam(call.c));
      return call.c.body(null, 204);
    },
  });
}
