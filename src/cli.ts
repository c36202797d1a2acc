#!/usr/bin/env node
/** The command line: one file a command in `src/cli/`. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { registerAudit } from './cli/audit.ts';
import { registerClassify } from './cli/classify.ts';
import { registerErase } from './cli/erase.ts';
import { registerEvaluate } from './cli/evaluate.ts';
import { registerExport, registerSamples } from './cli/export.ts';
import { InterruptedError } from './cli/follow-job.ts';
import { registerImport } from './cli/import.ts';
import { registerJobs } from './cli/job.ts';
import { registerKey } from './cli/key.ts';
import { registerMigrate } from './cli/migrate.ts';
import { registerModels } from './cli/models.ts';
import { registerReplay } from './cli/replay.ts';
import { registerRules } from './cli/rules.ts';
import { registerServe } from './cli/serve.ts';
import { registerShadow } from './cli/shadow.ts';
import { printError, stripControls } from './cli/terminal.ts';
import { registerTrain } from './cli/train.ts';
import { registerUser } from './cli/user.ts';
import { PACKAGE_JSON } from './package-files.ts';

const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(PACKAGE_JSON, 'utf8')));

const program = new Command('leave-a-reply')
  .description('The service behind the "Leave a Reply" form.')
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
  registerKey,
  registerUser,
  registerErase,
  registerImport,
  registerExport,
  registerSamples,
  registerRules,
  registerAudit,
]) {
  register(program);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    printError(`leave-a-reply: ${error instanceof Error ? error.message : String(error)}`);
    // As a shell tells of a command that Ctrl-C ended.
    process.exitCode = error instanceof InterruptedError ? 130 : 1;
  }
}
