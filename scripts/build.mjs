// Compiles src/ and migrations/ to dist/, and bundles what runs in the browser to dist/public/.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
chmodSync(join(root, 'dist/src/cli.js'), 0o755);

const publicDir = join(root, 'dist/public');
mkdirSync(publicDir, { recursive: true });
const web = join(root, 'src/web');
const entries = readdirSync(web).filter((name) => name.endsWith('.entry.ts') || name.endsWith('.entry.tsx'));
await build({
  absWorkingDir: root,
  entryPoints: entries.map((name) => ({ in: join(web, name), out: name.replace(/\.entry\.tsx?$/, '') })),
  outdir: publicDir,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
});
for (const name of readdirSync(web).filter((name) => name.endsWith('.css'))) {
  cpSync(join(web, name), join(publicDir, name));
}
const swagger = dirname(require.resolve('swagger-ui-dist/package.json'));
for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css']) {
  if (existsSync(join(swagger, name))) cpSync(join(swagger, name), join(publicDir, name));
}
