/** `leave-a-reply site`: creates, lists and changes sites. */
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { findSiteId } from './site-options.ts';
import { printLine, printTable } from './terminal.ts';

const siteShape = z.looseObject({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  url: z.string().nullable(),
  active_model: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
});

interface CreateOptions extends DoorOptions {
  readonly name?: string;
  readonly url?: string;
  readonly json?: boolean;
}

type Settings = Readonly<Record<string, unknown>>;

/** Adds `site list`, `site create`, `site settings` and `site set` to the command line. */
export function registerSites(program: Command): void {
  const site = program.command('site').summary('create, list and configure sites');
  addDoorOptions(site.command('list'))
    .description('Lists the sites, oldest first.')
    .option('--json', 'print JSON')
    .action(listSites);
  addDoorOptions(site.command('create'))
    .description('Creates a site and prints its id.')
    .argument('<slug>', 'its short name: lower-case letters, digits and hyphens')
    .option('--name <name>', 'the name that people read; the slug if left out')
    .option('--url <url>', 'the address of its front page')
    .option('--json', 'print JSON')
    .action(createSite);
  addDoorOptions(site.command('settings'))
    .description('Prints the settings of a site, one per line. docs/settings.md explains each.')
    .argument('[slug]', 'the site; optional if there is only one')
    .option('--json', 'print JSON')
    .action(showSettings);
  addDoorOptions(site.command('set'))
    .description(
      'Changes settings of a site; the others stay as they are. A value is JSON, or a text without quotes: ' +
        'max_links=3, premoderate=true, proof_of_work=attack.',
    )
    .argument('<settings...>', 'NAME=VALUE, one or more', readPair)
    .option('--site <slug>', 'the site; optional if there is only one')
    .action(changeSettings);
}

async function listSites(options: DoorOptions & { readonly json?: boolean }): Promise<void> {
  const { items } = await withDoor(options, (door) =>
    door.call(z.object({ items: z.array(siteShape) }), 'GET', '/v1/sites'),
  );
  if (options.json) {
    printLine(JSON.stringify({ items }));
    return;
  }
  printTable([
    ['slug', 'name', 'address', 'active model', 'id'],
    ...items.map(({ slug, name, url, active_model, id }) => [
      slug,
      name,
      url ?? '-',
      active_model ?? '-',
      id,
    ]),
  ]);
}

async function createSite(slug: string, { name = slug, url, json, ...door }: CreateOptions): Promise<void> {
  const created = await withDoor(door, (opened) =>
    opened.call(siteShape, 'POST', '/v1/sites', { slug, name, ...(url !== undefined && { url }) }),
  );
  printLine(json ? JSON.stringify(created) : created.id);
}

async function showSettings(
  slug: string | undefined,
  options: DoorOptions & { readonly json?: boolean },
): Promise<void> {
  const { settings } = await withDoor(options, async (door) =>
    door.call(siteShape, 'GET', `/v1/sites/${await findSiteId(door, slug)}`),
  );
  if (options.json) printLine(JSON.stringify(settings));
  else for (const [name, value] of Object.entries(settings)) printLine(`${name}=${JSON.stringify(value)}`);
}

async function changeSettings(
  settings: Settings,
  options: DoorOptions & { readonly site?: string },
): Promise<void> {
  const changed = await withDoor(options, async (door) =>
    door.call(siteShape, 'PATCH', `/v1/sites/${await findSiteId(door, options.site)}`, { settings }),
  );
  for (const name of Object.keys(settings)) printLine(`${name}=${JSON.stringify(changed.settings[name])}`);
}

/** @throws {InvalidArgumentError} for what is not NAME=VALUE. */
function readPair(pair: string, before: Settings = {}): Settings {
  const at = pair.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`“${pair}” must have the form NAME=VALUE, such as max_links=3.`);
  const [name, text] = [pair.slice(0, at), pair.slice(at + 1)];
  try {
    const value: unknown = JSON.parse(text);
    return { ...before, [name]: value };
  } catch {
    return { ...before, [name]: text };
  }
}
