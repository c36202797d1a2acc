/** `/v1/models/{version}/file`: a filter to take along. */
import { z } from '@hono/zod-openapi';
import { readModelFile } from '../../moderation/site/load-model.ts';
import type { App } from '../routing/app-context.ts';
import { addRoute } from '../routing/route.ts';
import { versionParam } from './training.ts';

export function addModelFileRoutes(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/models/{version}/file',
    tag: 'Training',
    summary: 'Download a version',
    description: 'The bytes that `classify --model` and `evaluate --model` read: hashed counts, no text.',
    scope: 'train',
    answers: {
      200: {
        description: 'The model.',
        schema: z.string().openapi({ format: 'binary' }),
        mediaType: 'application/octet-stream',
      },
    },
    problems: ['model_not_usable'],
    handle: async (call) => {
      const version = versionParam(call.c.req.param('version'));
      const bytes = await readModelFile(call.service, call.site.id, version);
      return call.c.body(new Uint8Array(bytes), 200, {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${version}.bin"`,
      });
    },
  });
}
