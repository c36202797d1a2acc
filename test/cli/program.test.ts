import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatProgress, stripControls } from '../../src/cli/terminal.ts';
import { describeCandidate } from '../../src/cli/train.ts';
import {
  createWorkshop,
  type Environment,
  runCommand,
  type ServiceProcess,
} from '../support/service-process.ts';
import { plainSamples } from '../support/trained-site.ts';

const workshop = createWorkshop();
afterAll(() => workshop.clean());

/** Whatever the files of the commands add to a program, so that none is forgotten in the entry. */
async function listCommands(): Promise<string[]> {
  const folder = fileURLToPath(new URL('../../src/cli/', import.meta.url));
  const program = new Command();
  for (const file of readdirSync(folder).filter((name) => name !== 'cli.ts')) {
    const found: Record<string, unknown> = await import(join(folder, file));
    for (const [name, register] of Object.entries(found)) {
      if (name.startsWith('register') && typeof register === 'function') register(program);
    }
  }
  return program.commands.map((command) => command.name());
}

const commands = await listCommands();

describe('leave-a-reply --help', () => {
  it('lists every command', async () => {
    const { code, stdout } = await runCommand(['--help'], {});
    expect(code).toBe(0);
    expect(commands).toEqual(
      expect.arrayContaining(['serve', 'export', 'restore', 'samples', 'model', 'replay']),
    );
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) (?=.*\S)/gm)].map(([, command]) => command);
    expect(listed.filter((command) => command !== 'help').sort()).toEqual([...commands].sort());
  });

  it.each(commands)('explains %s', async (command) => {
    const { code, stdout } = await runCommand([command, '--help'], {});
    expect(code).toBe(0);
    expect(stdout).toContain(`leave-a-reply ${command}`);
    // A description that is wrapped in the source and again by commander has short lines in between.
    const [, description = ''] = /\n\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
    const lines = description.split('\n');
    const ragged = lines.slice(0, -1).filter((line, at) => {
      const [next = ''] = (lines[at + 1] ?? '').split(' ');
      return line.length + 1 + next.length <= 80;
    });
    expect(ragged).toEqual([]);
  });

  it('has a version: the one of package.json', async () => {
    const packageJson = fileURLToPath(new URL('../../package.json', import.meta.url));
    const { version }: { version: string } = JSON.parse(readFileSync(packageJson, 'utf8'));
    expect((await runCommand(['--version'], {})).stdout).toBe(`${version}\n`);
  });
});

describe('a mistake on the command line', () => {
  it.each([
    [['bogus'], 'unknown command'],
    [['key', 'create'], '--scope'],
    [['key', 'create', '--scope', 'read,everything'], 'Use one or more of submit, read'],
    [['serve', '--port', '1'], 'unknown option'],
    [['user', 'invite', '--name', 'Ada'], '--email'],
    [['user', 'invite', '--name', 'A', '--email', 'a@example.org', '--role', 'king'], 'Allowed choices'],
    [['erase'], 'email'],
    [['bogus', '--help'], "unknown command 'bogus'"],
    [['key', 'bogus', '-h'], "unknown command 'bogus'"],
    [['site', 'set', 'max_links'], 'NAME=VALUE'],
  ])('%j ends with 2, says why on stderr and where the help is', async (parameters, why) => {
    const { code, stdout, stderr } = await runCommand(parameters, {});
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(why);
    expect(stderr).toMatch(/See: npx leave-a-reply .*--help/);
  });

  it('is answered without the control characters that it was made with', async () => {
    const { stderr } = await runCommand(['bo\u001b]0;owned\u0007gus\u009b31m'], {});
    expect(stderr).toContain('unknown command');
    expect(stderr).not.toMatch(/[\u0007\u001b\u009b]/);
  });

  it('in the environment ends with 1 and names every variable', async () => {
    const { code, stderr } = await runCommand(['migrate'], {
      PORT: 'http',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:hush@db/x',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/PORT must be[\s\S]*DATABASE_URL must look like[\s\S]*LOG_LEVEL must be/);
    expect(stderr).not.toContain('hush');
  });
});

describe('a file or folder that cannot be used', () => {
  const file = join(workshop.folder(), 'file');
  writeFileSync(file, 'x');
  const missing = join(file, '..', 'missing', 'file');

  it.each([
    ['import', missing, '--format', 'wxr'],
    ['import', join(file, 'x'), '--format', 'jsonl'],
    ['rules', 'import', missing],
    ['classify', missing],
    ['evaluate', '--train', missing, '--folds', '2'],
    ['export', join(missing, 'x')],
    ['samples', 'export', join(missing, 'x')],
    ['restore', missing],
  ])('is named in plain words: %j', async (...parameters) => {
    const { code, stderr } = await runCommand(parameters, { DATA_DIR: join(workshop.folder(), 'data') });
    expect(code).toBe(1);
    expect(stderr).toContain(file.slice(0, -4));
    expect(stderr).not.toMatch(/ENO|EACC|EIS|unfinished|open '/);
  });

  it('is named as DATA_DIR with the way out', async () => {
    for (const dataDir of [file, join(file, 'data')]) {
      const { code, stderr } = await runCommand(['serve'], { DATA_DIR: dataDir, PORT: '0' });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^leave-a-reply: the folder \S+ cannot be used \(E\w+\): .+, or choose another folder with DATA_DIR\n$/,
      );
    }
  });

  it('is named where the embedded database is damaged', async () => {
    const dataDir = join(workshop.folder(), 'data');
    expect((await runCommand(['migrate'], { DATA_DIR: dataDir })).code).toBe(0);
    rmSync(join(dataDir, 'pglite/global'), { recursive: true });
    const { code, stderr } = await runCommand(['migrate'], { DATA_DIR: dataDir });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`${join(dataDir, 'pglite')} is damaged and cannot be opened: restore DATA_DIR`),
    ]);
  });
});

