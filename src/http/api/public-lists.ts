/** What the public reads at `/v1/comments`: a thread, the newest comments of a site, the numbers of comments. */
import { z } from '@hono/zod-openapi';
import {
  countComments,
  listPublicComments,
  listRecentComments,
} from '../../moderation/queue/public-comments.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { sendPage } from '../routing/page.ts';
import { addRoute } from '../routing/route.ts';
import { cursor, pageLimit, postId } from './fields.ts';

export const publicComment = z
  .object({
    id: z.string(),
    post: z.string(),
    parent: z.string().nullable(),
    author_name: z.string(),
    author_url: z.string().nullable(),
    content: z.string(),
    date_gmt: z.string(),
  })
  .openapi('PublicComment');

const removedComment = z
  .object({
    id: z.string(),
    parent: z.string().nullable(),
    date_gmt: z.string(),
    held: z.boolean().openapi({ description: 'It waits for a moderator; else it was removed.' }),
  })
  .openapi('RemovedComment');

const recentComment = publicComment
  .extend({
    post_url: z.string().nullable().openapi({ description: 'The address of the article; null: unknown.' }),
  })
  .openapi('RecentComment');

/** As many as a front page has articles; more would not fit into an address. */
const MAX_COUNTED_POSTS = 100;
/** A comment is public for a minute before every page shows its number. */
const COUNTS_SECONDS = 60;

export function addPublicLists(app: App): void {
  addThread(app);
  addCounts(app);
  addRecent(app);
}

function addThread(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/comments',
    tag: 'Comments',
    summary: 'List the approved comments of a post',
    scope: 'read',
    query: z.strictObject({
      post: postId(),
      order: z.enum(['oldest', 'newest']).default('oldest').openapi({
        description:
          '`newest` lists the newest comments first, replies included; `parent` still names the thread.',
      }),
      cursor: cursor(),
      limit: pageLimit(200, 50),
    }),
    answers: {
      200: {
        description: 'In the order of `order`. Never an e-mail or IP address, nor a hash of one.',
        schema: z.object({
          items: z.array(publicComment),
          removed: z.array(removedComment).openapi({
            description: 'Comments that are not shown and that the items answer: their place in the thread.',
          }),
          next_cursor: z.string().nullable(),
        }),
      },
    },
    problems: ['invalid_value'],
    handle: async (call) => {
      return sendPage(call.c, await listPublicComments(call.service, call.site, call.query));
    },
  });
}

function addCounts(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/comments/counts',
    tag: 'Comments',
    summary: 'Count the approved comments of many posts',
    description:
      'For pages that list articles. Repeat `post` for each of up to 100 articles. The answer may be cached for a minute.',
    scope: 'read',
    query: z.strictObject({
      post: z.array(postId()).min(1).max(MAX_COUNTED_POSTS).openapi({
        description: 'An article, as in the other calls; may be repeated.',
      }),
    }),
    answers: {
      200: {
        description: 'A number for each post, in the order of the query; 0 for an unknown post.',
        schema: z.object({ items: z.array(z.object({ post: z.string(), comments: z.int() })) }),
      },
    },
    problems: [],
    handle: async (call) => {
      const items = await countComments(call.service, call.site, call.query.post);
      allowCaching(call.c, COUNTS_SECONDS);
      return call.c.json({ items }, 200);
    },
  });
}

function addRecent(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/comments/recent',
    tag: 'Comments',
    summary: 'List the newest approved comments of a site',
    scope: 'read',
    query: z.strictObject({ cursor: cursor(), limit: pageLimit(100, 10) }),
    answers: {
      200: {
        description: 'Newest first, over all posts. Never an e-mail or IP address, nor a hash of one.',
        schema: z.object({ items: z.array(recentComment), next_cursor: z.string().nullable() }),
      },
    },
    problems: ['invalid_value'],
    handle: async (call) => {
      const { cursor: at, limit } = call.query;
      const page = await listRecentComments(call.service, call.site, at, limit);
      return sendPage(call.c, page);
    },
  });
}

/** Lets browsers and proxies keep an answer. It depends on the key, which names the site, and on the page's origin. */
function allowCaching(c: AppContext, seconds: number): void {
  c.header('cache-control', `public, max-age=${seconds}`);
  c.header('vary', 'authorization, cookie, origin');
}
