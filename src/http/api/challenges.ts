/** `/v1/challenges`: what a form in a page has to solve while a site asks for a proof of work. */
import { z } from '@hono/zod-openapi';
import { makeChallenge } from '../../moderation/submit/proof-of-work.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute } from '../routing/route.ts';

const challenge = z
  .object({
    parameters: z.object({
      algorithm: z.string(),
      nonce: z.string(),
      salt: z.string(),
      cost: z.int(),
      keyLength: z.int(),
      keyPrefix: z.string(),
      keySignature: z.string(),
      data: z.object({ expires: z.int().openapi({ description: 'When it is over, in ms since 1970.' }) }),
    }),
    signature: z.string(),
  })
  .openapi('Challenge');

export function addChallengeRoutes(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/challenges',
    tag: 'Comments',
    summary: 'Ask for a challenge',
    description:
      'ALTCHA, version 2: find the counter whose derived key begins with `keyPrefix`, and send base64 of `{"challenge": …, "solution": {"counter", "derivedKey"}}` as `altcha` with the comment. Good for one comment, for ten minutes. Needed when a submission with a public key is refused as `proof_of_work_required`.',
    scope: 'submit',
    answers: { 201: { description: 'A new challenge.', schema: challenge } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await makeChallenge(call.service, call.site.id), 201);
    },
  });
}
