/** `leave-a-reply serve`: the service, until a signal stops it. */
import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { describeError } from '../logging.ts';
import { createNodeLog } from '../node/logging-node.ts';
import { type RunningServer, startServer } from '../node/node.ts';
import { printLine } from './terminal.ts';

/** Adds `serve` to the command line. */
export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('run the service')
    .description(
      'Runs the service until SIGTERM or SIGINT: then it stops accepting, answers what runs, closes the database and\n' +
        'ends within 10 s; a second signal ends it at once. Set by environment variables: PORT, HOST, DATA_DIR,\n' +
        'DATABASE_URL, DATABASE_CONNECTIONS, DATABASE_PREPARE, ADMIN_API_KEY, PSEUDONYM_KEYS, STARTER_MODEL,\n' +
        'LOG_LEVEL, PUBLIC_URL, METRICS_TOKEN, TRUSTED_PROXIES, OUTGOING_PRIVATE_RANGES, RATE_LIMIT_PER_MINUTE.',
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

/** What a person needs to go on: where it listens, the first key, and a command that works when pasted. */
export function greet(
  { url, firstAdminKey }: Pick<RunningServer, 'url' | 'firstAdminKey'>,
  config: Config,
): string {
  const stored = config.databaseUrl === undefined ? `the folder ${config.dataDir}` : 'PostgreSQL';
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in, so that a set key is not printed.
  const known = config.adminApiKey === undefined ? 'YOUR_ADMIN_KEY' : '${ADMIN_API_KEY}';
  const key = firstAdminKey ?? known;
  const lines = [
    `leave-a-reply listens at ${url} and stores in ${stored}.`,
    `Moderators work at ${url}/moderate; ${url}/invitation makes the first person who can sign in, with the admin key.`,
    `The API is described at ${url}/docs.`,
  ];
  if (firstAdminKey !== null) {
    lines.push(
      '',
      'The first admin key, shown this once (only a hash of it is stored):',
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
