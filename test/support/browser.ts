/** A real Chromium, from npm alone, and the app on a port for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { build } from 'esbuild';
import { type Browser, chromium as playwright } from 'playwright-core';
import { createHttpServer } from '../../src/node/http-server.ts';
import { contentTypeOf } from '../../src/node/package-files.ts';
import type { Asset, Service } from '../../src/service.ts';

const web = fileURLToPath(new URL('../../src/web/', import.meta.url));

/** In one process a closed context ends the browser; and CORS is what some tests are about. */
const UNWANTED = ['--single-process', '--disable-web-security', '--allow-running-insecure-content'];

/** One browser for a test file: starting takes seconds, a new context milliseconds. */
export async function startBrowser(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((arg) => !UNWANTED.includes(arg)),
    headless: true,
  });
}

/** The files of src/web as `npm run build` makes them, bundled when first asked for. */
export function createWebAssets(): Service['readAsset'] {
  const assets = new Map<string, Promise<Asset | null>>();
  return (name) => {
    const asset = assets.get(name) ?? bundle(name);
    assets.set(name, asset);
    return asset;
  };
}

async function bundle(name: string): Promise<Asset | null> {
  const contentType = contentTypeOf(name);
  if (name === 'uPlot.min.css') {
    const path = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css');
    return { body: new Uint8Array(readFileSync(path)), contentType };
  }
  const source = sourceOf(name);
  if (source === undefined) return null;
  if (name.endsWith('.css')) return { body: new Uint8Array(readFileSync(source)), contentType };
  const { outputFiles } = await build({
    entryPoints: [source],
    tsconfig: fileURLToPath(new URL('../../tsconfig.web.json', import.meta.url)),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    define: { DEVELOPMENT: 'true' },
    write: false,
  });
  const [file] = outputFiles;
  return file ? { body: new Uint8Array(file.contents), contentType } : null;
}

/** The style sheet, or the entry of a script, in whichever folder of src/web it is. */
function sourceOf(name: string): string | undefined {
  const entry = name.replace(/\.js$/, '.entry.ts');
  const file = readdirSync(web, { recursive: true, encoding: 'utf8' }).find((path) =>
    [entry, `${entry}x`].includes(basename(path)),
  );
  return file === undefined ? undefined : join(web, file);
}

export interface ListeningApp {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The app of a service on a port of this machine, by default a free one. */
export async function listen(service: Service, wantedPort = 0): Promise<ListeningApp> {
  const { server } = createHttpServer(service);
  await new Promise<void>((resolve) => {
    server.listen(wantedPort, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
