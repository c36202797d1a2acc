// Builds after `npm install` in a checkout; `npm ci --omit=dev` has no compiler and needs the dist/ of an earlier build.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const has = (name) => {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
};

if (has('typescript') && has('esbuild')) {
  await import('./build.mjs');
} else if (!existsSync(new URL('../dist/src/cli/cli.js', import.meta.url))) {
  console.error(
    'leave-a-reply is not built, and the compiler is a development dependency. Run: npm install && npm prune --omit=dev',
  );
  process.exitCode = 1;
}
