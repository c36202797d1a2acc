import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callProcess, PROCESS_KEY } from '../support/call-process.ts';
import { createWorkshop, runCommand, startCommand } from '../support/service-process.ts';
import { submission } from '../support/site.ts';

const workshop = createWorkshop();
afterAll(() => workshop.clean());

describe('a DATA_DIR that is not as it was left', () => {
  const made = async () => {
    const dataDir = join(workshop.folder(), 'data');
    const env = { DATA_DIR: dataDir, ADMIN_API_KEY: PROCESS_KEY, PORT: '0' };
    return { dataDir, env, service: await workshop.serve(env) };
  };

  test('copied while it runs: the copy opens, once its lock is gone, and has what was acknowledged before', async () => {
    const { dataDir, env, service } = await made();
    const { id } = await callProcess(
      service,
      z.looseObject({ id: z.string() }),
      'POST',
      '/v1/comments',
      submission(),
    );
    const copy = join(workshop.folder(), 'copy');
    cpSync(dataDir, copy, { recursive: true });
    const refused = await runCommand(['serve'], { ...env, DATA_DIR: copy });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('in use by process')]);
    rmSync(join(copy, 'lock'));
    const copied = await workshop.serve({ ...env, DATA_DIR: copy });
    const found = await callProcess(copied, z.looseObject({ id: z.string() }), 'GET', `/v1/comments/${id}`);
    expect(found.id).toBe(id);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  });

  test('whose database is damaged: a start names the folder and the remedy, and leaves no lock', async () => {
    const { dataDir, env, service } = await made();
    service.child.kill('SIGTERM');
    await service.ended;
    truncateSync(join(dataDir, 'pglite', 'global', 'pg_control'), 100);
    const { code, stderr } = await runCommand(['serve'], env);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/pglite is damaged .*restore DATA_DIR from a backup/),
    ]);
    expect(readdirSync(dataDir)).not.toContain('lock');
  });

  test('whose lock was torn by a power cut: a start takes it over', async () => {
    const { dataDir, env, service } = await made();
    service.child.kill('SIGKILL');
    await service.ended;
    const lock = join(dataDir, 'lock');
    writeFileSync(lock, readFileSync(lock, 'utf8').slice(0, 20));
    const again = startCommand(['migrate'], env);
    expect(await again.ended).toMatchObject({ code: 0 });
  });
});
