/** `leave-a-reply user`: invites, lists and disables users. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { nameSites, siteQuery } from './site-options.ts';
import { printLine, printTable } from './terminal.ts';

const person = z.looseObject({
  id: z.string(),
  site_id: z.string().nullable(),
  name: z.string(),
  role: z.string(),
  joined: z.boolean(),
  disabled_at: z.string().nullable(),
  last_seen_at: z.string().nullable(),
});
const invited = person.extend({ invitation: z.object({ url: z.string() }) });

interface InviteOptions extends DoorOptions {
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly site?: string;
  readonly allSites?: boolean;
  readonly json?: boolean;
}

/** Adds `user invite`, `user list`, `user disable` and `user enable` to the command line. */
export function registerUser(program: Command): void {
  const user = program.command('user').summary('invite, list and disable users (moderators and admins)');
  addDoorOptions(user.command('invite'))
    .description(
      'Creates a user and prints the link for setting the password. The link works once within 7 days; send it ' +
        'yourself. Only a pseudonym of the e-mail address is stored. If no service runs here, the link begins with ' +
        'HOST and PORT.',
    )
    .requiredOption('--name <name>', 'the name that others see')
    .requiredOption('--email <address>', 'the e-mail address for signing in')
    .addOption(
      new Option('--role <role>', 'the permissions of the user')
        .choices(['moderator', 'senior', 'admin'])
        .default('moderator'),
    )
    .option('--site <slug>', 'the site; optional if there is only one')
    .option('--all-sites', 'all present and future sites')
    .option('--json', 'print JSON')
    .action(inviteUser);
  addDoorOptions(user.command('list'))
    .description('Lists the users, oldest first.')
    .option('--json', 'print JSON')
    .action(listUsers);
  addDoorOptions(user.command('disable'))
    .description('Signs a user out everywhere and blocks signing in. Their decisions are kept.')
    .argument('<id>', 'as `user list` shows it')
    .action((id: string, options: DoorOptions) => changeUser(id, true, options));
  addDoorOptions(user.command('enable'))
    .description('Lets a disabled user sign in again.')
    .argument('<id>', 'as `user list` shows it')
    .action((id: string, options: DoorOptions) => changeUser(id, false, options));
}

async function inviteUser(options: InviteOptions): Promise<void> {
  const query = siteQuery(options.site);
  const answer = await withDoor(options, (door) =>
    door.call(invited, 'POST', `/v1/users${query}`, {
      name: options.name,
      email: options.email,
      role: options.role,
      all_sites: options.allSites ?? false,
    }),
  );
  printLine(options.json ? JSON.stringify(answer) : answer.invitation.url);
}

async function listUsers(options: DoorOptions & { readonly json?: boolean }): Promise<void> {
  const { items, nameOf } = await withDoor(options, async (door) => ({
    ...(await door.call(z.object({ items: z.array(person) }), 'GET', '/v1/users')),
    nameOf: await nameSites(door),
  }));
  if (options.json) {
    printLine(JSON.stringify({ items }));
    return;
  }
  const rows = items.map((item) => [
    item.id,
    item.name,
    item.role,
    nameOf(item.site_id),
    item.disabled_at !== null ? 'disabled' : item.joined ? 'joined' : 'invited',
    item.last_seen_at ?? 'never',
  ]);
  printTable([['id', 'name', 'role', 'site', 'state', 'last seen'], ...rows]);
}

async function changeUser(id: string, disabled: boolean, options: DoorOptions): Promise<void> {
  const { name } = await withDoor(options, (door) =>
    door.call(person, 'PATCH', `/v1/users/${encodeURIComponent(id)}`, { disabled }),
  );
  printLine(`${name} is ${disabled ? 'disabled and signed out' : 'enabled'}.`);
}
