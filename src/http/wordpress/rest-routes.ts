/** `/wp-json/wp/v2/comments`: WordPress's REST API for comments, with its fields, codes and paging. */
import { type Actor, hasScope } from '../../moderation/actor.ts';
import {
  changeStatus,
  requireNumbered,
  WORDPRESS_STATUSES,
  type WordPressStatus,
} from '../../moderation/clients/wordpress.ts';
import { canonicaliseEmail, pseudonymiseEmail } from '../../moderation/privacy/pseudonymise.ts';
import { editComment, removeComment } from '../../moderation/queue/comments.ts';
import { isPublic } from '../../moderation/queue/public-comments.ts';
import { resolvePost } from '../../moderation/site/post-identity.ts';
import type { SiteContext } from '../../moderation/site/site-context.ts';
import { checkComment } from '../../moderation/submit/check.ts';
import {
  findNumberedById,
  listNumberedComments,
  type NumberedComment,
} from '../../storage/clients/wordpress.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { resolveSite } from '../routing/auth.ts';
import { publicAddress } from '../routing/client-address.ts';
import { browserCircumstances, isPublicKey } from '../routing/cors.ts';
import { authenticateWordPress } from './authenticate.ts';
import { answerWordPressError, invalidParams, noRoute, WordPressError } from './error.ts';
import {
  CommentFault,
  type CommentFields,
  checkFields,
  faultToRest,
  isPostId,
  readCircumstances,
  textOf,
  toSubmission,
} from './read-body.ts';
import { type Parameters, readBoolean, readMethod, readParameters } from './read-parameters.ts';
import { readListQuery, requireStorableQuery } from './read-query.ts';
import { viewWordPress } from './view.ts';

const PATH = '/wp-json/wp/v2/comments';

export function addWordPressRest(app: App): void {
  mount(app, PATH, { GET: list, POST: create });
  mount(app, `${PATH}/:id`, { GET: show, POST: change, PUT: change, PATCH: change, DELETE: remove });
}

/** As in WordPress, a slash at the end of a path means nothing. */
function mount(app: App, path: string, handlers: Readonly<Record<string, Handler>>): void {
  app.on(Object.keys(handlers), [path, `${path}/`], async (c) => {
    c.set('route', path.replace(':id', '{id}'));
    try {
      const handle = handlers[readMethod(c)];
      if (!handle) throw noRoute();
      requireStorableQuery(new URL(c.req.url).searchParams);
      return await handle(c);
    } catch (error) {
      return answerWordPressError(c, error instanceof CommentFault ? faultToRest(error) : error);
    }
  });
}

type Handler = (c: AppContext) => Promise<Response>;

async function list(c: AppContext): Promise<Response> {
  const { service } = c.var;
  const actor = await authenticateWordPress(c, 'read');
  const site = await resolveSite(c, actor);
  const params = new URL(c.req.url).searchParams;
  params.delete('site');
  const query = readListQuery(params, hasScope(actor, 'moderate'));
  // Nobody here has a WordPress account: every author is 0.
  const wantsOthers = query.author?.every((id) => id !== 0) || query.author_exclude?.includes(0);
  const nothing = wantsOthers || query.type !== 'comment';
  const canonical = query.author_email === undefined ? null : canonicaliseEmail(query.author_email);
  const emails = canonical && pseudonymiseEmail(service.config.pseudonymKeys, site.id, canonical).allStrict;
  const { rows, total } = nothing
    ? { rows: [], total: 0 }
    : await listNumberedComments(
        service.db,
        {
          siteId: site.id,
          statuses: query.statuses,
          listedOnly: !hasScope(actor, 'moderate'),
          posts: await Promise.all(query.post.map((post) => resolvePost(service, site, post))),
          parents: query.parent,
          parentsBut: query.parent_exclude,
          include: query.include,
          exclude: query.exclude,
          search: query.search ?? null,
          after: query.after ?? null,
          before: query.before ?? null,
          authorEmails: query.author_email === undefined ? null : (emails ?? []),
        },
        { order: query.sorted, direction: query.order, limit: query.per_page, offset: query.skipped },
      );
  const pages = Math.ceil(total / query.per_page);
  c.header('x-wp-total', String(total));
  c.header('x-wp-totalpages', String(pages));
  const links = pageLinks(c, query.page, pages);
  if (links !== '') c.header('link', links);
  return c.json(
    rows.map((row) => viewWordPress(row, query.context)),
    200,
  );
}

