import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
const answers = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => block);
const ADMIN_KEY = 'a-key-for-the-tests-alone';

let service: ServiceProcess;
beforeAll(async () => {
  service = await workshop.serve({ DATA_DIR: join(workshop.folder(), 'data'), ADMIN_API_KEY: ADMIN_KEY });
});
afterAll(() => workshop.clean());

/** Runs a block of the README as it stands, against the service of this test instead of a new one on port 8787. */
async function paste(block: string, folder = workshop.folder()): Promise<string> {
  const started = block
    .split('\n')
    .filter((line) => !/^(npm install|npm start &|export ADMIN_API_KEY=.*)$/.test(line));
  const cli = `"${process.execPath}" "${join(buildPackage(), 'dist/src/cli/cli.js')}"`;
  const script = started
    .join('\n')
    .replaceAll('http://127.0.0.1:8787', service.url)
    .replaceAll('npx leave-a-reply', cli);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    ADMIN_API_KEY: ADMIN_KEY,
    DATA_DIR: dataDirOf(service),
  };
  return (await run('sh', ['-ec', script], { cwd: folder, env })).stdout;
}

function dataDirOf({ stdout }: ServiceProcess): string {
  return /stores its data in the folder (\S+)\.\n/.exec(stdout())?.[1] ?? '';
}

/** The fields that an answer in the README shows. */
function fieldsOf(answer: string | undefined): string[] {
  return [...(answer ?? '').matchAll(/"(\w+)":/g)].map(([, name = '']) => name);
}

describe('the README', () => {
  it('installs, sets a key and starts in one block, and shows the answer that its comment gets', async () => {
    expect(blocks[0]).toMatch(/^npm install\nexport ADMIN_API_KEY=".*"\nnpm start &\n/);
    const answer: unknown = JSON.parse(await paste(blocks[0] ?? ''));
    expect(answer).toMatchObject({
      status: 'hold',
      verdict: 'spam',
      disposition: 'hold',
      reasons: ['links', 'author_name', 'spam'],
    });
    expect(Object.keys(Object(answer))).toEqual(fieldsOf(answers[0]));
    expect(answers[0]).toContain('"reasons": ["links", "author_name", "spam"]');
    expect(answer).toMatchObject({
      model_version: /"model_version": "([\w-]+)"/.exec(answers[0] ?? '')?.[1],
    });
  });

  it('makes the key that it sets in a form that the service takes', async () => {
    const line = blocks[0]?.split('\n').find((one) => one.startsWith('export ADMIN_API_KEY'));
    const { stdout } = await run('sh', ['-ec', `${line}\nprintf %s "$ADMIN_API_KEY"`]);
    expect(stdout).toMatch(/^[\x21-\x7e]{20,200}$/);
  });

  it('decides on the held comment and shows the answer', async () => {
    const block = blocks.find((text) => text.includes('/decisions')) ?? '';
    const answer: unknown = JSON.parse(await paste(block));
    expect(answer).toMatchObject({ status: 'spam', version: 2 });
    expect(Object.keys(Object(answer))).toEqual(fieldsOf(answers[1]));
  });

  it('makes a public key with its command', async () => {
    expect(await paste(blocks.find((text) => text.includes('key create')) ?? '')).toMatch(/^lar_\S+\n$/);
  });

  it('leaves the reply that the service prints when it starts', async () => {
    const another = await workshop.serve({ DATA_DIR: join(workshop.folder(), 'data') });
    const printed = /curl -sS [\s\S]*?}'/.exec(another.stdout())?.[0] ?? '';
    // Chance may draw it for a spot check, which changes nothing of this.
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
    expect(await paste(blocks.find((text) => text.includes('evaluate')) ?? '', folder)).toMatch(
      /^mcc +[\d.]+$/m,
    );
  });

  it('has no command that this file does not run, and 160 lines at most', () => {
    const known = [/^npm install\n/, /\/decisions/, /key create/, /evaluate/];
    expect(blocks.filter((block) => !known.some((pattern) => pattern.test(block)))).toEqual([]);
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(160);
  });

  it('names only npm scripts that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('every page', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CODE_OF_CONDUCT.md',
    'CHANGELOG.md',
    'models/README.md',
  ]
    .concat(
      readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) =>
        join('docs', name),
      ),
    )
    .concat(['integrations/wordpress/README.md'])
    .filter((name) => name.endsWith('.md'));

  it.each(pages)('%s links only to files and headings that exist', (page) => {
    const text = readFileSync(join(root, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, to = '']) => to)
      .filter((to) => !/^[a-z]+:/.test(to));
    const broken = links.filter((to) => {
      const [file = '', heading] = to.split('#');
      const path = file === '' ? join(root, page) : resolve(root, dirname(page), file);
      if (!existsSync(path)) return true;
      return (
        heading !== undefined &&
        path.endsWith('.md') &&
        !headingsOf(readFileSync(path, 'utf8')).includes(heading)
      );
    });
    expect(broken).toEqual([]);
  });

  it('is in the index of docs/README.md', () => {
    const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
    const missing = readdirSync(join(root, 'docs')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md' && !index.includes(`(${name})`),
    );
    expect(missing).toEqual([]);
    const decisions = readFileSync(join(root, 'docs/decisions/README.md'), 'utf8');
    const unlisted = readdirSync(join(root, 'docs/decisions')).filter(
      (name) => name !== 'README.md' && !decisions.includes(`(${name})`),
    );
    expect(unlisted).toEqual([]);
  });
});

/** As GitHub makes anchors. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
