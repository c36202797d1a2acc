// Runs a TypeScript file of this repository: `node scripts/run-ts.mjs bench/some.ts --its --arguments`.
// Node 20 cannot strip types itself. What is ours is bundled beside the packages, so that they are found.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [entry, ...parameters] = process.argv.slice(2);
if (entry === undefined) {
  console.error('usage: node scripts/run-ts.mjs FILE.ts [ARGUMENTS…]');
  process.exit(2);
}
const folder = join(root, 'node_modules/.cache/run-ts');
mkdirSync(folder, { recursive: true });
const bundle = join(folder, `${process.pid}.mjs`);
try {
  await build({
    entryPoints: [resolve(entry)],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
  });
  const run = spawnSync(process.execPath, ['--enable-source-maps', bundle, ...parameters], {
    stdio: 'inherit',
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(bundle, { force: true });
}
