import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../support/built-package.ts';
import { createWorkshop, type ServiceProcess } from '../support/service-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const workshop = createWorkshop();
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim());

let service: ServiceProcess;
beforeAll(async () => {
  service = await workshop.serve({ DATA_DIR: join(workshop.folder(), 'data') });
  await withoutAudits(service);
});
afterAll(() => workshop.clean());

/** Chance would put one comment in fifty into the queue for a random audit. */
async function withoutAudits({ url, firstAdminKey }: ServiceProcess): Promise<void> {
  const headers = { authorization: `Bearer ${firstAdminKey}`, 'content-type': 'application/json' };
  const { items } = (await (await fetch(`${url}/v1/sites`, { headers })).json()) as {
    items: { id: string }[];
  };
  const body = JSON.stringify({ settings: { audit_share: 0 } });
  const changed = await fetch(`${url}/v1/sites/${items[0]?.id}`, { method: 'PATCH', headers, body });
  expect(changed.status).toBe(200);
}

/** Runs a block of the README in a shell, against the service of this test instead of port 8787. */
async function paste(block: string, folder = workshop.folder()): Promise<string> {
  const script = block
    .replaceAll('http://127.0.0.1:8787', service.url)
    .replaceAll(
      'npx leave-a-reply',
      `"${process.execPath}" "${join(buildPackage(), 'dist/src/cli/cli.js')}"`,
    );
  const env = { PATH: process.env.PATH ?? '', HOME: folder, KEY: service.firstAdminKey };
  return (await run('sh', ['-ec', script], { cwd: folder, env })).stdout;
}

describe('the README', () => {
  it('begins with the two commands', () => {
    expect(blocks.slice(0, 2)).toEqual(['npm install && npm start', 'npm install && npm test']);
  });

  it('leaves a reply with its curl', async () => {
    const block = blocks.find((text) => text.includes('POST') || text.includes('/v1/comments')) ?? '';
    expect(JSON.parse(await paste(block))).toMatchObject({ status: 'approved', verdict: 'ham' });
  });

  it('reads the queue with its curl', async () => {
    const block = blocks.find((text) => text.includes('/v1/queue')) ?? '';
    expect(JSON.parse(await paste(block))).toMatchObject({ items: [] });
  });

  it('leaves the reply that the service prints when it starts', async () => {
    const another = await workshop.serve({ DATA_DIR: join(workshop.folder(), 'data') });
    const printed = /curl -sS [\s\S]*?}'/.exec(another.stdout())?.[0] ?? '';
    expect(JSON.parse(await paste(printed))).toMatchObject({ status: 'approved' });
  });

  it('evaluates the filter on files as written', async () => {
    const folder = workshop.folder();
    const row = (label: string, text: string) => JSON.stringify({ label, text });
    const rows = Array.from({ length: 20 }, (_, n) => [
      row('spam', `Buy cheap pills number ${n} at http://pills${n}.example now`),
      row('ham', `The council talked about bridge number ${n} for hours`),
    ]).flat();
    for (const name of ['train.jsonl', 'test.jsonl']) writeFileSync(join(folder, name), rows.join('\n'));
    const block = blocks.find((text) => text.includes('evaluate')) ?? '';
    const figures: unknown = JSON.parse(await paste(block, folder));
    expect(figures).toMatchObject({ mcc: expect.any(Number) });
  });

  it('has no command that this file does not run', () => {
    const known = [/^npm install && npm (start|test)$/, /\/v1\/comments/, /\/v1\/queue/, /evaluate/];
    expect(blocks.filter((block) => !known.some((pattern) => pattern.test(block)))).toEqual([]);
  });
});

describe('the pages', () => {
  it('link to files that are there', () => {
    const pages = [
      'README.md',
      'CONTRIBUTING.md',
      'docs/architecture.md',
      'docs/operations.md',
      'docs/evaluation.md',
      'docs/moderating.md',
      'docs/administering.md',
      'docs/import-and-export.md',
      'docs/training.md',
    ];
    for (const page of pages) {
      const text = readFileSync(join(root, page), 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
      const missing = links.filter((link) => !existsSync(resolve(root, dirname(page), link)));
      expect([page, missing]).toEqual([page, []]);
    }
  });

  it('name every variable of the configuration', () => {
    const variables = [
      ...readFileSync(join(root, 'src/config.ts'), 'utf8').matchAll(/^ {2}([A-Z_]+): /gm),
    ].map(([, name = '']) => name);
    const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    expect(variables.length).toBeGreaterThan(8);
    expect(variables.filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
  });

  it('give the routes and metrics that the service has', async () => {
    const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    for (const [, name = ''] of operations.matchAll(/`(leave_a_reply_\w+)`/g))
      expect(metrics).toContain(`# TYPE ${name} `);
    for (const [, path = ''] of operations.matchAll(/`GET (\/\w+)`/g)) {
      expect([path, (await fetch(service.url + path)).status]).toEqual([path, 200]);
    }
  });
});
