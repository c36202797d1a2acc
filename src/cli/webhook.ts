/** `leave-a-reply webhook`: creates, lists, tests and deletes webhooks. */
import type { Command } from 'commander';
import { z } from 'zod';
import { WEBHOOK_EVENTS } from '../moderation/outgoing/webhooks.ts';
import { withDoor } from './door.ts';
import { addSiteOptions, pathOf, type SiteOptions } from './site-options.ts';
import { printError, printLine, printTable } from './terminal.ts';

const webhookShape = z.looseObject({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  failures: z.number(),
});
const attemptShape = z.looseObject({ status: z.number().nullable(), failure: z.string().nullable() });

interface CreateOptions extends SiteOptions {
  readonly event: readonly string[];
  readonly description?: string;
}

/** Adds `webhook list`, `webhook create`, `webhook test`, `webhook replay` and `webhook delete` to the command line. */
export function registerWebhooks(program: Command): void {
  const webhook = program.command('webhook').summary('create, list, test and delete webhooks');
  addSiteOptions(webhook.command('list'))
    .description('Lists the webhooks of a site, oldest first.')
    .action(list);
  addSiteOptions(webhook.command('create'))
    .description(
      'Creates a webhook and prints its signing secret, which is shown only now. The id goes to stderr. Addresses in ' +
        'private networks must be permitted by OUTGOING_PRIVATE_RANGES.',
    )
    .argument('<url>', 'the address that receives the messages')
    .requiredOption('--event <events...>', `one or more of ${WEBHOOK_EVENTS.join(', ')}`)
    .option('--description <text>', 'a note that is shown with the webhook')
    .action(create);
  addSiteOptions(webhook.command('test'))
    .description('Sends a test message now and prints the result; exits with 1 if it did not arrive.')
    .argument('<id>', 'as `webhook list` shows it')
    .action(sendTest);
  addSiteOptions(webhook.command('replay'))
    .description('Sends all messages again that were given up.')
    .argument('<id>', 'as `webhook list` shows it')
    .action(replay);
  addSiteOptions(webhook.command('delete'))
    .description('Deletes a webhook with its messages.')
    .argument('<id>', 'as `webhook list` shows it')
    .action(remove);
}

async function list({ site, json, ...door }: SiteOptions): Promise<void> {
  const { items } = await withDoor(door, (opened) =>
    opened.call(z.object({ items: z.array(webhookShape) }), 'GET', pathOf('/v1/webhooks', site)),
  );
  if (json) {
    printLine(JSON.stringify(items));
    return;
  }
  printTable([
    ['id', 'address', 'events', 'state', 'failures in a row'],
    ...items.map(({ id, url, events, enabled, failures }) => [
      id,
      url,
      events.join(' '),
      enabled ? 'enabled' : 'disabled',
      String(failures),
    ]),
  ]);
}

async function create(url: string, options: CreateOptions): Promise<void> {
  const { site, json, event, description = '', ...door } = options;
  const created = await withDoor(door, (opened) =>
    opened.call(webhookShape.extend({ secret: z.string() }), 'POST', pathOf('/v1/webhooks', site), {
      url,
      events: event,
      description,
    }),
  );
  printLine(json ? JSON.stringify(created) : created.secret);
  if (!json) printError(`Its id: ${created.id}`);
}

async function sendTest(id: string, { site, json, ...door }: SiteOptions): Promise<void> {
  const path = pathOf(`/v1/webhooks/${encodeURIComponent(id)}/test`, site);
  const result = await withDoor(door, (opened) => opened.call(attemptShape, 'POST', path));
  if (json) printLine(JSON.stringify(result));
  else if (result.failure === null) printLine(`It arrived and was answered with ${result.status}.`);
  if (result.failure !== null) {
    throw new Error(
      `the message did not arrive: ${result.failure}${result.status ? ` ${result.status}` : ''}`,
    );
  }
}

async function replay(id: string, { site, ...door }: SiteOptions): Promise<void> {
  const path = pathOf(`/v1/webhooks/${encodeURIComponent(id)}/replay`, site);
  const { count } = await withDoor(door, (opened) =>
    opened.call(z.object({ count: z.number() }), 'POST', path),
  );
  printLine(`Messages to be sent again: ${count}.`);
}

async function remove(id: string, { site, ...door }: SiteOptions): Promise<void> {
  const path = pathOf(`/v1/webhooks/${encodeURIComponent(id)}`, site);
  await withDoor(door, (opened) => opened.call(z.null(), 'DELETE', path));
  printLine(`The webhook ${id} is deleted.`);
}
