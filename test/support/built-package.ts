/** This package as it is shipped, built from the sources as they are now. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/leave-a-reply');
const SOURCES = [
  'src',
  'migrations',
  'models',
  'scripts/build.mjs',
  'LICENSE',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
];

/**
 * The folder of the built package (`dist/`, `models/`, `package.json`), inside `node_modules` so that its imports find
 * the packages. Built once for each state of the sources (6 s), then reused.
 */
export function buildPackage(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) hashPath(hash, join(root, source));
  const folder = join(cache, `built-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), join(unfinished, 'dist')], {
    stdio: 'inherit',
  });
  cpSync(join(root, 'models'), join(unfinished, 'models'), { recursive: true });
  cpSync(join(root, 'package.json'), join(unfinished, 'package.json'));
  removeOlder();
  try {
    renameSync(unfinished, folder);
  } catch {
    // Another worker was faster with the same sources.
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

function hashPath(hash: ReturnType<typeof createHash>, path: string): void {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) hashPath(hash, join(path, name));
  } else {
    hash.update(path).update(readFileSync(path));
  }
}

const HOUR_MS = 3_600_000;

function removeOlder(): void {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith('built-'))) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > HOUR_MS) rmSync(path, { recursive: true, force: true });
  }
}
