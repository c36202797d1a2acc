// Deletes every package from node_modules that the service does not load, for the container image.
// Of natural it loads the Porter stemmer only: natural's own dependencies (databases, WordNet) are 60 MB.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

const listed = (folder) => (existsSync(folder) ? readdirSync(folder) : [folder]);

const kept = new Set();
/** A package, and what it depends on: from its own node_modules, or from the root's. */
function keep(name, from) {
  const nested = join(from, 'node_modules', name);
  const folder = from !== root && existsSync(nested) ? nested : join(modules, name);
  if (kept.has(folder) || !existsSync(folder)) return;
  kept.add(folder);
  if (name === 'natural') return;
  const { dependencies = {}, peerDependencies = {} } = read(folder);
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) keep(dependency, folder);
}
for (const name of Object.keys(read(root).dependencies)) keep(name, root);

for (const entry of readdirSync(modules)) {
  const names = entry.startsWith('@')
    ? readdirSync(join(modules, entry)).map((name) => `${entry}/${name}`)
    : [entry];
  for (const name of names) {
    if (!kept.has(join(modules, name))) rmSync(join(modules, name), { recursive: true, force: true });
  }
  if (listed(join(modules, entry)).length === 0) rmSync(join(modules, entry), { recursive: true });
}
