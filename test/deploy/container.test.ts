/** The Containerfile without a container engine: its rules, and each of its steps in empty folders. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createWorkshop } from '../support/service-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const workshop = createWorkshop();
afterAll(() => workshop.clean());

interface Instruction {
  readonly name: string;
  readonly words: string;
}

/** The stages of the file, each with its instructions; comments are left out. */
const stages = readFileSync(join(root, 'Containerfile'), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .reduce<Instruction[][]>((found, line) => {
    const [name = '', ...words] = line.split(' ');
    if (name === 'FROM') found.push([]);
    found.at(-1)?.push({ name, words: words.join(' ') });
    return found;
  }, []);
const [build = [], image = []] = stages;
const all = stages.flat();
const wordsOf = (stage: readonly Instruction[], name: string) =>
  stage.filter((one) => one.name === name).map(({ words }) => words);

describe('the Containerfile', () => {
  it('builds in one stage and ships another, from images with a version and no host', () => {
    expect(stages).toHaveLength(2);
    for (const words of wordsOf(all, 'FROM')) expect(words).toMatch(/^node:\d+-[\w-]+( AS build)?$/);
  });

  it('runs as a user without rights, with a health check, as process 1', () => {
    expect(wordsOf(image, 'USER')).toEqual(['node']);
    expect(wordsOf(image, 'VOLUME')).toEqual(['/data']);
    expect(wordsOf(image, 'HEALTHCHECK')).toEqual([
      expect.stringMatching(/^--interval=\S+ --timeout=\S+ .*CMD \["node"/),
    ]);
    const [command = '[]'] = wordsOf(image, 'CMD');
    expect(JSON.parse(command)).toEqual(['node', 'dist/src/cli/cli.js', 'serve']);
    const [, ...afterUser] = image.slice(image.findIndex(({ name }) => name === 'USER'));
    expect(afterUser.filter(({ name }) => name === 'RUN')).toEqual([]);
  });

  it('uses only instructions that this test carries out or knows to have no effect here', () => {
    const known = [
      'FROM',
      'WORKDIR',
      'COPY',
      'RUN',
      'ENV',
      'USER',
      'VOLUME',
      'EXPOSE',
      'STOPSIGNAL',
      'HEALTHCHECK',
      'CMD',
    ];
    expect(all.filter(({ name }) => !known.includes(name))).toEqual([]);
  });

  it('leaves out of its context what is not needed, under both names of the list', () => {
    const list = readFileSync(join(root, '.containerignore'), 'utf8');
    expect(readFileSync(join(root, '.dockerignore'), 'utf8')).toBe(list);
    expect(list.split('\n')).toEqual(expect.arrayContaining(['.git', 'node_modules', 'data', 'test']));
  });
});

describe('the steps of the Containerfile', () => {
  let folder = '';
  let app = '';
  beforeAll(async () => {
    folder = workshop.folder();
    const [from, to] = [join(folder, 'build'), join(folder, 'image')];
    await carryOut(build, from, context());
    await carryOut(image, to, from);
    app = join(to, 'app');
  }, 300_000);

  /** The files that the engine would send: those of the repository that the list does not leave out. */
  function context(): string {
    const ignored = readFileSync(join(root, '.containerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    })
      .trim()
      .split('\n');
    const sent = join(folder, 'context');
    for (const file of files) {
      if (!existsSync(join(root, file)) || ignored.some((one) => file === one || file.startsWith(`${one}/`)))
        continue;
      mkdirSync(dirname(join(sent, file)), { recursive: true });
      cpSync(join(root, file), join(sent, file));
    }
    return sent;
  }

  /** The packages of this checkout, by hard links: the test asks no registry. Caches of the tests are not packages. */
  function linkPackages(cwd: string): void {
    execFileSync('cp', ['-al', join(root, 'node_modules'), join(cwd, 'node_modules')]);
    rmSync(join(cwd, 'node_modules/.cache'), { recursive: true, force: true });
  }

  /** Carries out COPY and RUN of a stage below a folder instead of /. */
  async function carryOut(stage: readonly Instruction[], below: string, from: string): Promise<void> {
    const cwd = join(below, 'app');
    mkdirSync(cwd, { recursive: true });
    for (const { name, words } of stage) {
      if (name === 'COPY') {
        const parts = words.split(' ').filter((word) => !word.startsWith('--'));
        const target = parts.at(-1) ?? '';
        for (const source of parts.slice(0, -1)) {
          const to =
            target.endsWith('/') && source !== '.'
              ? join(cwd, target, source.split('/').at(-1) ?? '')
              : join(cwd, target);
          cpSync(join(from, source), to, { recursive: true });
        }
      }
      if (name !== 'RUN') continue;
      if (words.startsWith('npm ci ')) linkPackages(cwd);
      else if (words.startsWith('mkdir /data ')) mkdirSync(join(below, 'data'));
      else await run('sh', ['-ec', words], { cwd });
    }
  }

  it('leave 80 MB of packages at most, without the compiler, tests or sources', () => {
    expect(readdirSync(app).toSorted()).toEqual([
      'LICENSE',
      'dist',
      'models',
      'node_modules',
      'package.json',
    ]);
    const [kilobytes = '0'] = execFileSync('du', ['-sk', join(app, 'node_modules')], {
      encoding: 'utf8',
    }).split('\t');
    expect(Number(kilobytes)).toBeLessThan(80_000);
    for (const name of ['typescript', 'vitest', 'knip', 'playwright-core']) {
      expect(existsSync(join(app, 'node_modules', name)), name).toBe(false);
    }
  });

  it('give a service that answers its health check from a read-only folder and ends at SIGTERM', async () => {
    for (const name of readdirSync(app, { recursive: true, encoding: 'utf8' })) {
      const path = join(app, name);
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) chmodSync(path, 0o555);
    }
    const [healthCheck = ''] = wordsOf(image, 'HEALTHCHECK');
    const [, ...command]: string[] = JSON.parse(wordsOf(image, 'CMD')[0] ?? '[]');
    const [, ...probe]: string[] = JSON.parse(healthCheck.slice(healthCheck.indexOf('[')));
    const env = {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      PORT: '0',
      DATA_DIR: join(folder, 'image/data'),
    };
    const service = spawn(process.execPath, command, { cwd: app, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => service.once('close', resolve));
    const port = await new Promise<string>((resolve, reject) => {
      let output = '';
      service.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /listens at \S+:(\d+) /.exec(output)?.[1];
        if (found) resolve(found);
      });
      service.once('close', () => reject(new Error(output)));
    });
    try {
      await run(process.execPath, probe, { cwd: app, env: { ...env, PORT: port } });
      await expect(
        run(process.execPath, probe, { cwd: app, env: { ...env, PORT: '1' } }),
      ).rejects.toMatchObject({ code: 1 });
      const page = await fetch(`http://127.0.0.1:${port}/moderate`, { redirect: 'manual' });
      expect(page.status).toBeLessThan(400);
    } finally {
      service.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
    execFileSync('chmod', ['-R', 'u+w', app]);
  }, 120_000);
});

describe('the compose files', () => {
  const read = (name: string): Compose => parse(readFileSync(join(root, name), 'utf8'));
  interface Service {
    readonly read_only?: boolean;
    readonly cap_drop?: readonly string[];
    readonly ports?: readonly string[];
    readonly volumes?: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
    readonly image: string;
    readonly healthcheck?: { readonly test: readonly string[] };
  }
  interface Compose {
    readonly services: Readonly<Record<string, Service>>;
    readonly volumes: Readonly<Record<string, unknown>>;
  }

  it.each(['compose.yaml', 'compose.postgres.yaml'])(
    '%s starts the service read-only, without capabilities, for this machine',
    (name) => {
      const { services, volumes } = read(name);
      expect(services.comments).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        ports: ['127.0.0.1:8787:8787'],
      });
      for (const { image, volumes: used = [] } of Object.values(services)) {
        expect(image).toMatch(/^[a-z-]+(:\d+)?$/);
        for (const volume of used) expect(Object.keys(volumes)).toContain(volume.split(':')[0]);
      }
    },
  );

  it('compose.postgres.yaml waits for the database and has no secret in it', () => {
    const { services } = read('compose.postgres.yaml');
    expect(services.comments?.depends_on).toEqual({ database: { condition: 'service_healthy' } });
    expect(services.database?.healthcheck?.test.join(' ')).toContain('pg_isready');
    const { DATABASE_URL, PSEUDONYM_KEYS, ADMIN_API_KEY } = services.comments?.environment ?? {};
    for (const value of [DATABASE_URL, PSEUDONYM_KEYS, ADMIN_API_KEY]) expect(value).toMatch(/\$\{\w+:\?\}/);
  });
});
