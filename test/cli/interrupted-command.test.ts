/** Ctrl-C while a command waits for long work, with no service that would go on with it. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop, type Environment, runCommand, startCommand } from '../support/service-process.ts';
import { plainSamples } from '../support/trained-site.ts';
import { writeWxr } from '../support/wxr.ts';

const workshop = createWorkshop();
let database: Awaited<ReturnType<typeof createPostgresDatabase>>;
beforeAll(async () => {
  database = await createPostgresDatabase();
});
afterAll(async () => {
  await workshop.clean();
  await database.drop();
});

const COMMENTS = 6_000;

const environments: readonly (readonly [string, () => Environment])[] = [
  ['PGlite', () => ({ DATA_DIR: join(workshop.folder(), 'data') })],
  [
    'PostgreSQL',
    () => ({
      DATABASE_URL: database.url,
      PSEUDONYM_KEYS: `t1:${randomBytes(32).toString('base64')}`,
    }),
  ],
];

describe.each(environments)('long work that Ctrl-C breaks off, on %s', (_name, environment) => {
  let env: Environment = {};
  let file = '';

  beforeAll(() => {
    env = environment();
    file = join(workshop.folder(), 'export.xml');
    writeFileSync(file, writeWxr(plainSamples(COMMENTS)));
  });

  /** Runs a command until it waits for its job, presses Ctrl-C, and returns the job's id. */
  async function breakOff(...parameters: string[]): Promise<string> {
    const command = startCommand(parameters, env);
    const [, job = ''] = await command.waitFor('stderr', /^job (\S+)$/m);
    command.child.kill('SIGINT');
    const { code, stderr } = await command.ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining(`leave-a-reply job follow ${job}`)]);
    return job;
  }

  async function listJobs(): Promise<{ id: string; kind: string; state: string }[]> {
    const { code, stdout, stderr } = await runCommand(['job', 'list', '--json'], env);
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  }

  it('waits as it is, and the command that goes on with it ends it: nothing twice and nothing lost', async () => {
    const importing = await breakOff('import', file, '--format', 'wxr');
    expect(await listJobs()).toMatchObject([{ id: importing, kind: 'import', state: 'queued' }]);
    const followed = await runCommand(['job', 'follow', importing], env);
    expect(followed.code, followed.stderr).toBe(0);
    const again = await runCommand(['import', file, '--format', 'wxr', '--json'], env);
    expect(JSON.parse(again.stdout)).toMatchObject({ records: COMMENTS, added: 0, known: COMMENTS });

    const training = await breakOff('train');
    const train = await runCommand(['train', '--json'], env);
    expect(train.code, train.stderr).toBe(0);
    expect(train.stderr).toContain(`job ${training}\n`);
    expect(JSON.parse(train.stdout)).toMatchObject({ samples: { ham: COMMENTS / 2, spam: COMMENTS / 2 } });
    expect((await listJobs())[0]).toMatchObject({ id: training, state: 'succeeded' });
  }, 240_000);

  it('is ended by “job cancel”, after which a training can be asked for', async () => {
    const training = await breakOff('train');
    const cancelled = await runCommand(['job', 'cancel', training], env);
    expect(cancelled.stdout).toBe(`The train ${training} is cancelled.\n`);
    expect((await runCommand(['job', 'cancel', training], env)).stderr).toContain('over already');
    const train = await runCommand(['train', '--json'], env);
    expect(train.code, train.stderr).toBe(0);
    expect(train.stderr).not.toContain(training);
  }, 240_000);
});
