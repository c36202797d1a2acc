/** A site with keys for it, made through the service's own use cases. */

import { createKey } from '../../src/moderation/access/keys.ts';
import type { Actor, Scope } from '../../src/moderation/actor.ts';
import { changeSite, createSite, type SiteView } from '../../src/moderation/site/sites.ts';
import { type Client, createClient } from './client.ts';
import type { TestService } from './databases.ts';

const system: Actor = { kind: 'system', id: 'test', name: 'test', siteId: null, scopes: ['admin'] };

export interface TestSite {
  readonly site: SiteView;
  /** A client with a key that has every scope of the site but `admin`. */
  readonly client: Client;
  readonly keyFor: (scopes: readonly Scope[], name?: string) => Promise<string>;
  /** A key that stands in the pages of an origin. */
  readonly publicKeyFor: (origin: string) => Promise<string>;
}

/** No audit draws and no flood limit unless the test asks for them: both would make its counts depend on chance. */
export async function createTestSite(
  service: TestService,
  slug = 'daily',
  settings: Record<string, unknown> = {},
): Promise<TestSite> {
  const site = await createSite(service, system, {
    slug,
    name: slug,
    settings: { audit_share: 0, flood_seconds: 0, ...settings },
  });
  const keyFor = async (scopes: readonly Scope[], name = 'test') =>
    (await createKey(service, system, { siteId: site.id, name, scopes })).key;
  const publicKeyFor = async (origin: string) => {
    const scopes = ['submit', 'read'] as const;
    const wanted = { siteId: site.id, name: 'page', scopes, allowedOrigins: [origin] };
    return (await createKey(service, system, wanted)).key;
  };
  const client = createClient(service, await keyFor(['submit', 'read', 'moderate', 'train'], 'desk'));
  return { site, client, keyFor, publicKeyFor };
}

/** A site whose pages are on https://daily.example. */
export async function createAddressedSite(service: TestService, slug: string): Promise<TestSite> {
  const made = await createTestSite(service, slug);
  await changeSite(service, system, made.site.id, { url: 'https://daily.example/' });
  return made;
}

export async function createAdminClient(service: TestService): Promise<Client> {
  const { key } = await createKey(service, system, { siteId: null, name: 'admin', scopes: ['admin'] });
  return createClient(service, key);
}

let count = 0;

/** A submission that no other equals. */
export function submission(fields: Record<string, unknown> = {}): Record<string, unknown> {
  count += 1;
  return {
    post: 'article-1',
    author_name: `Reader ${count}`,
    author_email: `reader${count}@example.org`,
    content: `I agree with the mayor on point ${count}: the bridge should be repaired before winter.`,
    ...fields,
  };
}
