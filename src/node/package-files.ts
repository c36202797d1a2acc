/** What is shipped beside the code: models and files for the browser, found from sources and from dist/ alike. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Asset } from '../service.ts';

const compiled = import.meta.url.endsWith('.js');
/** The folder of package.json: three up from dist/src/node, two up from src/node. */
const packageRoot = new URL(compiled ? '../../../' : '../../', import.meta.url);

/** The path of the starter filter that this package ships. */
export const SHIPPED_STARTER = fileURLToPath(new URL('models/starter.bin', packageRoot));

/** The path of this package's package.json. */
export const PACKAGE_JSON = fileURLToPath(new URL('package.json', packageRoot));

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.json': 'application/json',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.ico': 'image/x-icon',
    '.woff2': 'font/woff2',
    '.txt': 'text/plain; charset=utf-8',
  }),
);

/** The content type for a file name; unknown ones are bytes that a browser will not run. */
export function contentTypeOf(name: string): string {
  return CONTENT_TYPES.get(extname(name)) ?? 'application/octet-stream';
}

/** A name that is one plain file: no folder, no leading dot. */
export function isAssetName(name: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name);
}

/**
 * Reads files of a folder by name, by default of `dist/public/`: each once for the life of the process.
 *
 * @returns the file, or null when there is none of that name.
 */
export function createAssetReader(
  folder = new URL('dist/public/', packageRoot),
): (name: string) => Promise<Asset | null> {
  const cache = new Map<string, Asset>();
  return async (name) => {
    const cached = cache.get(name);
    if (cached !== undefined || !isAssetName(name)) return cached ?? null;
    const body = await readBytes(new URL(name, folder));
    if (body === null) return null;
    const asset: Asset = {
      body,
      contentType: contentTypeOf(name),
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      compressed: await readCompressed(new URL(name, folder)),
    };
    cache.set(name, asset);
    return asset;
  };
}

const ENCODINGS = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;

/** What the build wrote next to the file; nothing from sources. */
async function readCompressed(file: URL): Promise<NonNullable<Asset['compressed']>> {
  const found = await Promise.all(
    ENCODINGS.map(async ({ encoding, ending }) => ({
      encoding,
      body: await readBytes(new URL(file.href + ending)),
    })),
  );
  return found.flatMap(({ encoding, body }) => (body === null ? [] : [{ encoding, body }]));
}

async function readBytes(file: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = await readFile(file).catch(() => null);
  return bytes && new Uint8Array(bytes);
}
