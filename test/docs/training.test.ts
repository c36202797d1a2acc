/** docs/training.md: its commands in their order, as written, on a running service. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../support/built-package.ts';
import { createWorkshop } from '../support/service-process.ts';
import { plainSamples } from '../support/trained-site.ts';

const run = promisify(execFile);
const workshop = createWorkshop();
const page = readFileSync(fileURLToPath(new URL('../../docs/training.md', import.meta.url)), 'utf8');
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);

async function pasteAll(env: Record<string, string>): Promise<string> {
  const folder = workshop.folder();
  const lines = plainSamples(200).map((sample) => JSON.stringify(sample));
  writeFileSync(join(folder, 'samples.jsonl'), lines.join('\n'));
  const cli = `"${process.execPath}" "${join(buildPackage(), 'dist/src/cli/cli.js')}"`;
  const script = blocks.join('\n').replaceAll('npx leave-a-reply', cli);
  const shell = { PATH: process.env.PATH ?? '', HOME: folder, ...env };
  return (await run('sh', ['-ec', script], { cwd: folder, env: shell })).stdout;
}

describe('docs/training.md', () => {
  afterAll(() => workshop.clean());

  it('takes a filter from samples through the shadow to active and back', async () => {
    const data = { DATA_DIR: join(workshop.folder(), 'data') };
    const service = await workshop.serve(data);
    const said = await pasteAll({ ...data, ADMIN_API_KEY: service.firstAdminKey });
    expect(said).toMatch(/^200 records: 200 added/);
    expect(said).toMatch(/\n0 of 0 comments would be handled differently by default-/);
    expect(said).toMatch(/ runs as a shadow: 0 comments compared, 0 differ\.\n/);
    const [first = '', second = ''] = [...said.matchAll(/(\S+) is the active filter\./g)].map(
      ([, name]) => name,
    );
    expect(first).toMatch(/^default-\d{14}-/);
    expect(second).not.toBe(first);
    expect(said).toContain(second);
  }, 300_000);
});
