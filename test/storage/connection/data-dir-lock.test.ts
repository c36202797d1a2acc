import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  DataDirInUseError,
  findLiveOwner,
  lockDataDir,
  readLockOwner,
} from '../../../src/storage/connection/data-dir-lock.ts';

const source = fileURLToPath(new URL('../../../src/storage/connection/data-dir-lock.ts', import.meta.url));
const noLoss = () => expect.fail('the lock was lost');

describe('the lock on DATA_DIR', () => {
  let folder: string;
  let bundle: string;
  let dataDir: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'leave-a-reply-lock-'));
    bundle = join(folder, 'lock.mjs');
    await build({
      stdin: {
        contents: `
          import { lockDataDir } from ${JSON.stringify(source)};
          try {
            await lockDataDir(process.argv[2], () => process.exit(3));
            console.log('taken');
            setInterval(() => undefined, 1000);
          } catch (error) {
            console.log(error.name);
          }`,
        resolveDir: fileURLToPath(new URL('..', import.meta.url)),
      },
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
  });
  beforeEach(() => {
    dataDir = mkdtempSync(join(folder, 'data-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A process that tries to take the folder; its first line says how that went. */
  function startTaker(): { child: ChildProcess; outcome: Promise<string>; ended: Promise<void> } {
    const child = spawn(process.execPath, [bundle, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const outcome = new Promise<string>((resolve) =>
      child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
    );
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    return { child, outcome, ended };
  }

  function changeOwner(change: Readonly<Record<string, unknown>>): void {
    const path = join(dataDir, 'lock');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  }

  it('refuses a second process, naming the first, the folder and the remedy', async () => {
    const first = startTaker();
    expect(await first.outcome).toBe('taken');
    const refusal = await lockDataDir(dataDir, noLoss).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DataDirInUseError);
    const { message } = refusal as Error;
    expect(message).toContain(`process ${first.child.pid}`);
    expect(message).toContain(dataDir);
    expect(message).toMatch(/stop that process.*DATA_DIR.*DATABASE_URL/);
  });

  it('is taken over from a process that was killed', async () => {
    const first = startTaker();
    expect(await first.outcome).toBe('taken');
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await readLockOwner(dataDir))?.pid).toBe(first.child.pid);
    expect(await findLiveOwner(dataDir)).toBeNull();
    const lock = await lockDataDir(dataDir, noLoss);
    expect((await readLockOwner(dataDir))?.pid).toBe(process.pid);
    await lock.release();
  });

  it('is taken over when another process got the PID of the dead owner', async () => {
    await lockDataDir(dataDir, noLoss);
    changeOwner({ startTicks: '1', nonce: 'of a process long gone' });
    expect(await findLiveOwner(dataDir)).toBeNull();
    const lock = await lockDataDir(dataDir, noLoss);
    await lock.release();
  });

  it('goes to exactly one of many that find it stale at once', async () => {
    await lockDataDir(dataDir, () => undefined);
    changeOwner({ startTicks: '1', nonce: 'of a process long gone' });
    const takers = Array.from({ length: 6 }, startTaker);
    const outcomes = await Promise.all(takers.map((taker) => taker.outcome));
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'DataDirInUseError')).toHaveLength(5);
  });

  it('is believed by its heartbeat when the owner runs in another container', async () => {
    const first = startTaker();
    expect(await first.outcome).toBe('taken');
    changeOwner({ namespace: 'another container', pid: 1, startTicks: '1' });
    await expect(lockDataDir(dataDir, noLoss)).rejects.toBeInstanceOf(DataDirInUseError);
  });

  it('is taken over from another container once the heartbeat stopped', async () => {
    await lockDataDir(dataDir, () => undefined);
    changeOwner({ namespace: 'another container', pid: 1, startTicks: '1', nonce: 'silent' });
    utimesSync(join(dataDir, 'lock'), new Date(0), new Date(0));
    const lock = await lockDataDir(dataDir, noLoss);
    await lock.release();
  });

  it('says where the owner listens, and is gone after its release', async () => {
    const lock = await lockDataDir(dataDir, noLoss);
    await lock.announce('http://127.0.0.1:1');
    expect((await findLiveOwner(dataDir))?.url).toBe('http://127.0.0.1:1');
    await lock.release();
    await lock.release();
    expect(await readLockOwner(dataDir)).toBeNull();
  });

  it('tells its owner when somebody removed it', async () => {
    let tell: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await lockDataDir(dataDir, () => tell());
    rmSync(join(dataDir, 'lock'));
    await lost;
  });

  it('does not touch a file that is no lock of ours', async () => {
    for (const text of ['4711', '{"owner":"somebody"}', 'pid 1']) {
      writeFileSync(join(dataDir, 'lock'), text);
      await expect(lockDataDir(dataDir, noLoss)).rejects.toThrow(/is not a lock of leave-a-reply.*delete it/);
      expect(readFileSync(join(dataDir, 'lock'), 'utf8')).toBe(text);
    }
    rmSync(join(dataDir, 'lock'));
    mkdirSync(join(dataDir, 'lock'));
    await expect(lockDataDir(dataDir, noLoss)).rejects.toThrow(/is not a lock of leave-a-reply.*delete it/);
  });

  it.each([
    ['nothing', () => ''],
    ['zeros', (text: string) => '\0'.repeat(text.length)],
    ['its first half', (text: string) => text.slice(0, text.length / 2)],
  ])('is taken over when a power cut left %s of it and nobody touches it', async (_, tear) => {
    await (await lockDataDir(dataDir, noLoss)).announce('http://127.0.0.1:1');
    const path = join(dataDir, 'lock');
    const other = { ...JSON.parse(readFileSync(path, 'utf8')), nonce: 'lost' };
    writeFileSync(path, tear(JSON.stringify(other)));
    expect(await findLiveOwner(dataDir)).toBeNull();
    await (await lockDataDir(dataDir, noLoss)).release();
  });

  it('says what to do about a folder that cannot be used', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    await expect(lockDataDir(file, noLoss)).rejects.toThrow(/there is a file of this name.*DATA_DIR/);
    await expect(lockDataDir(join(file, 'below'), noLoss)).rejects.toThrow(
      /is a file, not a folder.*DATA_DIR/,
    );
  });
});
