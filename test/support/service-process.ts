/** The built service as a process of its own, for what only a process shows: signals, locks, crashes, its output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage } from './built-package.ts';

/** What a process left when it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  /** Resolves when the output so far matches; rejects when the process ends without. */
  readonly waitFor: (where: 'stdout' | 'stderr', pattern: RegExp) => Promise<RegExpExecArray>;
}

export interface ServiceProcess extends CommandProcess {
  readonly url: string;
  /** The key of the banner; '' when none was shown. */
  readonly firstAdminKey: string;
}

export type Environment = Readonly<Record<string, string>>;

/** The variables that a process of the tests gets beside its own: nothing of the developer's configuration. */
function inherited(): Environment {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME };
}

/** Runs `leave-a-reply …` of the built package. */
export function startCommand(
  parameters: readonly string[],
  env: Environment,
  input?: string,
): CommandProcess {
  const cli = join(buildPackage(), 'dist/src/cli/cli.js');
  const child = spawn(process.execPath, [cli, ...parameters], {
    env: { ...inherited(), ...env },
    cwd: tmpdir(),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  if (input !== undefined) child.stdin?.end(input);
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      output[name] += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    waitFor: (where, pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output[where]);
          if (match === null) return false;
          listeners.delete(look);
          resolve(match);
          return true;
        };
        if (look()) return;
        listeners.add(look);
        void ended.then(({ code, stderr }) => {
          if (!look()) reject(new Error(`ended with ${code} before ${pattern}:\n${stderr}`));
        });
      }),
  };
}

/** Runs a command to its end. */
export function runCommand(parameters: readonly string[], env: Environment, input?: string): Promise<Ended> {
  return startCommand(parameters, env, input).ended;
}

/** Starts `serve` on a free port and waits until it listens. */
export async function startService(env: Environment): Promise<ServiceProcess> {
  const started = startCommand(['serve'], { PORT: '0', ...env });
  const [, url = ''] = await started.waitFor('stdout', /listens at (\S+) /);
  await started.waitFor('stdout', /\n {4}-H .*\n/);
  const [firstAdminKey = ''] = /lar_[a-z0-9]+_[\w-]+/.exec(started.stdout()) ?? [];
  return { ...started, url, firstAdminKey };
}

/** Temporary folders and processes of a test file; `clean` in `afterEach` ends and removes them whatever happened. */
export function createWorkshop() {
  const folders: string[] = [];
  const processes: CommandProcess[] = [];
  return {
    folder: (): string => {
      const folder = mkdtempSync(join(tmpdir(), 'leave-a-reply-test-'));
      folders.push(folder);
      return folder;
    },
    serve: async (env: Environment): Promise<ServiceProcess> => {
      const service = await startService(env);
      processes.push(service);
      return service;
    },
    clean: async (): Promise<void> => {
      for (const { child, ended } of processes.splice(0)) {
        child.kill('SIGKILL');
        await ended;
      }
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
    },
  };
}