describe('a command on a folder where nothing runs', () => {
  it('migrates, and has nothing to do the second time', async () => {
    const env = { DATA_DIR: join(workshop.folder(), 'data') };
    expect((await runCommand(['migrate'], env)).stdout).toMatch(/^migrated 0001-initial$/m);
    expect((await runCommand(['migrate'], env)).stdout).toBe('The schema is up to date.\n');
  });

  it('opens the database itself and gives the folder free again', async () => {
    const dataDir = join(workshop.folder(), 'data');
    const made = await runCommand(['key', 'create', '--scope', 'read', 'submit', '--json'], {
      DATA_DIR: dataDir,
    });
    expect(made.stderr).toBe('');
    expect(JSON.parse(made.stdout)).toMatchObject({
      scopes: ['read', 'submit'],
      key: expect.stringMatching(/^lar_/),
    });
    expect(readdirSync(dataDir).sort()).toEqual(['pglite', 'pseudonym.keys']);
    const invited = await runCommand(['user', 'invite', '--name', 'Ada', '--email', 'ada@example.org'], {
      DATA_DIR: dataDir,
      PORT: '4321',
    });
    expect([invited.stderr, invited.stdout]).toEqual([
      '',
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:4321\/invitation#\S+\n$/),
    ]);
  });
});

describe('a command that is given a file', () => {
  const env: Environment = { DATA_DIR: join(workshop.folder(), 'data') };

  it.each([
    [['replay', '--from', '2026-01-01T00:00:00Z', '--rules', 'notjson'], 'there is no such file “notjson”'],
    [['replay', '--from', '2026-01-01T00:00:00Z', '--rules', process.execPath], 'is not valid JSON'],
  ])('%j names one that it cannot read', async (parameters, why) => {
    const { code, stderr } = await runCommand(parameters, env);
    expect([code, stderr]).toEqual([1, expect.stringContaining(why)]);
  });
});