function pageLinks(c: AppContext, page: number, pages: number): string {
  const to = (number: number, rel: string) => {
    const url = new URL(c.req.url);
    url.searchParams.set('page', String(number));
    return `<${publicAddress(c, c.var.service.config)}${url.pathname}${url.search}>; rel="${rel}"`;
  };
  return [
    ...(page > 1 ? [to(Math.min(page - 1, Math.max(pages, 1)), 'prev')] : []),
    ...(page < pages ? [to(page + 1, 'next')] : []),
  ].join(', ');
}

async function show(c: AppContext): Promise<Response> {
  const actor = await authenticateWordPress(c, 'read');
  const site = await resolveSite(c, actor);
  const moderates = hasScope(actor, 'moderate');
  const context = c.req.query('context') ?? 'view';
  if (context !== 'view' && context !== 'embed' && context !== 'edit') {
    throw invalidParams({ context: 'context is not one of view, embed, and edit.' });
  }
  if (context === 'edit' && !moderates) {
    throw new WordPressError('rest_forbidden_context', 403, 'Sorry, you are not allowed to edit comments.');
  }
  const comment = await requireNumbered(c.var.service, site.id, numberParam(c));
  if (!moderates && !isPublic(comment)) {
    throw new WordPressError('rest_cannot_read', 403, 'Sorry, you are not allowed to read this comment.');
  }
  return c.json(viewWordPress(comment, context), 200);
}

function numberParam(c: AppContext): number {
  const text = c.req.param('id') ?? '';
  if (!/^\d{1,15}$/.test(text)) {
    throw new WordPressError('rest_comment_invalid_id', 404, 'Invalid comment ID.');
  }
  return Number(text);
}

async function create(c: AppContext): Promise<Response> {
  const { service } = c.var;
  const actor = await authenticateWordPress(c, 'submit');
  const site = await resolveSite(c, actor);
  const fromPage = await isPublicKey(c, actor);
  const data = await readParameters(c);
  requireNew(data, fromPage, hasScope(actor, 'moderate'));
  const fields = readFields(data);
  checkFields(fields, site.settings);
  const parent = await parentOf(c, site, data.parent);
  const circumstances = fromPage ? browserCircumstances(c) : readCircumstances(data);
  const { id } = await checkComment(service, site, toSubmission(fields, circumstances, parent), {
    ...(fromPage && { altcha: textOf(data.altcha) || null }),
    // As in WordPress: who moderates is no flood.
    limitFlood: !hasScope(actor, 'moderate'),
  });
  const stored = await requireById(c, site, id);
  const wanted = readStatus(data.status);
  if (wanted !== null) await changeStatus(service, site.id, actor, stored, wanted);
  const comment = wanted === null ? stored : await requireById(c, site, id);
  const location = `${publicAddress(c, service.config)}${PATH}/${comment.number}`;
  return c.json(viewFor(actor, fromPage, comment), 201, { location });
}

function requireNew(data: Parameters, fromPage: boolean, moderates: boolean): void {
  if (data.id !== undefined) {
    throw new WordPressError('rest_comment_exists', 400, 'Cannot create existing comment.');
  }
  if (data.type !== undefined && data.type !== '' && data.type !== 'comment') {
    const message = 'Cannot create a comment with that type.';
    throw new WordPressError('rest_invalid_comment_type', 400, message);
  }
  const forbidden = (name: string) =>
    new WordPressError(
      `rest_comment_invalid_${name}`,
      403,
      `Sorry, you are not allowed to edit '${name}' for comments.`,
    );
  if (data.author !== undefined && textOf(data.author) !== '0') {
    if (!moderates) throw forbidden('author');
    throw new WordPressError('rest_comment_author_invalid', 400, 'Invalid comment author ID.');
  }
  if (data.author_ip !== undefined && fromPage) throw forbidden('author_ip');
  if (data.status !== undefined && !moderates) throw forbidden('status');
  if (!isPostId(textOf(data.post))) {
    const message = 'Sorry, you are not allowed to create this comment without a post.';
    throw new WordPressError('rest_comment_invalid_post_id', 403, message);
  }
}

function readFields(data: Parameters): CommentFields {
  return {
    post: textOf(data.post),
    authorName: textOf(data.author_name),
    authorEmail: textOf(data.author_email),
    authorUrl: textOf(data.author_url),
    content: contentOf(data.content) ?? '',
  };
}

