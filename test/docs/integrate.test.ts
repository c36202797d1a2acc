import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../support/built-package.ts';
import { createWorkshop, type ServiceProcess } from '../support/service-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const workshop = createWorkshop();
const ADMIN_KEY = 'a-key-for-the-tests-alone';

let service: ServiceProcess;
let key: string;
beforeAll(async () => {
  service = await workshop.serve({ DATA_DIR: join(workshop.folder(), 'data'), ADMIN_API_KEY: ADMIN_KEY });
  key = await makeKey(['submit', 'read']);
});
afterAll(() => workshop.clean());

async function makeKey(scopes: readonly string[]): Promise<string> {
  const response = await fetch(`${service.url}/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ site: 'default', scopes }),
  });
  return ((await response.json()) as { key: string }).key;
}

function blockOf(page: string, language: string, at = 0): string {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const blocks = [...text.matchAll(/^ *```(\w+)\n([\s\S]*?)^ *```/gm)];
  return blocks.filter(([, name]) => name === language)[at]?.[2] ?? '';
}

async function runBlock(command: string, file: string, code: string, env: Record<string, string> = {}) {
  const folder = workshop.folder();
  writeFileSync(join(folder, file), code.replaceAll('http://127.0.0.1:8787', service.url));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(buildPackage(), 'dist/client'), join(folder, 'node_modules/leave-a-reply-client'));
  const given = { PATH: process.env.PATH ?? '', HOME: folder, URL: service.url, KEY: key, ...env };
  return (await run(command, [file], { cwd: folder, env: given })).stdout;
}

/** Whether a language is on this machine: the test says that it was skipped otherwise. */
function has(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('docs/integrate.md', () => {
  it('makes the key that its examples use, and installs the client from the build', async () => {
    const made = blockOf('integrate.md', 'sh').replace(/^export URL=.*$/m, '');
    const cli = `"${process.execPath}" "${join(buildPackage(), 'dist/src/cli/cli.js')}"`;
    const script = `${made.replaceAll('npx leave-a-reply', cli)}\nprintf %s "$KEY"`;
    const dataDir = join(workshop.folder(), 'data');
    const { stdout } = await run('sh', ['-ec', script], {
      env: { PATH: process.env.PATH ?? '', DATA_DIR: dataDir },
    });
    expect(stdout).toMatch(/^lar_\S+$/);
    expect(blockOf('integrate.md', 'sh', 2).trim()).toBe('npm install ./leave-a-reply/dist/client');
  });

  it('submits and lists with its curl', async () => {
    const printed = await runBlock('sh', 'run.sh', blockOf('integrate.md', 'sh', 1));
    expect(printed).toContain('"status":"approved"');
    expect(printed).toContain('"author_name":"Ada"');
  });

  it.runIf(has('php'))('submits with its PHP, where there is PHP', async () => {
    expect(await runBlock('php', 'run.php', blockOf('integrate.md', 'php'))).toBe('published\n');
  });

  it.runIf(has('php'))('shows a refusal with its PHP, where there is PHP', async () => {
    const code = blockOf('integrate.md', 'php').replace('grace@example.org', 'nobody');
    expect(await runBlock('php', 'run.php', code)).toMatch(/^refused: invalid: /);
  });

  it.runIf(has('python3'))('submits with its Python, where there is Python', async () => {
    const code = blockOf('integrate.md', 'python');
    expect(await runBlock('python3', 'run.py', code)).toBe('published\n');
    expect(await runBlock('python3', 'run.py', code)).toMatch(/^refused: duplicate /);
  });

  it('submits and lists with its JavaScript', async () => {
    const printed = await runBlock(process.execPath, 'run.mjs', blockOf('integrate.md', 'js'));
    expect(printed).toMatch(/^published\n/);
    expect(printed).toContain('Barbara');
  });
});

describe('docs/webhooks.md', () => {
  it('makes a webhook with its curl', async () => {
    const code = blockOf('webhooks.md', 'sh');
    const made = JSON.parse(await runBlock('sh', 'run.sh', code, { ADMIN_API_KEY: ADMIN_KEY }));
    expect(made).toMatchObject({ enabled: true, secret: expect.stringMatching(/^whsec_/) });
  });
});

describe('docs/coral-and-perspective.md', () => {
  it('connects a Coral with its curl', async () => {
    const code = blockOf('coral-and-perspective.md', 'sh').replace(
      'THE SECRET FROM CORAL',
      'cqs_0123456789abcdef',
    );
    const { callback_url: url } = JSON.parse(
      await runBlock('sh', 'run.sh', code, { ADMIN_API_KEY: ADMIN_KEY }),
    );
    expect(url).toMatch(/\/coral\/[0-9a-f-]{36}$/);
  });

  it('has a text scored with its curl', async () => {
    const code = blockOf('coral-and-perspective.md', 'sh', 1);
    const scored = JSON.parse(
      await runBlock('sh', 'run.sh', code, { SUBMIT_KEY: await makeKey(['submit']) }),
    );
    expect(scored.attributeScores.SPAM.summaryScore).toMatchObject({ type: 'PROBABILITY' });
  });
});
