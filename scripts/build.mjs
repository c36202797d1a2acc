// Compiles src/ and migrations/ to dist/, and bundles what runs in the browser to dist/public/.
//     node scripts/build.mjs [FOLDER]   (the tests build into a folder of their own)
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = process.argv[2] === undefined ? join(root, 'dist') : resolve(process.argv[2]);
const require = createRequire(import.meta.url);

const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', dist], {
  stdio: 'inherit',
});
chmodSync(join(dist, 'src/cli/cli.js'), 0o755);

// The client is a package of its own, so that a site does not install the service to call it.
const client = join(dist, 'client');
mkdirSync(client, { recursive: true });
for (const name of readdirSync(join(dist, 'src/client')).filter((one) => !one.endsWith('.map'))) {
  const text = readFileSync(join(dist, 'src/client', name), 'utf8');
  writeFileSync(join(client, name), text.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
}
const { version, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const manifest = {
  name: 'leave-a-reply-client',
  version,
  description:
    'Calls a leave-a-reply service, the comment moderation for news sites, from Node, Workers or a browser.',
  license,
  type: 'module',
  engines,
  sideEffects: false,
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
};
writeFileSync(join(client, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
cpSync(join(root, 'LICENSE'), join(client, 'LICENSE'));
cpSync(join(root, 'src/client/README.md'), join(client, 'README.md'));

const publicDir = join(dist, 'public');
mkdirSync(publicDir, { recursive: true });
const web = join(root, 'src/web');
const files = readdirSync(web, { recursive: true, encoding: 'utf8' });
const entries = files.filter((name) => /\.entry\.tsx?$/.test(name));
await build({
  absWorkingDir: root,
  entryPoints: entries.map((name) => ({
    in: join(web, name),
    out: basename(name).replace(/\.entry\.tsx?$/, ''),
  })),
  outdir: publicDir,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  // The root's tsconfig means the server's JSX, and esbuild takes the nearest file's word over its own options.
  tsconfig: join(root, 'tsconfig.web.json'),
  legalComments: 'none',
  // DEVELOPMENT=1 keeps what is for development only, such as /admin#components.
  define: { DEVELOPMENT: String(process.env.DEVELOPMENT === '1') },
});
for (const name of files.filter((name) => name.endsWith('.css'))) {
  cpSync(join(web, name), join(publicDir, basename(name)));
}
cpSync(require.resolve('uplot/dist/uPlot.min.css'), join(publicDir, 'uPlot.min.css'));
const swagger = dirname(require.resolve('swagger-ui-dist/package.json'));
for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css']) {
  if (existsSync(join(swagger, name))) cpSync(join(swagger, name), join(publicDir, name));
}
// Compressed once here instead of for each browser: 30 kB instead of 83 for the page of moderators.
for (const name of readdirSync(publicDir).filter((name) => /\.(js|css|svg|html|json)$/.test(name))) {
  const bytes = readFileSync(join(publicDir, name));
  writeFileSync(join(publicDir, `${name}.br`), brotliCompressSync(bytes));
  writeFileSync(join(publicDir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