/** A text, or `{raw}` as it comes back in the context `edit`. */
function contentOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  const raw: unknown =
    typeof content === 'object' && content !== null ? Reflect.get(content, 'raw') : undefined;
  return typeof raw === 'string' ? raw : undefined;
}

async function parentOf(c: AppContext, site: SiteContext, given: unknown): Promise<string | null> {
  const text = textOf(given);
  if (text === '' || text === '0') return null;
  const wrong = invalidParams({ parent: 'parent must be a comment on the same post.' });
  if (!/^\d{1,15}$/.test(text)) throw wrong;
  const parent = await requireNumbered(c.var.service, site.id, Number(text)).catch(() => null);
  if (!parent) throw wrong;
  return parent.id;
}

function readStatus(given: unknown): WordPressStatus | null {
  if (given === undefined) return null;
  const status = WORDPRESS_STATUSES.find((one) => one === textOf(given));
  if (!status) throw invalidParams({ status: `status is not one of ${WORDPRESS_STATUSES.join(', ')}.` });
  return status;
}

async function requireById(c: AppContext, site: SiteContext, id: string): Promise<NumberedComment> {
  const comment = await findNumberedById(c.var.service.db, site.id, id);
  if (!comment) throw new WordPressError('rest_comment_failed_create', 500, 'Creating comment failed.');
  return comment;
}

/** Whoever writes in a page learns whether the comment is shown, not why it is not. */
function viewFor(actor: Actor, fromPage: boolean, comment: NumberedComment): Record<string, unknown> {
  const viewed = viewWordPress(comment, hasScope(actor, 'moderate') ? 'edit' : 'view');
  return fromPage && comment.status !== 'approved' ? { ...viewed, status: 'hold' } : viewed;
}

/** What a change changes; what else an answer held may be sent back as it was, and what no comment has is passed over. */
const CHANGEABLE = new Set(['content', 'status']);

async function change(c: AppContext): Promise<Response> {
  const { service } = c.var;
  const actor = await authenticateWordPress(c, 'moderate');
  const site = await resolveSite(c, actor);
  const data = await readParameters(c);
  const comment = await requireNumbered(service, site.id, numberParam(c));
  const before = viewWordPress(comment, 'edit');
  for (const [name, value] of Object.entries(data)) {
    if (CHANGEABLE.has(name) || !Object.hasOwn(before, name) || isSame(value, before[name])) continue;
    throw invalidParams({ [name]: `${name} of a comment cannot be changed here: content and status can.` });
  }
  const content = data.content === undefined ? undefined : contentOf(data.content);
  if (data.content !== undefined && content === undefined) {
    throw invalidParams({ content: 'content is not of type string or object with raw.' });
  }
  const status = readStatus(data.status === comment.status ? undefined : data.status);
  if (content !== undefined && content !== comment.content) {
    checkFields({ ...NOBODY, post: comment.post_id, content }, { ...site.settings, ...NOTHING_REQUIRED });
    await editComment(service, site, comment.id, content);
  }
  if (status !== null) {
    await changeStatus(service, site.id, actor, await requireById(c, site, comment.id), status);
  }
  return c.json(viewWordPress(await requireById(c, site, comment.id), 'edit'), 200);
}

const NOBODY = { authorName: '', authorEmail: '', authorUrl: '' };
const NOTHING_REQUIRED = { require_name: false, require_email: false };

/** A form and a query have texts alone: `12` for 12. */
function isSame(given: unknown, held: unknown): boolean {
  if (JSON.stringify(given) === JSON.stringify(held)) return true;
  return textOf(held) !== '' && textOf(given) === textOf(held);
}

async function remove(c: AppContext): Promise<Response> {
  const { service } = c.var;
  const actor = await authenticateWordPress(c, 'moderate');
  const site = await resolveSite(c, actor);
  const force = readBoolean(await readParameters(c), 'force');
  const comment = await requireNumbered(service, site.id, numberParam(c));
  const previous = viewWordPress(comment, 'edit');
  if (force) {
    await removeComment(service, site.id, actor, comment.id);
    return c.json({ deleted: true, previous }, 200);
  }
  if (comment.status === 'trash') {
    throw new WordPressError('rest_already_trashed', 410, 'The comment has already been trashed.');
  }
  await changeStatus(service, site.id, actor, comment, 'trash');
  return c.json(viewWordPress(await requireById(c, site, comment.id), 'edit'), 200);
}
