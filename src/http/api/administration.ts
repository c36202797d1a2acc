/** `/v1/sites`, `/v1/keys`, `/v1/posts`: what admins do. */
import { z } from '@hono/zod-openapi';
import { createKey, revoke, showKey, showKeys } from '../../moderation/access/keys.ts';
import { SCOPES } from '../../moderation/actor.ts';
import { changePost, showPost } from '../../moderation/queue/posts.ts';
import { settingsSchema } from '../../moderation/site/settings.ts';
import { changeSite, createSite, removeSite, showSite, showSites } from '../../moderation/site/sites.ts';
import type { App } from '../routing/app-context.ts';
import { ProblemError } from '../routing/problem.ts';
import { addRoute, idParam, siteOf } from '../routing/route.ts';
import { dateTime, httpUrl, pageOrigin, parseDateTime, postId, text } from './fields.ts';

/** The settings without their defaults, which are for what is stored. */
const bareSettings = Object.entries(settingsSchema.shape).map(([name, schema]) => ({
  name,
  schema: schema.unwrap(),
  description: schema.description ?? '',
}));
/** A change names only what it changes: no default may slip in. */
export const settingsChange = z.strictObject(
  Object.fromEntries(
    bareSettings.map(({ name, schema, description }) => [name, schema.optional().openapi({ description })]),
  ),
);
const settingsView = z
  .object(
    Object.fromEntries(
      bareSettings.map(({ name, schema, description }) => [
        name,
        schema.describe(description).openapi({ description }),
      ]),
    ),
  )
  .openapi('Settings');

export const slug = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'Lower-case letters, digits and hyphens, 1 to 63 of them.',
  );

const site = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    url: z.string().nullable(),
    settings: settingsView,
    active_model: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('Site');

const key = z
  .object({
    id: z.string(),
    site_id: z.string().nullable(),
    name: z.string(),
    scopes: z.array(z.string()),
    allowed_origins: z.array(z.string()),
    rate_limit: z.int().nullable(),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
  })
  .openapi('Key');

const post = z
  .object({
    id: z.string(),
    url: z.string().nullable(),
    title: z.string().nullable(),
    closed: z.boolean(),
    premoderated: z.boolean().openapi({ description: 'Whether every comment on it is held for review.' }),
  })
  .openapi('Post');

export function addAdministrationRoutes(app: App): void {
  addSiteRoutes(app);
  addKeyRoutes(app);
  addPostRoutes(app);
}

function addSiteRoutes(app: App): void {
  addSiteCreation(app);
  addSiteChanges(app);
}

function addSiteCreation(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/sites',
    tag: 'Sites',
    siteless: true,
    summary: 'Create a site',
    scope: 'admin',
    body: z.strictObject({
      slug,
      name: text({ characters: 200 }),
      url: httpUrl().optional(),
      settings: settingsChange.optional(),
    }),
    answers: { 201: { description: 'The site.', schema: site } },
    problems: ['conflict'],
    handle: async ({ c, service, actor, body }) => {
      const created = await createSite(service, actor, body);
      return c.json(created, 201, { location: `/v1/sites/${created.id}` });
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/sites',
    tag: 'Sites',
    siteless: true,
    summary: 'List the sites the key is good for',
    scope: 'read',
    answers: { 200: { description: 'Oldest first.', schema: z.object({ items: z.array(site) }) } },
    problems: [],
    handle: async ({ c, service, actor }) => c.json({ items: await showSites(service, actor) }, 200),
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/sites/{id}',
    tag: 'Sites',
    siteless: true,
    summary: 'Show a site with its settings',
    scope: 'read',
    answers: { 200: { description: 'The site.', schema: site } },
    problems: [],
    handle: async ({ c, service, actor }) => c.json(await showSite(service, actor, idParam(c)), 200),
  });
}

function addSiteChanges(app: App): void {
  addRoute(app, {
    method: 'patch',
    path: '/v1/sites/{id}',
    tag: 'Sites',
    siteless: true,
    summary: 'Change a site',
    description: 'Settings that are left out stay as they are.',
    scope: 'admin',
    body: z.strictObject({
      name: text({ characters: 200 }).optional(),
      url: httpUrl().nullable().optional(),
      settings: settingsChange.optional(),
    }),
    answers: { 200: { description: 'The site as it now is.', schema: site } },
    problems: [],
    handle: async ({ c, service, actor, body }) =>
      c.json(await changeSite(service, actor, idParam(c), body), 200),
  });
  addRoute(app, {
    method: 'delete',
    path: '/v1/sites/{id}',
    tag: 'Sites',
    siteless: true,
    summary: 'Delete a site with everything in it',
    scope: 'admin',
    answers: { 204: { description: 'It is deleted.', schema: null } },
    problems: [],
    handle: async ({ c, service, actor }) => {
      await removeSite(service, actor, idParam(c));
      return c.body(null, 204);
    },
  });
}

