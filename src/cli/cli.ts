#!/usr/bin/env node
/** Runs the command line: each command has a file in `src/cli/`. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { PACKAGE_JSON } from '../node/package-files.ts';
import { registerAudit } from './audit.ts';
import { registerClassify } from './classify.ts';
import { registerErase } from './erase.ts';
import { registerEvaluate } from './evaluate.ts';
import { explainError } from './explain-error.ts';
import { registerExport, registerSamples } from './export.ts';
import { InterruptedError } from './follow-job.ts';
import { registerImport } from './import.ts';
import { registerJobs } from './job.ts';
import { registerKey } from './key.ts';
import { registerMigrate } from './migrate.ts';
import { registerModels } from './models.ts';
import { registerReplay } from './replay.ts';
import { registerRules } from './rules.ts';
import { registerServe } from './serve.ts';
import { registerShadow } from './shadow.ts';
import { registerSites } from './site.ts';
import { printError, stripControls } from './terminal.ts';
import { registerTrain } from './train.ts';
import { pointToHelp, refuseUnknownCommands } from './unknown-commands.ts';
import { registerUser } from './user.ts';
import { registerWebhooks } from './webhook.ts';

const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(PACKAGE_JSON, 'utf8')));

const program = new Command('leave-a-reply')
  .description(
    'Moderates the comments of news sites. Run it with npx leave-a-reply COMMAND in this folder. While a service runs, the ' +
      'commands go through it: set ADMIN_API_KEY to an admin key first.',
  )
  .version(version)
  .configureOutput({ writeErr: (text) => process.stderr.write(stripControls(text)) })
  .exitOverride();
for (const register of [
  registerServe,
  registerMigrate,
  registerTrain,
  registerModels,
  registerShadow,
  registerReplay,
  registerJobs,
  registerEvaluate,
  registerClassify,
  registerSites,
  registerKey,
  registerUser,
  registerWebhooks,
  registerErase,
  registerImport,
  registerExport,
  registerSamples,
  registerRules,
  registerAudit,
]) {
  register(program);
}
// A group of commands has nothing but its line in the list to say, which is then the first thing that its help says.
for (const command of program.commands) {
  const [first = '', ...rest] = command.summary();
  if (command.description() === '') command.description(`${first.toUpperCase()}${rest.join('')}.`);
}
pointToHelp(program, 'leave-a-reply');

try {
  refuseUnknownCommands(program, process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    printError(`leave-a-reply: ${explainError(error)}`);
    // The code that a shell reports for a command that Ctrl-C ended.
    process.exitCode = error instanceof InterruptedError ? 130 : 1;
  }
}
