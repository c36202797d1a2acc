/** `leave-a-reply key`: creates, lists and revokes API keys. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { SCOPES } from '../moderation/actor.ts';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { nameSites } from './site-options.ts';
import { printError, printLine, printTable } from './terminal.ts';

const created = z.looseObject({ id: z.string(), key: z.string() });
const listed = z.object({
  items: z.array(
    z.looseObject({
      id: z.string(),
      site_id: z.string().nullable(),
      name: z.string(),
      scopes: z.array(z.string()),
      expires_at: z.string().nullable(),
      revoked_at: z.string().nullable(),
      last_used_at: z.string().nullable(),
    }),
  ),
});

interface CreateOptions extends DoorOptions {
  readonly scope: readonly string[];
  readonly site?: string;
  readonly name?: string;
  readonly expires?: string;
  readonly origin?: readonly string[];
  readonly json?: boolean;
}

/** Adds `key create`, `key list` and `key revoke` to the command line. */
export function registerKey(program: Command): void {
  const key = program.command('key').summary('create, list and revoke API keys');
  addDoorOptions(key.command('create'))
    .description('Creates a key and prints it. The key is shown only now, because only its hash is stored.')
    .addOption(
      new Option(
        '--scope <scopes...>',
        `what it may do, separated by spaces or commas: ${SCOPES.join(', ')}; admin is for all sites`,
      )
        .argParser(readScopes)
        .makeOptionMandatory(),
    )
    .option('--site <slug>', 'the site of the key; optional if there is only one site')
    .option('--name <name>', 'who or what uses it, as `key list` shows it')
    .option('--expires <date>', 'when it expires, such as 2027-01-31T00:00:00Z')
    .option('--origin <origins...>', 'the origins of the pages that may use it, which makes it a public key')
    .option('--json', 'print JSON')
    .action(createKey);
  addDoorOptions(key.command('list'))
    .description('Lists the keys, oldest first, without their secrets.')
    .option('--json', 'print JSON')
    .action(listKeys);
  addDoorOptions(key.command('revoke'))
    .description('Revokes a key: at once in this process, within a second in others.')
    .argument('<id>', 'its id: the part of the key between the underscores')
    .action(async (id: string, options: DoorOptions) => {
      await withDoor(options, (door) => door.call(z.null(), 'DELETE', `/v1/keys/${encodeURIComponent(id)}`));
      printLine(`The key ${id} is revoked.`);
    });
}

/** @throws {InvalidArgumentError} names the scopes that exist. */
function readScopes(text: string, before: readonly string[] = []): readonly string[] {
  const scopes = text.split(',').filter((scope) => scope !== '');
  const unknown = scopes.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown !== undefined) throw new InvalidArgumentError(`Use one or more of ${SCOPES.join(', ')}.`);
  return [...before, ...scopes];
}

async function createKey(options: CreateOptions): Promise<void> {
  const answer = await withDoor(options, (door) =>
    door.call(created, 'POST', '/v1/keys', {
      scopes: options.scope,
      site: options.site,
      name: options.name,
      expires_at: options.expires,
      allowed_origins: options.origin,
    }),
  );
  printLine(options.json ? JSON.stringify(answer) : answer.key);
  // Not on stdout, so that KEY=$(… key create …) takes the key only.
  if (!options.json) printError(`Its id, for "key revoke": ${answer.id}`);
}

async function listKeys(options: DoorOptions & { readonly json?: boolean }): Promise<void> {
  const { items, nameOf } = await withDoor(options, async (door) => ({
    ...(await door.call(listed, 'GET', '/v1/keys')),
    nameOf: await nameSites(door),
  }));
  if (options.json) {
    printLine(JSON.stringify({ items }));
    return;
  }
  const rows = items.map((item) => [
    item.id,
    item.name,
    item.scopes.join(' '),
    nameOf(item.site_id),
    item.revoked_at === null ? (item.expires_at ?? '-') : 'revoked',
    item.last_used_at ?? 'never',
  ]);
  printTable([['id', 'name', 'scopes', 'site', 'expires', 'last used'], ...rows]);
}
