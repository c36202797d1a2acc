/** `leave-a-reply migrate`: brings the database to the newest schema without starting the service. */
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { createNodeLog } from '../node/logging-node.ts';
import { printLine } from './terminal.ts';

/** Adds `migrate` to the command line. */
export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .summary('bring the database to the newest schema')
    .description(
      'Runs the migrations that the database at DATABASE_URL (or in DATA_DIR) lacks, each in one transaction. `serve` ' +
        'does this at its start; the Worker does not, so run this before its first deployment.',
    )
    .action(async () => {
      const config = readConfig(process.env);
      const { openService } = await import('../node/open-service.ts');
      const opened = await openService(config, createNodeLog('warn'), () => process.exit(1));
      await opened.close(0);
      for (const name of opened.migrated) printLine(`migrated ${name}`);
      if (opened.migrated.length === 0) printLine('The schema is up to date.');
    });
}
