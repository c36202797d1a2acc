/** `leave-a-reply key`: makes, lists and revokes API keys. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { SCOPES } from '../moderation/actor.ts';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { printLine, printTable } from './terminal.ts';

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
  const key = program.command('key').summary('make, list and revoke API keys');
  addDoorOptions(key.command('create'))
    .description('Makes a key and prints it; it is shown this once, only a hash of it is stored.')
    .addOption(
      new Option('--scope <scopes...>', 'what it may do; admin is for all sites')
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .option('--site <slug>', 'the site it is for; may be left out when there is only one')
    .option('--name <name>', 'who or what uses it')
    .option('--expires <date>', 'when it ends, such as 2027-01-31T00:00:00Z')
    .option('--origin <origins...>', 'the origins of the pages it may be used from; makes it a public key')
    .option('--json', 'print one JSON object')
    .action(createKey);
  addDoorOptions(key.command('list'))
    .description('Lists the keys, oldest first, without their secrets.')
    .option('--json', 'print one JSON object')
    .action(listKeys);
  addDoorOptions(key.command('revoke'))
    .description('Ends a key: at once in this process, within a second elsewhere.')
    .argument('<id>', 'its id, the part between the underscores')
    .action(async (id: string, options: DoorOptions) => {
      await withDoor(options, (door) => door.call(z.null(), 'DELETE', `/v1/keys/${encodeURIComponent(id)}`));
      printLine(`The key ${id} is revoked.`);
    });
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
}

async function listKeys(options: DoorOptions & { readonly json?: boolean }): Promise<void> {
  const { items } = await withDoor(options, (door) => door.call(listed, 'GET', '/v1/keys'));
  if (options.json) {
    printLine(JSON.stringify({ items }));
    return;
  }
  const rows = items.map((item) => [
    item.id,
    item.name,
    item.scopes.join(' '),
    item.site_id ?? 'all sites',
    item.revoked_at === null ? (item.expires_at ?? '-') : 'revoked',
    item.last_used_at ?? 'never',
  ]);
  printTable([['id', 'name', 'scopes', 'site', 'ends', 'last used'], ...rows]);
}
