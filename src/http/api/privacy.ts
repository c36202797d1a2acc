/** `/v1/privacy`: what a person may ask for under an address. */
import { z } from '@hono/zod-openapi';
import { erasePerson, exportPerson } from '../../moderation/privacy/personal-data.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute } from '../routing/route.ts';
import { email } from './fields.ts';

const exported = z
  .object({
    id: z.string(),
    post: z.string(),
    parent: z.string().nullable(),
    author_name: z.string(),
    author_url: z.string().nullable(),
    author_user_agent: z.string().nullable(),
    referrer: z.string().nullable(),
    content: z.string(),
    date_gmt: z.string(),
    received_at: z.string(),
    status: z.string(),
    verdict: z.string(),
    spam_probability: z.number().nullable(),
    label: z.string().nullable(),
  })
  .openapi('ExportedComment');

const body = z.strictObject({ email: email() });

export function addPrivacyRoutes(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/privacy/exports',
    tag: 'Privacy',
    summary: 'Export what is kept of a person',
    description:
      'By the pseudonyms of the address, strict and loose, under every live key. Check first that the person who asks has the address. Audited.',
    scope: 'admin',
    body,
    answers: {
      200: {
        description: 'The comments, oldest first; never a pseudonym.',
        schema: z.object({ comments: z.array(exported) }),
      },
    },
    problems: ['invalid_value'],
    handle: async (call) => {
      const comments = await exportPerson(call.service, call.site.id, call.actor, call.body.email);
      return call.c.json({ comments }, 200);
    },
  });
  addRoute(app, {
    method: 'post',
    path: '/v1/privacy/erasures',
    tag: 'Privacy',
    summary: 'Erase a person',
    description:
      'Deletes the comments written under the address with their decisions and labels, the samples that say the same, and cuts the address out of the texts of others. It cannot be undone. Audited.',
    scope: 'admin',
    body,
    answers: {
      200: {
        description: 'How much there was.',
        schema: z.object({ comments: z.int(), samples: z.int(), mentions: z.int() }),
      },
    },
    problems: ['invalid_value'],
    handle: async (call) => {
      return call.c.json(await erasePerson(call.service, call.site.id, call.actor, call.body.email), 200);
    },
  });
}
