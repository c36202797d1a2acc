/** What npm does with a clone: start, stop, and install without a compiler. */
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../support/built-package.ts';
import { createWorkshop } from '../support/service-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const workshop = createWorkshop();
afterAll(() => workshop.clean());

/** A clone with a build but without sources; inside node_modules, where its packages are found. */
function clone(built: boolean): string {
  const folder = workshop.folder();
  for (const name of ['package.json', 'scripts'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  if (built)
    for (const name of ['dist', 'models']) symlinkSync(join(buildPackage(), name), join(folder, name));
  return folder;
}

const env = (folder: string) => ({
  PATH: process.env.PATH ?? '',
  HOME: folder,
  PORT: '0',
  DATA_DIR: join(folder, 'data'),
  npm_config_update_notifier: 'false',
});

describe('npm start', () => {
  it('passes SIGTERM to the service, which ends cleanly and frees its folder', async () => {
    const folder = clone(true);
    const npm = spawn('npm', ['start'], { cwd: folder, env: env(folder), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const found = /listens at (\S+) /.exec(output)?.[1];
        if (found) resolve(found);
      };
      npm.stdout.on('data', read);
      npm.stderr.on('data', read);
      npm.once('close', () => reject(new Error(output)));
    });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const ended = new Promise((resolve) => npm.once('close', resolve));
    npm.kill('SIGTERM');
    await ended;
    await expect
      .poll(
        () =>
          fetch(`${url}/livez`).then(
            ({ status }) => status,
            () => 'gone',
          ),
        { timeout: 15_000 },
      )
      .toBe('gone');
    const again = await run(process.execPath, [join(buildPackage(), 'dist/src/cli/cli.js'), 'migrate'], {
      env: env(folder),
    });
    expect(again.stdout).toBe('The schema is up to date.\n');
  }, 120_000);

  it('says what to do when nothing is built', async () => {
    const folder = clone(false);
    const failed = await run('npm', ['start'], { cwd: folder, env: env(folder) }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not built: run npm install'),
    });
    expect(failed).toMatchObject({ stderr: expect.not.stringContaining('MODULE_NOT_FOUND') });
  });

  it('says that the sources are newer than the build', async () => {
    const folder = clone(true);
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/new.ts'), '');
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(join(folder, 'src/new.ts'), later, later);
    const failed = await run('npm', ['start'], { cwd: folder, env: { ...env(folder), PORT: 'none' } }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({
      stderr: expect.stringMatching(/sources are newer than the build: run npm install[\s\S]*PORT must be/),
    });
  });
});

it('an installation without the compiler fails and says what to run instead', async () => {
  const folder = clone(false);
  const failed = await run(process.execPath, ['scripts/prepare.mjs'], {
    cwd: folder,
    env: env(folder),
  }).catch((error: unknown) => error);
  expect(failed).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm install && npm prune --omit=dev'),
  });
});
