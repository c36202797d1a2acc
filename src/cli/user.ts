/** `leave-a-reply user`: invites, lists and disables the people who moderate. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { siteQuery } from './site-options.ts';
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
  const user = program.command('user').summary('invite, list and disable the people who moderate');
  addDoorOptions(user.command('invite'))
    .description(
      'Makes a person and prints the link that sets the password. It is good once, for seven days; send it yourself. Of the\n' +
        'e-mail address only a pseudonym is stored. When no service runs here, the link begins with HOST and PORT.',
    )
    .requiredOption('--name <name>', 'how the person is called')
    .requiredOption('--email <address>', 'what the person signs in with')
    .addOption(
      new Option('--role <role>', 'what the person may do')
        .choices(['moderator', 'senior', 'admin'])
        .default('moderator'),
    )
    .option('--site <slug>', 'the site; may be left out when there is only one')
    .option('--all-sites', 'every site there is and will be')
    .option('--json', 'print one JSON object')
    .action(inviteUser);
  addDoorOptions(user.command('list'))
    .description('Lists the people, oldest first.')
    .option('--json', 'print one JSON object')
    .action(listUsers);
  addDoorOptions(user.command('disable'))
    .description('Signs a person out everywhere and lets them in no more. What they decided stays.')
    .argument('<id>', 'as `user list` shows it')
    .action((id: string, options: DoorOptions) => changeUser(id, true, options));
  addDoorOptions(user.command('enable'))
    .description('Lets a person who was disabled sign in again.')
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
  const { items } = await withDoor(options, (door) =>
    door.call(z.object({ items: z.array(person) }), 'GET', '/v1/users'),
  );
  if (options.json) {
    printLine(JSON.stringify({ items }));
    return;
  }
  const rows = items.map((item) => [
    item.id,
    item.name,
    item.role,
    item.site_id ?? 'all sites',
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
