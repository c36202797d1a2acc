/** Where Akismet's endpoints are, and how a key is found in a call. */
import { createId } from '../../core/id.ts';
import { describeError } from '../../logging.ts';
import { authenticateAkismetKey } from '../../moderation/access/akismet-keys.ts';
import { toGuid } from '../../moderation/clients/akismet-answer.ts';
import type { AkismetCaller } from '../../moderation/outgoing/akismet-callback-key.ts';
import { readSiteContext, type SiteContext } from '../../moderation/site/site-context.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { clientAddress } from '../routing/client-address.ts';
import { ProblemError } from '../routing/problem.ts';
import { limitRate } from '../routing/rate-limit.ts';
import { answerBad, answerEndedKey, answerRefused, answerUnavailable } from './answer.ts';
import { type AkismetFields, readFields } from './read-fields.ts';

export const VERSIONS = ['1.1', '1.2'];

/** One call: the key is good, and this is its site. */
export interface AkismetCall {
  readonly c: AppContext;
  readonly fields: AkismetFields;
  readonly caller: AkismetCaller;
  readonly site: SiteContext;
}

/** Without the key in the path, and with it. */
export function pathsOf(version: string, name: string): readonly string[] {
  return [`/${version}/${name}`, `/k/:key/${version}/${name}`];
}

/**
 * Mounts an endpoint under both versions, with the key in the path or not. Other methods are told so by 200, too: what
 * is no 200, the clients take for a broken server.
 */
export function addEndpoint(
  app: App,
  methods: readonly ('GET' | 'POST')[],
  name: string,
  handle: (call: AkismetCall) => Promise<Response>,
): void {
  for (const version of VERSIONS) {
    for (const path of pathsOf(version, name)) {
      app.on([...methods], path, async (c) => {
        c.set('route', `/${version}/${name}`);
        if (name === 'comment-check') sendGuid(c);
        return await answer(c, handle);
      });
      app.all(path, (c) => {
        c.set('route', `/${version}/${name}`);
        return answerBad(c, 'invalid', `This takes ${methods.join(' or ')}.`);
      });
    }
  }
}

/**
 * For answers without a verdict; a verdict has its own. Newer versions of WordPress's plugin apply an answer to the
 * comment of the form, and be it to hold it, only when there is a guid to tell it by.
 */
function sendGuid(c: AppContext): void {
  const { service } = c.var;
  c.header('x-akismet-guid', toGuid(createId(service.now().getTime(), service.random(10))));
}

async function answer(c: AppContext, handle: (call: AkismetCall) => Promise<Response>): Promise<Response> {
  try {
    return await withKey(c, handle);
  } catch (error) {
    if (error instanceof ProblemError) return answerRefused(c, error);
    c.var.service.log.error('akismet-failed', {
      requestId: c.var.requestId,
      route: c.var.route,
      ...describeError(error),
    });
    return answerUnavailable(c);
  }
}

async function withKey(c: AppContext, handle: (call: AkismetCall) => Promise<Response>): Promise<Response> {
  const { service } = c.var;
  const fields = await readFields(c);
  const found = await authenticateAkismetKey(service, keyOf(c, fields), clientAddress(c, service.config));
  switch (found.state) {
    case 'throttled':
      return answerUnavailable(c, found.retryAfterSeconds);
    case 'ended':
      return answerEndedKey(c);
    case 'unknown':
      return answerBad(c, 'invalid', 'This key is not known here.');
  }
  const { actor, key } = found;
  const site = actor.siteId === null ? null : await readSiteContext(service, actor.siteId);
  if (!site) return answerBad(c, 'invalid', 'The site of this key is not there.');
  c.set('actor', actor);
  await limitRate(c, actor);
  return await handle({ c, fields, caller: { actor, key }, site });
}

/**
 * The key of a call. What the body names goes before the host's label, which may look like a key and be none; `key`
 * before `api_key`, for WordPress's plugin verifies a new key in the one while it still has the old one in the other.
 */
function keyOf(c: AppContext, fields: AkismetFields): string {
  const named = fields.get('key')?.trim() || fields.get('api_key')?.trim() || c.req.param('key');
  if (named) return named;
  const [label = '', ...rest] = (c.req.header('host') ?? new URL(c.req.url).host).split('.');
  return rest.length > 0 ? label : '';
}
