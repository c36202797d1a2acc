/** The options of a command about one site. */

import type { Command } from 'commander';
import { z } from 'zod';
import { DEMO_SLUG } from '../moderation/site/sites.ts';
import { addDoorOptions, type Door, type DoorOptions } from './door.ts';

export interface SiteOptions extends DoorOptions {
  readonly site?: string;
  readonly json?: boolean;
}

export function addSiteOptions(command: Command): Command {
  return addDoorOptions(command)
    .option('--site <slug>', 'the site; optional if there is only one')
    .option('--json', 'print JSON');
}

/** The query that names a site: empty for the only one there is. */
export function siteQuery(site: string | undefined): string {
  return pathOf('', site);
}

/** The path, with the site in its query; `path` may have a query already. */
export function pathOf(path: string, site: string | undefined): string {
  if (site === undefined) return path;
  return `${path}${path.includes('?') ? '&' : '?'}site=${encodeURIComponent(site)}`;
}

const sitesShape = z.object({ items: z.array(z.looseObject({ id: z.string(), slug: z.string() })) });

/** Gives the slug for the id of a site, because commands take slugs; `all sites` for null. */
export async function nameSites(door: Door): Promise<(id: string | null) => string> {
  const { items } = await door.call(sitesShape, 'GET', '/v1/sites');
  const slugs = new Map(items.map(({ id, slug }) => [id, slug]));
  return (id) => (id === null ? 'all sites' : (slugs.get(id) ?? id));
}

/** The id of the site with a slug, or of the only site. @throws {Error} names the sites that exist. */
export async function findSiteId(door: Door, slug: string | undefined): Promise<string> {
  const { items } = await door.call(sitesShape, 'GET', '/v1/sites');
  // Only a site of real readers is meant where none is named, as in the API.
  const real = items.filter((site) => site.slug !== DEMO_SLUG);
  const found =
    slug === undefined ? (real.length > 0 ? real : items) : items.filter((site) => site.slug === slug);
  const [site, second] = found;
  if (site && !second) return site.id;
  const slugs = items.map((one) => one.slug).join(', ');
  throw new Error(
    slug === undefined
      ? `there are several sites, name one with --site: ${slugs}`
      : `there is no site “${slug}”, only: ${slugs}`,
  );
}
