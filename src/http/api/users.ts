/** `/v1/users`, `/v1/invitations`, `/v1/session`: people and how they sign in. */
import { z } from '@hono/zod-openapi';
import {
  acceptInvitation,
  markOfBrowser,
  readSession,
  type SignedIn,
  signIn,
  signOut,
} from '../../moderation/access/sessions.ts';
import { changePerson, inviteAgain, invitePerson, showPeople } from '../../moderation/access/users.ts';
import { readSettings } from '../../moderation/site/settings.ts';
import { findSite, findSiteBySlug, listSites, type SiteRow } from '../../storage/sites.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { clientAddress, publicAddress } from '../routing/client-address.ts';
import { ProblemError } from '../routing/problem.ts';
import { addPageRoute, addRoute, idParam, siteOf } from '../routing/route.ts';
import {
  readBrowserMark,
  readSessionCookie,
  writeBrowserMark,
  writeSessionCookie,
} from '../routing/session-cookie.ts';
import { text } from './fields.ts';

const role = z.enum(['moderator', 'senior', 'admin']);

const person = z
  .object({
    id: z.string(),
    site_id: z.string().nullable(),
    name: z.string(),
    role,
    joined: z.boolean(),
    created_at: z.string(),
    disabled_at: z.string().nullable(),
    last_seen_at: z.string().nullable(),
  })
  .openapi('Person');

const invitation = z
  .object({ url: z.string().openapi({ description: 'Good once, for seven days. Shown this once.' }) })
  .openapi('Invitation');

export function addPeopleRoutes(app: App): void {
  addUserRoutes(app);
  addSessionRoutes(app);
}

/** In the fragment, which no server and no log sees. */
function invitationUrl(c: AppContext, token: string): string {
  return `${publicAddress(c, c.var.service.config)}/invitation#${token}`;
}

function addUserRoutes(app: App): void {
  addInvitation(app);
  addUserChanges(app);
}

function addInvitation(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/users',
    tag: 'People',
    summary: 'Invite a person',
    description:
      'The answer contains a link that works once. Only a pseudonym of the e-mail address is stored. `all_sites` needs the scope `admin`.',
    scope: 'people',
    body: z.strictObject({
      name: text({ characters: 100 }),
      email: text({ characters: 254 }),
      role: role.default('moderator'),
      all_sites: z.boolean().default(false),
    }),
    answers: {
      201: { description: 'The person and the link.', schema: person.extend({ invitation }) },
    },
    problems: ['conflict', 'invalid_value'],
    resolvesSite: true,
    handle: async (call) => {
      const { c, service, actor, body } = call;
      const { all_sites: allSites, ...wanted } = body;
      if (allSites && actor.siteId !== null) {
        throw new ProblemError('forbidden', 'People of every site are invited with the scope “admin”.');
      }
      const siteId = allSites ? null : (await siteOf(call)).id;
      const invited = await invitePerson(service, actor, { ...wanted, siteId });
      const view = { ...invited.person, invitation: { url: invitationUrl(c, invited.invitation) } };
      return c.json(view, 201, { location: `/v1/users/${invited.person.id}` });
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/users',
    tag: 'People',
    siteless: true,
    summary: 'List the people',
    scope: 'people',
    answers: { 200: { description: 'The people.', schema: z.object({ items: z.array(person) }) } },
    problems: [],
    handle: async ({ c, service, actor }) => c.json({ items: await showPeople(service, actor.siteId) }, 200),
  });
}

function addUserChanges(app: App): void {
  addRoute(app, {
    method: 'patch',
    path: '/v1/users/{id}',
    tag: 'People',
    siteless: true,
    summary: 'Change a person',
    description:
      'A disabled user is signed out everywhere at once. You cannot change your own role or disable your own account.',
    scope: 'people',
    body: z.strictObject({
      name: text({ characters: 100 }).optional(),
      role: role.optional(),
      disabled: z.boolean().optional(),
    }),
    answers: { 200: { description: 'The person.', schema: person } },
    problems: ['conflict'],
    handle: async ({ c, service, actor, body }) =>
      c.json(await changePerson(service, actor, idParam(c), body), 200),
  });
  addRoute(app, {
    method: 'post',
    path: '/v1/users/{id}/invitations',
    tag: 'People',
    siteless: true,
    summary: 'Invite a person again',
    description: 'For one who lost the link or the password. Using it ends the sessions there are.',
    scope: 'people',
    answers: { 201: { description: 'The link.', schema: invitation } },
    problems: [],
    handle: async ({ c, service, actor }) => {
      const invited = await inviteAgain(service, actor, idParam(c));
      return c.json({ url: invitationUrl(c, invited.invitation) }, 201);
    },
  });
}

