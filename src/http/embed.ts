/** `/embed.js`, and where its form goes without script. */

import { checkComment } from '../moderation/check.ts';
import { RefusedError } from '../moderation/refused-error.ts';
import { dropEmpty, schemaFor, toSubmission } from './api/submission-body.ts';
import { authenticateAs, resolveSite } from './auth.ts';
import { BODY_LIMIT_BYTES, readData, toFieldErrors } from './body.ts';
import { browserCircumstances } from './cors.ts';
import { escapeHtml } from './html.ts';
import { ProblemError } from './problem.ts';
import type { App, AppContext } from './route.ts';

const FORM_PATH = '/embed/comments';
const LABELS: Readonly<Record<string, string>> = {
  '/content': 'Comment',
  '/author_name': 'Name',
  '/author_email': 'Email',
  '/author_url': 'Website',
};

/** Mounts both. */
export function addEmbed(app: App): void {
  app.get('/embed.js', async (c) => {
    c.set('route', '/embed.js');
    const asset = await c.var.service.readAsset('embed.js');
    if (!asset) throw new ProblemError('not_found', 'The form was not built: run “npm run build”.');
    return c.body(asset.body, 200, {
      'content-type': asset.contentType,
      'cache-control': 'public, max-age=3600',
      // A module of another origin is loaded with CORS; it is the same for everybody.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
  });
  app.post(FORM_PATH, async (c) => {
    c.set('route', FORM_PATH);
    return await takeForm(c);
  });
}

/** A form without script: the key stands in a field, the answer is a page. */
async function takeForm(c: AppContext): Promise<Response> {
  const { data, isForm } = await readData(c, BODY_LIMIT_BYTES, true);
  if (!isForm || typeof data !== 'object' || data === null) {
    throw new ProblemError('unsupported_media_type', 'Send the body as application/x-www-form-urlencoded.');
  }
  const { key, ...fields } = data as Record<string, string>;
  const actor = await authenticateAs(c, key ?? '', 'submit');
  const site = await resolveSite(c, actor);
  const prepared = dropEmpty(fields, true);
  const parsed = schemaFor(site.settings).safeParse(prepared);
  const back = backTo(c, fields.post_url);
  if (!parsed.success) {
    const wrong = toFieldErrors(parsed.error, '', prepared).map(
      ({ pointer, detail }) => `${LABELS[pointer] ?? pointer.slice(1)}: ${detail}`,
    );
    return c.html(page('Your comment was not sent', wrong, 'Go back and correct it', back), 422);
  }
  try {
    const submission = { ...toSubmission(parsed.data), ...browserCircumstances(c) };
    const { status } = await checkComment(c.var.service, site, submission);
    const said =
      status === 'approved' ? 'Your comment is published.' : 'Your comment is awaiting moderation.';
    return c.html(page('Thank you', [said], 'Back to the article', back), 201);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return c.html(page('Your comment was not sent', [error.message], 'Back to the article', back), 409);
  }
}

/** The article, when it is on the origin that the form came from: no other address is linked from here. */
function backTo(c: AppContext, address: string | undefined): string | null {
  if (address === undefined || !URL.canParse(address)) return null;
  const url = new URL(address);
  return url.origin === c.req.header('origin') ? url.href : null;
}

function page(title: string, lines: readonly string[], link: string, back: string | null): string {
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  const anchor = back === null ? '' : `<p><a href="${escapeHtml(back)}">${escapeHtml(link)}</a></p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title></head><body><main><h1>${escapeHtml(title)}</h1>
${paragraphs}
${anchor}</main></body></html>`;
}
