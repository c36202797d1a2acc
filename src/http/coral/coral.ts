/** Coral's external moderation phase: `PUT /v1/coral` connects a Coral, `POST /coral/{site}` is what it calls. */
import { z } from '@hono/zod-openapi';
import { isId } from '../../core/id.ts';
import { answerCoral, connectCoral, disconnectCoral, isFromCoral } from '../../moderation/clients/coral.ts';
import { readSiteContext } from '../../moderation/site/site-context.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { BODY_LIMIT_BYTES, decodeUtf8, parseJson, readBytes, validate } from '../routing/body.ts';
import { publicAddress } from '../routing/client-address.ts';
import { ProblemError } from '../routing/problem.ts';
import { limitRate } from '../routing/rate-limit.ts';
import { addRoute } from '../routing/route.ts';

/** Loose: Coral adds fields from version to version. */
const request = z.looseObject({
  action: z.enum(['NEW', 'EDIT']),
  comment: z.looseObject({ body: z.string() }),
  author: z.looseObject({ role: z.string() }),
});

const PATH = '/coral/:site';

export function addCoral(app: App): void {
  addRoute(app, {
    method: 'put',
    path: '/v1/coral',
    tag: 'Coral',
    summary: 'Connect a Coral',
    description:
      "Takes the signing secret of Coral's external moderation phase, and the one before it while Coral rotates. `callback_url` is what to enter there.",
    scope: 'admin',
    body: z.strictObject({
      signing_secrets: z
        .array(z.string().regex(/^[\x21-\x7e]{16,200}$/, 'As Coral shows it.'))
        .min(1)
        .max(2),
    }),
    answers: {
      200: { description: 'Connected.', schema: z.object({ callback_url: z.string() }) },
    },
    problems: [],
    handle: async (call) => {
      await connectCoral(call.service, call.site.id, call.actor, call.body.signing_secrets);
      return call.c.json(
        { callback_url: `${publicAddress(call.c, call.service.config)}/coral/${call.site.id}` },
        200,
      );
    },
  });
  addRoute(app, {
    method: 'delete',
    path: '/v1/coral',
    tag: 'Coral',
    summary: 'Disconnect the Coral',
    scope: 'admin',
    answers: { 204: { description: 'It may ask no more.', schema: null } },
    problems: ['not_found'],
    handle: async (call) => {
      await disconnectCoral(call.service, call.site.id, call.actor);
      return call.c.body(null, 204);
    },
  });
  app.post(PATH, async (c) => {
    c.set('route', '/coral/{site}');
    return await takeRequest(c);
  });
}

async function takeRequest(c: AppContext): Promise<Response> {
  const { service } = c.var;
  const siteId = c.req.param('site') ?? '';
  const bytes = await readBytes(c, BODY_LIMIT_BYTES);
  const signatures = c.req.header('x-coral-signature') ?? '';
  const known = isId(siteId) && (await isFromCoral(service, siteId, signatures, bytes));
  const site = known ? await readSiteContext(service, siteId) : null;
  if (site === null)
    throw new ProblemError('unauthenticated', 'This is not signed by a Coral that is connected.');
  await limitRate(c, { kind: 'system', id: `coral:${siteId}`, name: 'coral', siteId, scopes: [] });
  const { comment, author } = validate(request, parseJson(decodeUtf8(bytes)));
  const answer = answerCoral(service, site, { body: comment.body, role: author.role });
  return answer === null ? c.body(null, 204) : c.json(answer, 200);
}
