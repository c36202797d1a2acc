// The ways to get this service running, each tried as its user would, with the registry as it is:
//     node scripts/check-ways.mjs [TAP_FILE]
// 1. a fresh clone: `npm install && npm start`, and the curl it prints
// 2. the tarball of `npm pack`, installed into an empty folder
// 3. a built checkout after `npm ci --omit=dev`
// 4. the same service, and the tests of the main job, on Node 24
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From a text to its features, from a comment to a decision: what a new Node must not change. All tests take 25 minutes. */
const MAIN_JOB = [
  ...['text', 'features'].map((name) => `test/core/${name}`),
  ...['submission', 'queue'].map((name) => `test/http/api/${name}.test.ts`),
];

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'leave-a-reply-ways-'));
const lines = [];
const { npm_config_nodedir: _, ...env } = process.env;

const quiet = { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', env };
const run = (folder, command, ...parameters) => execFileSync(command, parameters, { ...quiet, cwd: folder });

/** Starts a service, pastes the curl that it prints, and stops it. */
async function serveAndReply(folder, command) {
  const child = spawn('sh', ['-c', `exec ${command}`], {
    cwd: folder,
    env: { PATH: env.PATH, HOME: env.HOME, PORT: '0', DATA_DIR: join(mkdtempSync(join(work, 'd-')), 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let printed = '';
  const ended = new Promise((done) => child.once('close', done));
  try {
    const curl = await new Promise((found, failed) => {
      child.stdout.on('data', (chunk) => {
        printed += chunk;
        const match = /curl -sS [\s\S]*?}'\n/.exec(printed);
        if (match) found(match[0]);
      });
      void ended.then(() => failed(new Error(`the service ended before it listened:\n${printed}`)));
    });
    const answer = JSON.parse(run(folder, 'sh', '-ec', curl));
    if (answer.status !== 'approved') throw new Error(`answered ${JSON.stringify(answer)}`);
  } finally {
    process.kill(-child.pid, 'SIGTERM');
    await ended;
  }
}

async function way(name, attempt) {
  const number = lines.length + 1;
  try {
    await attempt();
    lines.push(`ok ${number} - ${name}`);
  } catch (error) {
    lines.push(`not ok ${number} - ${name}`);
    console.log(error.stdout ?? '', error.message);
  }
  console.log(lines.at(-1));
}

const clone = join(work, 'clone');

try {
  await way('a fresh clone runs with npm install && npm start', async () => {
    run(work, 'git', 'clone', '--quiet', '--depth', '1', `file://${root}`, clone);
    await serveAndReply(clone, "sh -c 'npm install && npm start'");
  });

  await way("npm pack's tarball runs where nothing else is", async () => {
    const [{ filename }] = JSON.parse(run(clone, 'npm', 'pack', '--json', '--ignore-scripts'));
    const folder = join(work, 'packed');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    run(folder, 'npm', 'install', '--no-audit', '--no-fund', join(clone, filename));
    await serveAndReply(folder, 'npx leave-a-reply serve');
  });

  await way('a built checkout runs after npm ci --omit=dev', async () => {
    const folder = join(work, 'production');
    mkdirSync(folder);
    for (const name of ['dist', 'models', 'scripts', 'package.json', 'package-lock.json']) {
      cpSync(join(clone, name), join(folder, name), { recursive: true });
    }
    run(folder, 'npm', 'ci', '--omit=dev', '--no-audit', '--no-fund');
    await serveAndReply(folder, 'npm start');
  });

  await way('Node 24 runs the service, and the tests of the main job pass there', async () => {
    const folder = join(work, 'node24');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    run(folder, 'npm', 'install', '--no-audit', '--no-fund', `node-${process.platform}-${process.arch}@24`);
    const node = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
    console.log(`# ${run(folder, node, '--version').trim()}`);
    await serveAndReply(clone, `${node} dist/src/cli/cli.js serve`);
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    execFileSync(node, [vitest, 'run', ...MAIN_JOB, '--reporter=dot'], {
      cwd: root,
      stdio: 'inherit',
      env,
    });
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}

if (process.argv[2] !== undefined)
  writeFileSync(process.argv[2], `1..${lines.length}\n${lines.join('\n')}\n`);
process.exit(lines.every((line) => line.startsWith('ok ')) ? 0 : 1);
