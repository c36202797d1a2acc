/** `/feeds/{site}/comments.atom`: the newest comments of a site that has switched its feed on, for feed readers. */
import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { listRecentComments, type RecentComment } from '../../moderation/queue/public-comments.ts';
import { readSiteContext } from '../../moderation/site/site-context.ts';
import { findSiteBySlug } from '../../storage/sites.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { isKnown } from '../routing/asset.ts';
import { publicAddress } from '../routing/client-address.ts';
import { ProblemError } from '../routing/problem.ts';
import { limitVisitor } from '../routing/rate-limit.ts';
import { addOpenRoute } from '../routing/route.ts';
import { type XmlPart, xml } from '../routing/xml.ts';

const ENTRIES = 50;
/** Feed readers ask every quarter of an hour or less often. */
const FRESH_SECONDS = 300;
const MAX_TITLE = 100;

export function addFeed(app: App): void {
  addOpenRoute(app, {
    method: 'get',
    path: '/feeds/{site}/comments.atom',
    tag: 'Comments',
    summary: 'Read the newest comments as a feed',
    description:
      'Atom (RFC 4287), without a key: only of a site with the setting `feed`. The newest 50 approved comments, as text.',
    answers: {
      200: { description: 'The feed.', schema: z.string(), mediaType: 'application/atom+xml' },
      304: { description: 'Unchanged since the `ETag` of `If-None-Match`.', schema: null },
    },
    problems: ['not_found', 'rate_limited'],
    handle: sendFeed,
  });
}

async function sendFeed(c: AppContext): Promise<Response> {
  const { service } = c.var;
  limitVisitor(c, '/feeds');
  const row = await findSiteBySlug(service.db, c.req.param('site') ?? '');
  const site = row ? await readSiteContext(service, row.id) : null;
  if (!row || !site?.settings.feed) {
    throw new ProblemError('not_found', 'There is no such feed. A site has one with the setting `feed`.');
  }
  const { items } = await listRecentComments(service, site, undefined, ENTRIES);
  const self = `${publicAddress(c, service.config)}/feeds/${encodeURIComponent(site.slug)}/comments.atom`;
  const body = writeFeed({ id: row.id, name: row.name, url: row.url, self, since: row.created_at }, items);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { 'cache-control': `public, max-age=${FRESH_SECONDS}`, etag };
  if (isKnown(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
  return c.body(body, 200, { ...headers, 'content-type': 'application/atom+xml; charset=utf-8' });
}

interface Feed {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  /** The address of the feed. */
  readonly self: string;
  readonly since: Date;
}

/** What readers wrote is text in every place: in titles and names, too. */
function writeFeed({ id, name, url, self, since }: Feed, comments: readonly RecentComment[]): string {
  const [updated = since.toISOString()] = comments
    .map(({ date_gmt }) => date_gmt)
    .sort()
    .reverse();
  return xml(
    'feed',
    { xmlns: 'http://www.w3.org/2005/Atom' },
    xml('id', {}, `urn:uuid:${id}`),
    xml('title', {}, `${name}: comments`),
    xml('updated', {}, updated),
    xml('link', { rel: 'self', type: 'application/atom+xml', href: self }),
    ...(url === null ? [] : [xml('link', { rel: 'alternate', href: url })]),
    ...comments.map(writeEntry),
  ).toDocument();
}

function writeEntry({ id, parent, author_name, author_url, content, date_gmt, post_url }: RecentComment) {
  const links: XmlPart[] = [
    ...(post_url === null
      ? []
      : [xml('link', { rel: 'alternate', href: `${post_url.split('#')[0]}#comment-${id}` })]),
    ...(parent === null
      ? []
      : [
          xml('thr:in-reply-to', {
            'xmlns:thr': 'http://purl.org/syndication/thread/1.0',
            ref: `urn:uuid:${parent}`,
          }),
        ]),
  ];
  return xml(
    'entry',
    {},
    xml('id', {}, `urn:uuid:${id}`),
    xml('title', {}, titleOf(content)),
    xml('updated', {}, date_gmt),
    xml('published', {}, date_gmt),
    xml(
      'author',
      {},
      xml('name', {}, author_name.trim() === '' ? 'Anonymous' : author_name),
      ...(author_url === null ? [] : [xml('uri', {}, author_url)]),
    ),
    ...links,
    xml('content', { type: 'text' }, content),
  );
}

/** The first words of a comment, cut between characters. */
function titleOf(content: string): string {
  const characters = Array.from(content.replace(/\s+/g, ' ').trim());
  return characters.length <= MAX_TITLE ? characters.join('') : `${characters.slice(0, MAX_TITLE).join('')}…`;
}
