/** The options of a command about one site. */
import type { Command } from 'commander';
import { addDoorOptions, type DoorOptions } from './door.ts';

export interface SiteOptions extends DoorOptions {
  readonly site?: string;
  readonly json?: boolean;
}

export function addSiteOptions(command: Command): Command {
  return addDoorOptions(command)
    .option('--site <slug>', 'the site; may be left out when there is only one')
    .option('--json', 'print one JSON object');
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
