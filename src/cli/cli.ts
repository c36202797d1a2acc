#!/usr/bin/env node
/** The command line: one file a command in `src/cli/`. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { PACKAGE_JSON } from '../node/package-files.ts';
import { registerAudit } from './audit.ts';
import { registerClassify } from './classify.ts';
import { registerErase } from './erase.ts';
import { registerEvaluate } from './evaluate.ts';
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
import { printError, stripControls } from './terminal.ts';
import { registerTrain } from './train.ts';
import { registerUser } from './user.ts';

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
