/** Names people, keys and sites that the API refers to by their ids. */
import { fill } from '../../strings/index.ts';
import { useReader } from './reader.tsx';
import { useResource } from './resource.tsx';

interface Named {
  readonly id: string;
  readonly name: string;
}
interface Site extends Named {
  readonly slug: string;
}

interface Sites {
  /** Names a site by its id; “all sites” for null. */
  readonly nameOf: (siteId: string | null) => string;
  /** Whether what belongs to a site, or to all of them (null), concerns the site with this slug. */
  readonly concerns: (siteId: string | null, slug: string) => boolean;
}

export function useSites(): Sites {
  const { t } = useReader();
  const sites = useResource<{ items: readonly Site[] }>('/v1/sites');
  const find = (siteId: string | null): Site | undefined => sites.data?.items.find(({ id }) => id === siteId);
  return {
    nameOf: (siteId) => (siteId === null ? t.allSites : (find(siteId)?.name ?? '…')),
    concerns: (siteId, slug) => siteId === null || find(siteId)?.slug === slug,
  };
}

interface Names {
  /** Who did something, of references such as `user:ID`, `key:ID`, `system:start`, `import:ID`. */
  readonly actor: (reference: string) => string;
  /** What an id belongs to: a user, a key or a site; the id itself when it is none of them. */
  readonly subject: (id: string) => string;
}

export function useNames(): Names {
  const { t } = useReader();
  const users = useResource<{ items: readonly Named[] }>('/v1/users');
  const keys = useResource<{ items: readonly Named[] }>('/v1/keys');
  const sites = useResource<{ items: readonly Named[] }>('/v1/sites');
  const find = (list: typeof users, id: string): string | undefined =>
    list.data?.items.find((one) => one.id === id)?.name;
  const actor = (reference: string): string => {
    const [kind, id = ''] = reference.split(':', 2);
    if (kind === 'user') return find(users, id) ?? t.formerUser;
    if (kind === 'key') return fill(t.keyNamed, { name: find(keys, id) ?? id.slice(0, 8) });
    if (kind === 'import') return t.anImport;
    return kind === 'system' ? t.theService : reference;
  };
  return { actor, subject: (id) => find(users, id) ?? find(keys, id) ?? find(sites, id) ?? id };
}
