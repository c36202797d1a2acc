/** `POST /wp-comments-post.php`: where WordPress's comment form goes, for themes and pages that keep theirs. */
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Actor, hasScope } from '../../moderation/actor.ts';
import { moderationHash } from '../../moderation/clients/wordpress.ts';
import { isPublic } from '../../moderation/queue/public-comments.ts';
import { RefusedError } from '../../moderation/refused-error.ts';
import { resolvePost } from '../../moderation/site/post-identity.ts';
import type { SiteContext } from '../../moderation/site/site-context.ts';
import { checkComment } from '../../moderation/submit/check.ts';
import {
  findNumberedById,
  findNumberedComment,
  type NumberedComment,
} from '../../storage/clients/wordpress.ts';
import { findPost } from '../../storage/posts.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { authenticateAs, resolveSite } from '../routing/auth.ts';
import { publicAddress } from '../routing/client-address.ts';
import { browserCircumstances, isPublicKey } from '../routing/cors.ts';
import { logFault } from '../routing/log-fault.ts';
import { headersOf, ProblemError } from '../routing/problem.ts';
import { authenticateWordPress } from './authenticate.ts';
import { DUPLICATE, FLOOD, toWordPressError } from './error.ts';
import { CommentFault, checkFields, isPostId, toSubmission } from './read-body.ts';
import { readFormFields } from './read-parameters.ts';
import { commentAddress, type FormPage, postUrlOf } from './return-address.ts';

const PATH = '/wp-comments-post.php';

/** A refusal with WordPress's code for it; it goes into `X-WP-Error` and a page. */
class FormError extends Error {
  override readonly name = 'FormError';
  readonly code: string;
  readonly status: ContentfulStatusCode;

  constructor(code: string, status: ContentfulStatusCode, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function addWordPressForm(app: App): void {
  app.all(PATH, async (c) => {
    c.set('route', PATH);
    if (c.req.method !== 'POST') return c.body(null, 405, { allow: 'POST' });
    try {
      return await takeForm(c);
    } catch (error) {
      return answerFault(c, toFormError(error), error);
    }
  });
}

async function takeForm(c: AppContext): Promise<Response> {
  const { service } = c.var;
  const form = await readFormFields(c);
  const actor = await authenticateForm(c, form.key);
  const site = await resolveSite(c, actor);
  const named = (form.comment_post_ID ?? '').trim();
  if (!isPostId(named)) {
    throw new FormError('comment_id_not_found', 404, 'Sorry, there is no such post.');
  }
  const post = await resolvePost(service, site, named);
  const fields = {
    post,
    authorName: form.author ?? '',
    authorEmail: form.email ?? '',
    authorUrl: form.url ?? '',
    content: form.comment ?? '',
  };
  checkFields(fields, site.settings);
  const parent = await parentOf(c, site, post, form.comment_parent);
  // A server that passes a form on speaks for its own readers: what the service sees of it is no reader's.
  const fromPage = await isPublicKey(c, actor);
  const page: FormPage = {
    redirectTo: form.redirect_to,
    referer: c.req.header('referer'),
    origin: c.req.header('origin') ?? (site.url === null ? undefined : new URL(site.url).origin),
    fromBrowser: fromPage,
    post,
  };
  const sender = fromPage ? browserCircumstances(c) : { authorIp: null, authorUserAgent: null };
  const submission = {
    ...toSubmission(fields, { ...sender, dateGmt: null }, parent),
    postUrl: await newPostUrl(c, site, page),
  };
  const { id } = await checkComment(service, site, submission, {
    ...(fromPage && { altcha: form.altcha ?? null }),
    limitFlood: !hasScope(actor, 'moderate'),
  });
  const comment = await findNumberedById(service.db, site.id, id);
  if (!comment) throw new FormError('comment_save_error', 500, 'The comment could not be saved.');
  return sendBack(c, page, comment, form['wp-comment-cookies-consent'] !== undefined);
}

/** A guess fills a gap: it does not replace what a client has said. */
async function newPostUrl(c: AppContext, site: SiteContext, page: FormPage): Promise<string | null> {
  const guess = postUrlOf(page);
  if (guess === null) return null;
  const known = await findPost(c.var.service.db, site.id, page.post);
  return known?.url ? null : guess;
}

/** A page's form carries its public key in a field; a server that passes a form on, in a header. */
async function authenticateForm(c: AppContext, key: string | undefined): Promise<Actor> {
  if (key !== undefined) return await authenticateAs(c, key, 'submit');
  return await authenticateWordPress(c, 'submit');
}

async function parentOf(
  c: AppContext,
  site: SiteContext,
  post: string,
  given: string | undefined,
): Promise<string | null> {
  const text = (given ?? '').trim();
  if (text === '' || text === '0') return null;
  const parent = /^\d{1,15}$/.test(text)
    ? await findNumberedComment(c.var.service.db, site.id, Number(text))
    : null;
  if (!parent || !isPublic(parent) || parent.post_id !== post) {
    const message = 'Sorry, replies to unapproved comments are not allowed.';
    throw new FormError('comment_reply_to_unapproved_comment', 403, message);
  }
  return parent.id;
}

/** WordPress answers a 302 always: a server of which no page is known is sent to the comment itself. */
function sendBack(c: AppContext, page: FormPage, comment: NumberedComment, consented: boolean): Response {
  const { service } = c.var;
  const url = commentAddress(page, comment);
  if (url === null) {
    return c.redirect(`${publicAddress(c, service.config)}/wp-json/wp/v2/comments/${comment.number}`, 302);
  }
  if (comment.status !== 'approved' && !consented) {
    url.searchParams.set('unapproved', comment.number);
    url.searchParams.set('moderation-hash', moderationHash(service, comment.id));
  }
  return c.redirect(url.href, 302);
}

const statusOfFault: ReadonlyMap<string, ContentfulStatusCode> = new Map(
  Object.entries({
    comment_content_column_length: 413,
  }),
);

const refusals: ReadonlyMap<string, readonly [string, ContentfulStatusCode, string]> = new Map(
  Object.entries({
    duplicate: ['comment_duplicate', 409, DUPLICATE],
    flood: ['comment_flood', 429, FLOOD],
    post_closed: ['comment_closed', 403, 'Sorry, comments are closed for this item.'],
    parent_not_found: [
      'comment_reply_to_unapproved_comment',
      403,
      'Sorry, replies to unapproved comments are not allowed.',
    ],
    unauthenticated: ['not_logged_in', 403, 'Sorry, you must be logged in to comment.'],
  }),
);

/** WordPress answers 200 to most of its own refusals, which no client can tell from success: these do not. */
function toFormError(error: unknown): FormError {
  if (error instanceof FormError) return error;
  if (error instanceof CommentFault) {
    return new FormError(error.formCode, statusOfFault.get(error.formCode) ?? 422, error.message);
  }
  const code = error instanceof RefusedError || error instanceof ProblemError ? error.code : '';
  const known = refusals.get(code);
  if (known) return new FormError(...known);
  const other = toWordPressError(error);
  return new FormError(other.status >= 500 ? 'comment_save_error' : other.code, other.status, other.message);
}

function answerFault(
  c: AppContext,
  { code, status, message }: FormError,
  thrown: unknown,
): Response | Promise<Response> {
  if (status >= 500) logFault(c, thrown, code);
  return c.html(page('Comment Submission Failure', `Error: ${message}`), status, {
    'x-wp-error': code,
    ...headersOf(thrown),
  });
}

function page(title: string, text: string) {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title></head><body id="error-page"><main><p>${text}</p></main></body></html>`;
}
