/** `leave-a-reply serve`: runs the service until a signal stops it. */
import type { Command } from 'commander';
import { type Config, ENVIRONMENT_VARIABLES, readConfig } from '../config.ts';
import { describeError } from '../logging.ts';
import { createNodeLog } from '../node/logging-node.ts';
import type { RunningServer } from '../node/node.ts';
import { printLine } from './terminal.ts';

/** Adds `serve` to the command line. */
export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('run the service')
    .description(
      'Runs the service until SIGTERM or SIGINT. It then stops accepting requests, completes the running ones, closes ' +
        'the database and exits within 10 s; a second signal exits at once. It is configured by environment variables ' +
        `(docs/operations.md): ${ENVIRONMENT_VARIABLES.join(', ')}.`,
    )
    .action(async () => {
      const config = readConfig(process.env);
      const log = createNodeLog(config.logLevel);
      const die = (event: string) => (error: unknown) => {
        log.error(event, describeError(error));
        process.exit(1);
      };
      process.on('uncaughtException', die('uncaught-exception'));
      process.on('unhandledRejection', die('unhandled-rejection'));
      const { startServer } = await import('../node/node.ts');
      const server = await startServer(config, log, () => {
        log.error('lock-lost', { pid: process.pid });
        process.exit(1);
      });
      printLine(greet(server, config));
      stopOnSignal(server);
    });
}

function stopOnSignal(server: RunningServer): void {
  let asked = false;
  const stop = async () => {
    if (asked) process.exit(130);
    asked = true;
    const clean = await server.stop();
    process.exit(clean ? 0 : 1);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}

/** Greets with the address, the first admin key and a command that works when pasted. */
export function greet(
  { url, firstAdminKey }: Pick<RunningServer, 'url' | 'firstAdminKey'>,
  config: Config,
): string {
  const stored = config.databaseUrl === undefined ? `the folder ${config.dataDir}` : 'PostgreSQL';
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in, so that a set key is not printed.
  const known = config.adminApiKey === undefined ? 'YOUR_ADMIN_KEY' : '${ADMIN_API_KEY}';
  const key = firstAdminKey ?? known;
  const lines = [
    `leave-a-reply listens at ${url} and stores its data in ${stored}.`,
    `Moderation: ${url}/moderate. Create the first user with the admin key at ${url}/invitation.`,
    `API reference: ${url}/docs`,
  ];
  if (firstAdminKey !== null) {
    lines.push(
      '',
      'The first admin key, shown only now (only its hash is stored):',
      '',
      `  ${firstAdminKey}`,
    );
  }
  const comment = JSON.stringify({
    post: 'hello-world',
    author_name: 'Ada',
    author_email: 'ada@example.org',
    content: 'Thank you, this explains the new bus timetable very well.',
  });
  lines.push(
    ...['', 'Leave a reply:', ''],
    `  curl -sS '${url}/v1/comments?site=default' -H "Authorization: Bearer ${key}" \\`,
    `    -H 'Content-Type: application/json' -d '${comment}'`,
    '',
  );
  return lines.join('\n');
}
