/** Serves `/openapi.json`, written from the routes' own schemas. */
import { z } from '@hono/zod-openapi';
import type { App } from './app-context.ts';
import { addOpenRoute } from './route.ts';
import { SECURE_NAME } from './session-cookie.ts';

/** What is answered here by other systems' contracts, for their own clients. */
const ELSEWHERE = `
Some paths follow the contracts of other systems and are not described here. What works and what differs is in
docs/compatibility.md of the project:

- Akismet: \`/1.1/{call}\`, \`/1.2/{call}\`, \`/k/{key}/1.1/{call}\`, \`/k/{key}/1.2/{call}\`
- WordPress: \`/wp-comments-post.php\`, \`/wp-json/wp/v2/comments\`, \`/wp-json/wp/v2/comments/{id}\`, also with a slash at
  the end
- Coral's external moderation phase: \`/coral/{site}\`
- Perspective, only for SPAM: \`/v1alpha1/comments:analyze\`, \`/v1alpha1/comments:suggestscore\`,
  \`/$discovery/rest\`

Pages and what they load: \`/\`, \`/moderate\`, \`/admin\`, \`/sign-in\`, \`/invitation\`, \`/demo\`, \`/assets/{name}\`,
\`/embed.js\`, and \`/embed/comments\`, the target of the form without JavaScript.`;

const info = {
  openapi: '3.1.0',
  info: {
    title: 'leave-a-reply',
    version: '1',
    description:
      'The service behind the "Leave a Reply" form. Errors are RFC 9457 problem documents with a stable `code`: see /docs/problems.\n' +
      ELSEWHERE,
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
};

export function addOpenApi(app: App): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key. Its scopes say what it may do; `admin` includes all.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: SECURE_NAME,
    description:
      'The session of a signed-in browser; over http on this machine without `__Host-`. It works only from the pages of this service.',
  });
  let text: string | undefined;
  addOpenRoute(app, {
    method: 'get',
    path: '/openapi.json',
    tag: 'Documentation',
    summary: 'Read this document',
    answers: {
      200: {
        description: 'OpenAPI 3.1.',
        schema: z.looseObject({ openapi: z.literal('3.1.0'), paths: z.looseObject({}) }),
      },
    },
    handle: (c) => {
      text ??= JSON.stringify(app.getOpenAPI31Document(info));
      return c.body(text, 200, { 'content-type': 'application/json' });
    },
  });
}
