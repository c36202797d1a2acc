/** Finds the thread of an article by what a client, a page or an export calls it. */
import { createHash } from 'node:crypto';
import { parseUrl } from '../../core/parse-url.ts';
import { identifyPost } from '../../core/post-identity.ts';
import type { Service } from '../../service.ts';
import { findPostNames } from '../../storage/posts.ts';

/** Of a name, in UTF-16 units. */
export const MAX_POST_LENGTH = 2000;
/** A key of PostgreSQL's indexes has 2,704 bytes with the site's id and what else stands in them. */
const MAX_POST_BYTES = 2000;
const KEPT_BYTES = 1800;

export interface NamingSite {
  readonly id: string;
  readonly url: string | null;
}

/** The name of a post as it is stored, or null when a text is none: nothing, or more than 2,000 characters. */
export function postIdOf(site: Pick<NamingSite, 'url'>, text: string): string | null {
  const name = identifyPost(text, site.url);
  if (name === '' || name.length > MAX_POST_LENGTH) return null;
  const bytes = Buffer.from(name);
  if (bytes.length <= MAX_POST_BYTES) return name;
  const hash = createHash('sha256').update(bytes).digest('base64url');
  // A character that the cut goes through is left out.
  return `${bytes
    .subarray(0, KEPT_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}~${hash}`;
}

/** A renamed or merged thread is found under its new name no later than this. */
const FRESH_MS = 1000;
const MAX_KNOWN = 10_000;
const caches = new WeakMap<Service['db'], Map<string, { readonly id: string; readonly at: number }>>();

/**
 * The id of the thread that a text names: the canonical form of it, or the thread that this is another name of. A text that
 * can name none is returned as it is, and names no thread.
 */
export async function resolvePost(service: Service, site: NamingSite, text: string): Promise<string> {
  const name = postIdOf(site, text);
  if (name === null) return text;
  const cache = cacheOf(service);
  const key = `${site.id} ${name}`;
  const now = service.now().getTime();
  const known = cache.get(key);
  if (known !== undefined && Math.abs(now - known.at) < FRESH_MS) return known.id;
  const id = (await findPostNames(service.db, site.id, [name])).get(name) ?? name;
  if (cache.size >= MAX_KNOWN) cache.clear();
  cache.set(key, { id, at: now });
  return id;
}

/** The ids of the threads that texts name, as {@link resolvePost} says, in their order and with one question. */
export async function resolvePosts(
  service: Service,
  site: NamingSite,
  texts: readonly string[],
): Promise<string[]> {
  const names = texts.map((text) => postIdOf(site, text));
  const asked = [...new Set(names.filter((name) => name !== null))];
  const known = await findPostNames(service.db, site.id, asked);
  return texts.map((text, at) => {
    const name = names[at] ?? null;
    return name === null ? text : (known.get(name) ?? name);
  });
}

/** The address of a thread that is named by one, or by a path of its site; null for any other name. */
export function addressOfPost(site: Pick<NamingSite, 'url'>, postId: string): string | null {
  if (/^https?:\/\//.test(postId)) return parseUrl(postId)?.href ?? null;
  if (!postId.startsWith('/') || site.url === null) return null;
  return parseUrl(`${parseUrl(site.url)?.origin ?? ''}${postId}`)?.href ?? null;
}

/** Makes the next look-ups see what was just renamed or merged. */
export function forgetPosts(service: Service): void {
  cacheOf(service).clear();
}

function cacheOf(service: Service) {
  const cache = caches.get(service.db) ?? new Map<string, { id: string; at: number }>();
  caches.set(service.db, cache);
  return cache;
}