const session = person
  .extend({
    sites: z.array(z.object({ slug: z.string(), name: z.string(), reject_reasons: z.array(z.string()) })),
  })
  .openapi('Session');

function addSessionRoutes(app: App): void {
  addSignIn(app);
  addOwnAccount(app);
}

function addSignIn(app: App): void {
  addPageRoute(app, {
    method: 'post',
    path: '/v1/session',
    tag: 'People',
    summary: 'Sign in',
    description:
      'Gives the browser a cookie. For the pages of this service: another origin, or none, is refused.',
    signedIn: false,
    body: z.strictObject({
      email: z.string().max(254),
      password: z.string().max(1000),
      site: z.string().max(100).optional().openapi({
        description: 'The slug of the site, for an address that has accounts of several with one password.',
      }),
    }),
    answers: { 201: { description: 'Who signed in.', schema: person } },
    problems: ['wrong_password', 'too_many_failures'],
    handle: async ({ c, service, body: { email, password, site } }) => {
      const named = site === undefined ? null : await findSiteBySlug(service.db, site);
      const signedIn = await signIn(service, {
        email,
        password,
        siteId: site === undefined ? null : (named?.id ?? 'none'),
        address: clientAddress(c, service.config),
        mark: readBrowserMark(c),
      });
      return sayWho(c, signedIn);
    },
  });
  addPageRoute(app, {
    method: 'post',
    path: '/v1/session/invitation',
    tag: 'People',
    summary: 'Take an invitation',
    description: 'Sets the password and signs in. The token is what stands behind # in the link.',
    signedIn: false,
    body: z.strictObject({ token: z.string().max(100), password: z.string().max(1000) }),
    answers: { 201: { description: 'Who signed in.', schema: person } },
    problems: ['invitation_over', 'invalid_value', 'too_many_failures'],
    handle: async ({ c, service, body: { token, password } }) => {
      const signedIn = await acceptInvitation(service, token, password, clientAddress(c, service.config));
      return sayWho(c, signedIn);
    },
  });
}

function addOwnAccount(app: App): void {
  addPageRoute(app, {
    method: 'get',
    path: '/v1/session',
    tag: 'People',
    summary: 'Show who is signed in',
    signedIn: true,
    answers: { 200: { description: 'The person and the sites.', schema: session } },
    problems: [],
    handle: async ({ c, service }) => {
      const { person } = await requireSession(c);
      const own = person.site_id;
      const site = own === null ? null : await findSite(service.db, own);
      const sites = site ? [site] : await listSites(service.db, 1000);
      return c.json({ ...person, sites: sites.map(viewSessionSite) }, 200);
    },
  });
  addPageRoute(app, {
    method: 'delete',
    path: '/v1/session',
    tag: 'People',
    summary: 'Sign out',
    signedIn: true,
    query: z.strictObject({ everywhere: z.enum(['true', 'false']).optional() }),
    answers: { 204: { description: 'Signed out, with `everywhere` in all browsers.', schema: null } },
    problems: [],
    handle: async ({ c, service, query }) => {
      const { actor } = await requireSession(c);
      await signOut(service, actor, readSessionCookie(c) ?? '', query.everywhere === 'true');
      writeSessionCookie(c, '');
      return c.body(null, 204);
    },
  });
}

/** Gives the browser its session, and the mark by which it is known the next time. */
function sayWho(c: AppContext, { token, person }: SignedIn): Response {
  writeSessionCookie(c, token);
  writeBrowserMark(c, markOfBrowser(c.var.service, person.id));
  return c.json(person, 201);
}

/** What a page must know of a site before it shows anything of it. */
function viewSessionSite({ slug, name, settings }: SiteRow) {
  return { slug, name, reject_reasons: readSettings(settings).reject_reasons };
}

async function requireSession(c: AppContext) {
  const token = readSessionCookie(c);
  const session = token === undefined ? null : await readSession(c.var.service, token);
  if (!session) {
    if (token !== undefined) writeSessionCookie(c, '');
    throw new ProblemError('unauthenticated', 'Sign in at /sign-in.');
  }
  return session;
}
