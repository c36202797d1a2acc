/**
 * Akismet's wire contract, so that its clients can be pointed here: docs/akismet.md says how each is. Answers are text,
 * and always 200.
 */
import { parseUrl } from '../../core/parse-url.ts';
import { answerCheck, takeFeedback } from '../../moderation/clients/akismet-check.ts';
import { isOwnCallback } from '../../moderation/outgoing/akismet-callbacks.ts';
import type { App } from '../routing/app-context.ts';
import { answerBad, answerText } from './answer.ts';
import { type AkismetCall, addEndpoint, pathsOf, VERSIONS } from './endpoint.ts';
import type { AkismetFields } from './read-fields.ts';
import { readRequest } from './read-request.ts';
import { addUsageRoutes } from './usage-routes.ts';

const THANKS = 'Thanks for making the web a better place.';

export function addAkismet(app: App): void {
  addEndpoint(app, ['POST'], 'verify-key', async (call) => verifyKey(call));
  addEndpoint(app, ['POST'], 'comment-check', async (call) => await checkComment(call));
  addEndpoint(app, ['POST'], 'submit-spam', async (call) => await report(call, 'spam'));
  addEndpoint(app, ['POST'], 'submit-ham', async (call) => await report(call, 'ham'));
  addEndpoint(app, ['POST'], 'deactivate', async ({ c }) => answerText(c, 'deactivated'));
  addUsageRoutes(app);
  for (const version of VERSIONS) {
    for (const path of pathsOf(version, 'test')) app.all(path, (c) => answerText(c, 'connected'));
    // Signing in with a WordPress.com account is not ours to offer.
    for (const path of pathsOf(version, 'verify-wpcom-key')) app.all(path, (c) => answerText(c, 'invalid'));
  }
}

function verifyKey({ c, fields }: AkismetCall): Response {
  const help = blogFault(fields);
  return help === null ? answerText(c, 'valid') : answerBad(c, 'invalid', help);
}

/** What is wrong with the site's address that a client names, in Akismet's words. */
function blogFault(fields: AkismetFields): string | null {
  const blog = (fields.get('blog') ?? '').trim();
  if (blog === '') return 'Empty "blog" value';
  return blogHost(blog) === null ? 'We were unable to parse your blog URI' : null;
}

function blogHost(blog: string): string | null {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(blog) ? blog : `http://${blog}`;
  return parseUrl(address)?.host.slice(0, 255) || null;
}

async function checkComment({ c, fields, caller, site }: AkismetCall): Promise<Response> {
  const fault = blogFault(fields);
  if (fault !== null) return answerBad(c, 'invalid', fault);
  const ipMissing = (fields.get('user_ip') ?? '').trim() === '';
  if (ipMissing && !site.settings.akismet_allow_empty_ip) {
    return answerBad(c, 'Missing required field: user_ip.', 'Empty "user_ip" value');
  }
  const request = readRequest(fields);
  const callback =
    request.callback !== null && isOwnCallback(site, request.callback) ? request.callback : null;
  const answer = await answerCheck(c.var.service, site, caller, {
    ...request,
    callback,
    blog: blogHost(fields.get('blog') ?? '') ?? '',
  });
  return answerText(c, String(answer.spam), {
    'x-akismet-guid': answer.guid,
    ...(answer.spam && answer.discard && { 'x-akismet-pro-tip': 'discard' }),
    ...(answer.recheckAfterSeconds !== null && {
      'x-akismet-recheck-after': String(answer.recheckAfterSeconds),
    }),
    ...(answer.commentId !== null && { link: `</v1/comments/${answer.commentId}>; rel="describedby"` }),
    ...(request.callback !== callback && { 'x-callback-ignored': 'its host is not the one of the site' }),
  });
}

async function report({ c, fields, caller, site }: AkismetCall, label: 'spam' | 'ham'): Promise<Response> {
  const request = readRequest(fields);
  await takeFeedback(
    c.var.service,
    site,
    caller,
    { ...request, callback: null, blog: blogHost(fields.get('blog') ?? '') ?? '' },
    label,
  );
  return answerText(c, THANKS);
}
