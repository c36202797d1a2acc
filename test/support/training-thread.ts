/** The thread of a training for those who run the sources: Node 20 cannot load them, and a thread is loaded by Node. */
import { mkdirSync, renameSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles `src/node/training/training-thread.ts` into `node_modules`, where its imports find the packages; about 0.1 s. */
export async function bundleTrainingThread(
  folder = `${root}node_modules/.cache/leave-a-reply`,
): Promise<URL> {
  mkdirSync(folder, { recursive: true });
  const unfinished = `${folder}/training-thread.${process.pid}.mjs`;
  const bundle = `${folder}/training-thread.mjs`;
  await build({
    absWorkingDir: root,
    entryPoints: ['src/node/training/training-thread.ts'],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  renameSync(unfinished, bundle);
  return pathToFileURL(bundle);
}