function addKeyRoutes(app: App): void {
  addKeyCreation(app);
  addKeyList(app);
}

const newKey = z.strictObject({
  site: slug.optional(),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .max(SCOPES.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, {
      params: { code: 'repeated' },
      message: 'A scope is repeated: name each scope once.',
    }),
  name: text({ characters: 200 }).default('key'),
  expires_at: dateTime().optional(),
  allowed_origins: z.array(pageOrigin()).max(50).default([]).openapi({
    description: 'As browsers send them: `https://news.example`; `self` is the origin of this service.',
  }),
  rate_limit: z.int().min(1).max(1_000_000).nullable().default(null).openapi({
    description:
      'Requests a minute; null: RATE_LIMIT_PER_MINUTE. With allowed origins it counts for each visitor; null: 120.',
  }),
});

function addKeyCreation(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/keys',
    tag: 'Keys',
    summary: 'Create a key',
    description:
      'The answer shows the key this once. `site` is a slug; a key with the scope `admin` is for all sites.',
    scope: 'admin',
    body: newKey,
    answers: {
      201: { description: 'The key.', schema: key.extend({ key: z.string() }).openapi('NewKey') },
    },
    problems: ['invalid_value'],
    resolvesSite: true,
    handle: async (call) => {
      const { c, service, actor, body } = call;
      const admin = body.scopes.includes('admin');
      if (admin && body.site !== undefined) {
        throw new ProblemError(
          'invalid_value',
          'A key with the scope “admin” is good for all sites: leave site out.',
        );
      }
      if (body.scopes.includes('akismet') && body.scopes.length > 1) {
        throw new ProblemError(
          'invalid_value',
          'A key with the scope “akismet” has a form of its own and is good for nothing else: make another key for the other scopes.',
        );
      }
      const siteId = admin ? null : (await siteOf(call, body.site)).id;
      const { view, key } = await createKey(service, actor, {
        siteId,
        name: body.name,
        scopes: body.scopes,
        allowedOrigins: body.allowed_origins,
        rateLimit: body.rate_limit,
        expiresAt: body.expires_at === undefined ? null : parseDateTime(body.expires_at),
      });
      return c.json({ ...view, key }, 201, { location: `/v1/keys/${view.id}` });
    },
  });
}

function addKeyList(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/keys',
    tag: 'Keys',
    siteless: true,
    summary: 'List the keys, without their secrets',
    scope: 'admin',
    answers: { 200: { description: 'Oldest first.', schema: z.object({ items: z.array(key) }) } },
    problems: [],
    handle: async ({ c, service, actor }) => c.json({ items: await showKeys(service, actor.siteId) }, 200),
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    siteless: true,
    summary: 'Show a key, without its secret',
    scope: 'admin',
    answers: { 200: { description: 'The key, live or not.', schema: key } },
    problems: [],
    handle: async ({ c, service, actor }) =>
      c.json(await showKey(service, actor, c.req.param('id') ?? ''), 200),
  });
  addRoute(app, {
    method: 'delete',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    siteless: true,
    summary: 'Revoke a key',
    scope: 'admin',
    answers: { 204: { description: 'The key is revoked.', schema: null } },
    problems: [],
    handle: async ({ c, service, actor }) => {
      await revoke(service, actor, c.req.param('id') ?? '');
      return c.body(null, 204);
    },
  });
}

function addPostRoutes(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/posts/{post}',
    tag: 'Comments',
    summary: 'Show a post',
    scope: 'read',
    answers: { 200: { description: 'The post.', schema: post } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showPost(call.service, call.site, postParam(call.c.req.param('post'))), 200);
    },
  });
  addRoute(app, {
    method: 'patch',
    path: '/v1/posts/{post}',
    tag: 'Comments',
    summary: 'Close, open, premoderate, rename or merge a post',
    description:
      'With `premoderated` every comment on the post is held. A post is found by its id, its address, and any name that it had before. `id` renames it; `merge_into` moves its ' +
      'comments to another post, whose name it then has, too. `hidden: false` shows the comments that an import kept ' +
      'from the public because their article was hidden.',
    scope: 'moderate',
    body: z
      .strictObject({
        closed: z.boolean().optional(),
        premoderated: z.boolean().optional(),
        id: postId().optional(),
        merge_into: postId().optional(),
        hidden: z.literal(false).optional(),
      })
      .refine((body) => body.id === undefined || body.merge_into === undefined, 'Either rename or merge.'),
    answers: { 200: { description: 'The post.', schema: post } },
    problems: ['not_found', 'conflict'],
    handle: async (call) => {
      const name = postParam(call.c.req.param('post'));
      const { merge_into: mergeInto, ...change } = call.body;
      return call.c.json(await changePost(call.service, call.site, name, { ...change, mergeInto }), 200);
    },
  });
}

function postParam(post: string | undefined): string {
  const parsed = postId().safeParse(post);
  if (!parsed.success) throw new ProblemError('not_found', 'There is no such post.');
  return parsed.data;
}
