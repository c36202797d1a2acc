import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/logging.ts';
import { openService } from '../../src/node/open-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'modes-'));

describe('DATA_DIR', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is closed to other users, with every file in it, from the first start and after one that left it open', async () => {
    const dataDir = join(folder, 'data');
    const open = () =>
      openService(
        readConfig({ DATA_DIR: dataDir }),
        createLog('silent', () => undefined),
        () => undefined,
      );
    await (await open()).close(1);
    expect(listReachable(dataDir)).toEqual([]);
    chmodSync(dataDir, 0o755);
    chmodSync(join(dataDir, 'pglite'), 0o755);
    await (await open()).close(1);
    expect(listReachable(dataDir)).toEqual([]);
  }, 60_000);
});

/** What another user of the machine can open: a mode lets them in, and so does every folder above. */
function listReachable(top: string): string[] {
  const isOpen = (path: string): boolean => (statSync(path).mode & 0o077) !== 0;
  const isClosedAbove = (path: string): boolean =>
    path !== top && (!isOpen(dirname(path)) || isClosedAbove(dirname(path)));
  const all = readdirSync(top, { recursive: true, encoding: 'utf8' }).map((name) => join(top, name));
  expect(all.length).toBeGreaterThan(900);
  return [top, ...all].filter((path) => isOpen(path) && (path === top || !isClosedAbove(path)));
}
