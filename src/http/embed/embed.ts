/** `/embed.js`, and where its form goes without script. */

import type { Settings } from '../../moderation/site/settings.ts';
import { checkComment } from '../../moderation/submit/check.ts';
import { prepareFields, schemaFor, toSubmission } from '../api/submission-body.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { sendAsset } from '../routing/asset.ts';
import { authenticateAs, resolveSite } from '../routing/auth.ts';
import { BODY_LIMIT_BYTES, readData, validate } from '../routing/body.ts';
import { browserCircumstances, ownPage } from '../routing/cors.ts';
import { logFault } from '../routing/log-fault.ts';
import { ProblemError, toProblem } from '../routing/problem.ts';
import { answerAgain, answerThanks } from './embed-answer.ts';
import { plainStringsFor, readAcceptLanguage } from './plain-strings.ts';

const FORM_PATH = '/embed/comments';

/** Mounts both. */
export function addEmbed(app: App): void {
  app.get('/embed.js', async (c) => {
    c.set('route', '/embed.js');
    const asset = await c.var.service.readAsset('embed.js');
    if (!asset) throw new ProblemError('not_found', 'The form was not built: run “npm run build”.');
    return sendAsset(c, asset, {
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
  const { key = '', lang, ...fields }: Partial<Record<string, string>> = { ...data };
  // The page knows its language better than the browser.
  const strings = plainStringsFor(lang ? [lang] : readAcceptLanguage(c.req.header('accept-language')));
  let settings = NOTHING_KNOWN;
  let back: string | null | undefined;
  try {
    const actor = await authenticateAs(c, key, 'submit', true);
    back = await ownPage(c, actor, fields.post_url);
    const site = await resolveSite(c, actor);
    settings = site.settings;
    const body = validate(schemaFor(site.settings), prepareFields(fields, true, c.var.service.now()).fields);
    // A page's word for where the article is counts when it is about a page of the key's own.
    const postUrl = back === null ? null : (body.post_url ?? null);
    const submission = { ...toSubmission(body), ...browserCircumstances(c), postUrl };
    const { id, status } = await checkComment(c.var.service, site, submission, {
      altcha: body.altcha ?? null,
    });
    return answerThanks(c, {
      strings,
      back,
      content: body.content,
      commentId: status === 'approved' ? id : null,
    });
  } catch (thrown) {
    const error = toProblem(thrown);
    // Who has not shown a good key from its origin gets no form here to go on with.
    if (c.get('actor') === undefined || error.code === 'internal') throw thrown;
    logFault(c, thrown, error.code);
    // An address that is none of the key's goes; one that could not be looked at stays.
    const kept = { ...fields, lang, ...(back !== undefined && { post_url: back ?? '' }) };
    return answerAgain(c, { strings, key, fields: kept, settings, back: back ?? null, error });
  }
}

const NOTHING_KNOWN: Pick<Settings, 'require_name' | 'require_email'> = {
  require_name: true,
  require_email: true,
};
