// Runs the service for `npm start`. package.json calls it with exec, so that a signal to npm reaches this process: npm
// signals its shell, and the shell would die and leave the service running.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist/src/cli/cli.js');
if (!existsSync(cli)) {
  console.error('leave-a-reply is not built: run npm install (without --omit=dev) first.');
  process.exit(1);
}
const built = statSync(cli).mtimeMs;
const isNewer = (folder) =>
  existsSync(join(root, folder)) &&
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).mtimeMs > built,
  );
if (isNewer('src') || isNewer('migrations')) {
  console.error('The sources are newer than the build: run npm install to start the new version.');
}
process.argv = [process.execPath, cli, 'serve', ...process.argv.slice(2)];
await import(pathToFileURL(cli).href);
