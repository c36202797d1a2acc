import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkshop, runCommand, type ServiceProcess } from '../support/service-process.ts';
import { submission } from '../support/site.ts';

const MIB = 1024 * 1024;
const workshop = createWorkshop();
const disk = join(workshop.folder(), 'disk');
mkdirSync(disk);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'tmpfs', disk]).status === 0;
if (!mounted) await workshop.clean();

describe.skipIf(!mounted)(
  'a full disk under the embedded database (a tmpfs: needs the right to mount)',
  () => {
    const filler = join(disk, 'filler');
    const env = { DATA_DIR: join(disk, 'data'), ADMIN_API_KEY: 'a-key-for-the-tests-alone' };
    let service: ServiceProcess;
    beforeAll(async () => {
      service = await workshop.serve(env);
    });
    afterAll(async () => {
      service.child.kill('SIGKILL');
      await service.ended;
      spawnSync('umount', [disk]);
      await workshop.clean();
    });

    function leaveFree(bytes: number): void {
      const { bavail, bsize } = statfsSync(disk);
      const file = openSync(filler, 'w');
      for (let left = bavail * bsize - bytes; left > 0; left -= MIB) writeSync(file, new Uint8Array(MIB));
      closeSync(file);
    }

    const headers = { authorization: `Bearer ${env.ADMIN_API_KEY}`, 'content-type': 'application/json' };
    const post = async (content = 'x') => {
      const body = JSON.stringify(submission({ content: `The bridge, again. ${content}` }));
      const answer = await fetch(`${service.url}/v1/comments`, { method: 'POST', headers, body });
      return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
    };
    const read = async () => (await fetch(`${service.url}/v1/comments?post=article-1`, { headers })).status;

    test('writing is 503 before the log runs out, reading goes on, and with room all is well without a restart', async () => {
      expect((await post()).status).toBe(201);
      leaveFree(12 * MIB);
      await expect.poll(async () => (await post()).status).toBe(503);
      // More than a log file has left: it would be at its end, and the process with it.
      for (let sent = 0; sent < 20; sent += 1) {
        expect(await post('y'.repeat(60_000))).toEqual({ status: 503, retryAfter: '2' });
      }
      expect(await read()).toBe(200);
      rmSync(filler);
      await expect.poll(async () => (await post()).status).toBe(201);
    });

    test('a start without room says how much is needed, and leaves no lock', async () => {
      leaveFree(12 * MIB);
      const { code, stderr } = await runCommand(['migrate'], { DATA_DIR: join(disk, 'other') });
      expect(code).toBe(1);
      expect(stderr).toMatch(/the disk of .* has 1[12] MiB left.*needs 64 MiB to write: make room/);
      expect(existsSync(join(disk, 'other', 'lock'))).toBe(false);
    });
  },
);