describe('classify', () => {
  it('makes no database for a model that it does not find', async () => {
    const dataDir = join(workshop.folder(), 'data');
    const { code, stderr } = await runCommand(['classify', 'comments.jsonl', '--model', 'daily-1'], {
      DATA_DIR: dataDir,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('there is no file daily-1, and no database');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('scores with a version of the running service, of the same folder when it is stopped, or of a file', async () => {
    const folder = workshop.folder();
    const env = { DATA_DIR: join(folder, 'data'), ADMIN_API_KEY: 'an-admin-key-for-the-tests-alone' };
    const file = join(folder, 'comments.jsonl');
    const samples = plainSamples(200).map((sample) => JSON.stringify(sample));
    writeFileSync(file, samples.join('\n'));
    const service = await workshop.serve(env);
    expect((await runCommand(['import', file, '--format', 'jsonl'], env)).code).toBe(0);
    expect((await runCommand(['train'], env)).code).toBe(0);
    const listed = await runCommand(['model', 'list', '--json'], env);
    const [{ version = '' } = {}]: { version?: string }[] = JSON.parse(listed.stdout);
    const classify = async (model: string) => await runCommand(['classify', file, '--model', model], env);
    const running = await classify(version);
    expect(running.stderr).toBe('');
    const lines = running.stdout.trim().split('\n');
    expect(lines).toHaveLength(200);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ model_version: version });
    expect((await classify('nobody')).stderr).toContain('There is no model');
    const response = await fetch(`${service.url}/v1/models/${version}/file`, {
      headers: { authorization: `Bearer ${env.ADMIN_API_KEY}` },
    });
    writeFileSync(join(folder, 'model.bin'), new Uint8Array(await response.arrayBuffer()));
    expect((await classify(join(folder, 'model.bin'))).stdout).toBe(running.stdout);
    service.child.kill('SIGTERM');
    await service.ended;
    expect((await classify(version)).stdout).toBe(running.stdout);
  }, 180_000);
});

describe('a command on a folder where a service runs', () => {
  let service: ServiceProcess;
  let env: Environment;
  beforeAll(async () => {
    env = { DATA_DIR: join(workshop.folder(), 'data') };
    service = await workshop.serve(env);
  });

  it('asks for a key and says where to give it', async () => {
    const { code, stderr } = await runCommand(['key', 'list'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`a service runs on .*${service.url}.*--key or ADMIN_API_KEY`));
  });

  it('says so when the key is wrong', async () => {
    const { code, stderr } = await runCommand(['key', 'list', '--key', 'lar_no'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('Give an admin key of this service');
  });

  it('makes, lists and revokes a key over HTTP', async () => {
    const asAdmin = { ...env, ADMIN_API_KEY: service.firstAdminKey };
    const made = await runCommand(
      ['key', 'create', '--scope', 'read', '--name', 'reader\u001b[31m'],
      asAdmin,
    );
    const key = made.stdout.trim();
    const bearer = { headers: { authorization: `Bearer ${key}` } };
    expect((await fetch(`${service.url}/v1/comments?post=x`, bearer)).status).toBe(200);
    const id = key.split('_')[1] ?? '';
    expect(made.stderr).toContain(id);
    const listed = await runCommand(['key', 'list'], asAdmin);
    expect(listed.stdout).toMatch(new RegExp(`^${id} +reader\\[31m +read `, 'm'));
    expect((await runCommand(['key', 'revoke', id], asAdmin)).stdout).toBe(`The key ${id} is revoked.\n`);
    expect((await fetch(`${service.url}/v1/comments?post=x`, bearer)).status).toBe(401);
  });

  it('invites a person, who signs in, lists them, and disables them at once', async () => {
    const asAdmin = { ...env, ADMIN_API_KEY: service.firstAdminKey };
    const made = await runCommand(
      ['user', 'invite', '--name', 'Ada\u001b[31m', '--email', 'ada@example.org', '--role', 'senior'],
      asAdmin,
    );
    expect(made.stderr).toBe('');
    const link = new URL(made.stdout.trim());
    expect([link.origin, link.pathname]).toEqual([service.url, '/invitation']);
    const joined = await fetch(`${service.url}/v1/session/invitation`, {
      method: 'POST',
      headers: { origin: service.url, 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.hash.slice(1), password: 'a long sentence of her own' }),
    });
    expect(joined.status).toBe(201);
    const cookie = (joined.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const look = () =>
      fetch(`${service.url}/v1/session`, { headers: { cookie, 'sec-fetch-site': 'same-origin' } });
    expect((await look()).status).toBe(200);

    const listed = await runCommand(['user', 'list'], asAdmin);
    const [, id = ''] = /^(\S+) +Ada\[31m +senior +\S+ +joined /m.exec(listed.stdout) ?? [];
    expect(listed.stdout).not.toContain('ada@example.org');
    expect((await runCommand(['user', 'disable', id], asAdmin)).stdout).toBe(
      'Ada[31m is disabled and signed out.\n',
    );
    expect((await look()).status).toBe(401);
    expect((await runCommand(['user', 'enable', id], asAdmin)).stdout).toBe('Ada[31m is enabled.\n');
  });

  it('erases a person by address, given on standard input, and nobody else', async () => {
    const asAdmin = { ...env, ADMIN_API_KEY: service.firstAdminKey };
    const headers = {
      authorization: `Bearer ${service.firstAdminKey}`,
      'content-type': 'application/json',
    };
    for (const author of ['bea', 'cleo']) {
      const sent = await fetch(`${service.url}/v1/comments`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          post: 'erase',
          author_name: author,
          author_email: `${author}@example.org`,
          content: `What ${author} thinks of the bridge.`,
        }),
      });
      expect(sent.status).toBe(201);
    }
    const erase = (...parameters: string[]) =>
      runCommand(['erase', '-', ...parameters], asAdmin, ' Bea@example.org\n');
    expect((await erase()).stdout).toBe(
      'Comments under this address: 1. Nothing was deleted: repeat with --yes to delete them.\n',
    );
    expect((await erase('--yes')).stdout).toBe(
      'Deleted: 1 comments, 0 samples; the address was removed from 0 other texts.\n',
    );
    const cleo = await runCommand(['erase', 'cleo@example.org'], asAdmin);
    expect(cleo.stdout).toContain('Comments under this address: 1.');
    const wrong = await runCommand(['erase', 'nobody'], asAdmin);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('/email')]);
  });

  it('trains from the samples of the running service and activates the result', async () => {
    const asAdmin = { ...env, ADMIN_API_KEY: service.firstAdminKey };
    const refused = await runCommand(['train'], asAdmin);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('the training failed');
    const samples = Array.from({ length: 400 }, (_, index) =>
      JSON.stringify(
        index % 2 === 0
          ? { content: `subscribe to my channel number ${index} for free money`, label: 'spam' }
          : { content: `I agree with point ${index} of the article about the bridge`, label: 'ham' },
      ),
    );
    const uploaded = await fetch(`${service.url}/v1/samples`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.firstAdminKey}`, 'content-type': 'application/x-ndjson' },
      body: samples.join('\n'),
    });
    expect(uploaded.status).toBe(200);
    const trained = await runCommand(['train', '--activate', '--json'], asAdmin);
    expect(trained.stderr).toMatch(/^job \S+\n$/);
    expect(JSON.parse(trained.stdout)).toMatchObject({ samples: { ham: 200, spam: 200 }, activated: true });
  });

  it('creates a site, changes its settings and names it in lists by its slug', async () => {
    const asAdmin = { ...env, ADMIN_API_KEY: service.firstAdminKey };
    const say = async (...parameters: string[]) => await runCommand(parameters, asAdmin);
    const made = await say('site', 'create', 'weekly', '--name', 'The Weekly');
    expect(made.stderr).toBe('');
    expect((await say('site', 'list')).stdout).toMatch(
      new RegExp(`^weekly +The Weekly .*${made.stdout.trim()}$`, 'm'),
    );
    const set = await say('site', 'set', 'max_links=3', 'proof_of_work=attack', '--site', 'weekly');
    expect(set.stdout).toBe('max_links=3\nproof_of_work="attack"\n');
    expect((await say('site', 'settings', 'weekly')).stdout).toMatch(/^max_links=3$/m);
    const wrong = await say('site', 'set', 'max_link=3', '--site', 'weekly');
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('did you mean max_links?')]);
    await say('key', 'create', '--scope', 'submit,read', '--site', 'weekly', '--name', 'form');
    expect((await say('key', 'list')).stdout).toMatch(/ form +submit read +weekly /);
    await say('user', 'invite', '--name', 'Eve', '--email', 'eve@example.org', '--site', 'weekly');
    expect((await say('user', 'list')).stdout).toMatch(/ Eve +moderator +weekly /);
    const unnamed = await say('site', 'settings');
    expect([unnamed.code, unnamed.stderr]).toEqual([1, expect.stringContaining('name one with --site')]);
  }, 120_000);

  it('creates, lists, tries and deletes a webhook', async () => {
    const asAdmin = { ...env, ADMIN_API_KEY: service.firstAdminKey };
    const say = async (...parameters: string[]) =>
      await runCommand(['webhook', ...parameters, '--site', 'weekly'], asAdmin);
    const made = await say('create', 'https://hooks.invalid/x', '--event', 'comment.approved');
    expect(made.stdout).toMatch(/^whsec_\S+\n$/);
    const [, id = ''] = /Its id: (\S+)/.exec(made.stderr) ?? [];
    expect((await say('list')).stdout).toMatch(
      new RegExp(`^${id} +https://hooks.invalid/x +comment.approved +enabled`, 'm'),
    );
    const tried = await say('test', id);
    expect([tried.code, tried.stderr]).toEqual([1, expect.stringContaining('did not arrive: ')]);
    expect((await say('replay', id)).stdout).toBe('Messages to be sent again: 1.\n');
    expect((await say('delete', id)).stdout).toBe(`The webhook ${id} is deleted.\n`);
    expect((await say('list')).stdout).not.toContain(id);
  }, 120_000);

  it('refuses to migrate beside it', async () => {
    const { code, stderr } = await runCommand(['migrate'], env);
    expect(code).toBe(1);
    expect(stderr).toContain(`in use by process ${service.child.pid}`);
  });
});

describe('what is printed', () => {
  it('keeps line feeds and tabs and loses the other control characters', () => {
    expect(stripControls('a\u001b]0;title\u0007b\u009b31m\u0000\r\n\tc\u007f')).toBe('a]0;titleb31m\n\tc');
  });

  it('tells how a candidate is activated unless the gate refuses it', () => {
    expect(describeCandidate('daily-1', false)).toContain('npx leave-a-reply model activate daily-1');
    expect(describeCandidate('daily-1', true)).not.toContain('activate');
  });

  it('is a bar with share, rate and time left while it is known how much there is', () => {
    expect(formatProgress('training', 500, 1000, 2000)).toBe(
      `training [${'#'.repeat(15)}${'-'.repeat(15)}]  50 %  500/1000  250/s  2 s left`,
    );
    expect(formatProgress('importing', 500, null, 2000)).toBe('importing  500  250/s');
    expect(formatProgress('training: fitting', 0, null, 2000)).toBe('training: fitting  2 s');
  });
});
