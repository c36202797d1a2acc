/**
 * One process at a time on a DATA_DIR. PGlite has no lock of its own, and a second process on its folder silently
 * loses rows, so this file `DATA_DIR/lock` says who has it.
 *
 * A dead owner's lock is taken over. On Linux, in the same PID namespace, the owner is known by its PID and start
 * time, so that a recycled PID does not pass for it. An owner elsewhere (another container on the same volume, where
 * both may be PID 1) is known by its heartbeat: it touches the file every two seconds.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

const HEARTBEAT_MS = 2_000;
/** An owner elsewhere that misses four heartbeats is dead. */
const SILENCE_MS = 8_000;
/** A take-over needs milliseconds; what is older was left by a crash in the middle of one. */
const TAKEOVER_MS = 30_000;

const ownerShape = z.object({
  pid: z.int().positive(),
  /** Which machine boot and PID namespace the PID belongs to; equal strings mean the PID can be looked up. */
  namespace: z.string(),
  /** Clock ticks from boot to the process' start, where /proc tells. */
  startTicks: z.string().nullable(),
  startedAt: z.string(),
  nonce: z.string(),
  url: z.string().nullable(),
});

/** Who has a DATA_DIR. `url` is where it listens, null while it does not. */
export type LockOwner = z.infer<typeof ownerShape>;

/** A live process has the folder. The message names it, the folder and what to do. */
export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';
  readonly owner: LockOwner;

  constructor(dataDir: string, owner: LockOwner) {
    const serving = owner.url === null ? '' : `, listening at ${owner.url}`;
    super(
      `the folder ${resolve(dataDir)} is in use by process ${owner.pid} (since ${owner.startedAt}${serving}): ` +
        'stop that process, or choose another folder with DATA_DIR, or use PostgreSQL with DATABASE_URL, which many ' +
        'processes can share',
    );
    this.owner = owner;
  }
}

/** The folder cannot hold a database. The message says why and what to do. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
}

export interface DataDirLock {
  /** Writes into the lock where the service listens, for the command line to find it. */
  readonly announce: (url: string) => Promise<void>;
  /** Gives the folder free; may be called twice. */
  readonly release: () => Promise<void>;
}

/**
 * Takes the folder (made when missing, readable by its owner only) or fails.
 *
 * @param onLost told when the lock is ours no longer, because somebody removed the file: stop writing at once.
 * @throws {DataDirInUseError} when a live process has it. Takes up to 8 s to be sure of one on another machine, and of a
 * lock that cannot be read: a power cut leaves an empty one, and a live owner would touch it.
 * @throws {DataDirError} when it cannot be made or written.
 */
export async function lockDataDir(dataDir: string, onLost: () => void): Promise<DataDirLock> {
  try {
    return await takeLock(dataDir, onLost);
  } catch (error) {
    throw explain(dataDir, error);
  }
}

async function takeLock(dataDir: string, onLost: () => void): Promise<DataDirLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'lock');
  const own: LockOwner = {
    pid: process.pid,
    namespace: await readNamespace(),
    startTicks: await readStartTicks(process.pid),
    startedAt: new Date(Date.now() - process.uptime() * 1000).toISOString(),
    nonce: randomBytes(12).toString('hex'),
    url: null,
  };
  while (!(await tryCreate(path, own))) {
    const found = await readLock(path);
    if (found === null) continue;
    const { owner } = found;
    if (owner === null && !(await isTorn(path, found.text))) throw new DataDirError(unreadable(path));
    if (owner !== null && (await isAlive(path, owner, own.namespace))) {
      throw new DataDirInUseError(dataDir, owner);
    }
    await removeStale(path, found);
  }
  return keepLock(dataDir, path, own, onLost);
}

/** Who has the folder, dead or alive; null when nobody has. */
export async function readLockOwner(dataDir: string): Promise<LockOwner | null> {
  const path = join(dataDir, 'lock');
  const found = await readLock(path);
  if (found === null) return null;
  if (found.owner !== null) return found.owner;
  throw new DataDirError(unreadable(path));
}

interface FoundLock {
  readonly text: string;
  /** Null when the text names nobody. */
  readonly owner: LockOwner | null;
}

async function readLock(path: string): Promise<FoundLock | null> {
  const text = await readFile(path, 'utf8').catch(nullWhenMissing);
  return text === null ? null : { text, owner: ownerShape.safeParse(parseJson(text)).data ?? null };
}

/** What a power cut leaves of a lock of ours: nothing of it, zeros or its beginning, and nobody who touches it. */
async function isTorn(path: string, text: string): Promise<boolean> {
  const written = text.replaceAll('\0', '');
  return (written === '' || written.startsWith('{"pid":')) && !(await hasHeartbeat(path));
}

function unreadable(path: string): string {
  return `${resolve(path)} is not a lock of leave-a-reply: make sure that nothing uses this folder, then delete it`;
}

const REMEDIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    EACCES: 'this user may not write there: give the folder to the user',
    EPERM: 'this user may not write there: give the folder to the user',
    EROFS: 'the file system is read-only: mount it for writing',
    ENOTDIR: 'a part of the path is a file, not a folder: correct the path',
    EEXIST: 'there is a file of this name: correct the path',
    ENOENT: 'it cannot be made there: correct the path',
    ENOSPC: 'the disk is full: make room',
  }),
);

function explain(dataDir: string, error: unknown): unknown {
  if (codeOf(error) === 'EISDIR') return new DataDirError(unreadable(join(dataDir, 'lock')));
  const remedy = REMEDIES.get(String(codeOf(error)));
  if (remedy === undefined) return error;
  return new DataDirError(
    `the folder ${resolve(dataDir)} cannot be used (${String(codeOf(error))}): ${remedy}, or choose another folder with DATA_DIR`,
  );
}

/** The live process that has the folder, or null. */
export async function findLiveOwner(dataDir: string): Promise<LockOwner | null> {
  const path = join(dataDir, 'lock');
  const found = await readLock(path);
  if (found === null) return null;
  if (found.owner !== null)
    return (await isAlive(path, found.owner, await readNamespace())) ? found.owner : null;
  if (await isTorn(path, found.text)) return null;
  throw new DataDirError(unreadable(path));
}

function keepLock(dataDir: string, path: string, own: LockOwner, onLost: () => void): DataDirLock {
  const isOurs = async () => (await readLockOwner(dataDir).catch(() => null))?.nonce === own.nonce;
  const beat = async () => {
    if (await isOurs()) {
      await utimes(path, new Date(), new Date());
    } else {
      clearInterval(timer);
      onLost();
    }
  };
  // A beat that fails is a missed beat; the fourth in a row would cost the lock, and the next good one finds out.
  const timer = setInterval(() => void beat().catch(() => undefined), HEARTBEAT_MS);
  timer.unref();
  return {
    announce: async (url) => {
      const temporary = `${path}.${own.nonce}`;
      await writeFile(temporary, JSON.stringify({ ...own, url }), { mode: 0o600 });
      await rename(temporary, path);
    },
    release: async () => {
      clearInterval(timer);
      if (await isOurs()) await unlink(path);
    },
  };
}

/** A hard link appears whole or not at all, and only where nothing is. */
async function tryCreate(path: string, owner: LockOwner): Promise<boolean> {
  const temporary = `${path}.${owner.nonce}`;
  await writeFile(temporary, JSON.stringify(owner), { mode: 0o600 });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** One at a time, so that nobody removes the lock of who was faster. */
async function removeStale(path: string, stale: FoundLock): Promise<void> {
  const guard = `${path}.takeover`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const made = await stat(guard).catch(nullWhenMissing);
    if (made !== null && Date.now() - made.mtimeMs > TAKEOVER_MS) await rmdir(guard).catch(nullWhenMissing);
    await wait(20);
    return;
  }
  try {
    const current = await readLock(path);
    const same =
      current?.owner?.nonce === stale.owner?.nonce && (stale.owner !== null || current?.text === stale.text);
    if (current !== null && same) await unlink(path);
  } finally {
    await rmdir(guard);
  }
}

async function isAlive(path: string, owner: LockOwner, namespace: string): Promise<boolean> {
  if (owner.namespace !== namespace) return await hasHeartbeat(path);
  if (owner.startTicks !== null) return (await readStartTicks(owner.pid)) === owner.startTicks;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Watches instead of comparing with the clock: two machines on one volume need not agree on the time. */
async function hasHeartbeat(path: string): Promise<boolean> {
  const first = await stat(path).catch(nullWhenMissing);
  for (let waited = 0; first !== null && waited < SILENCE_MS; waited += 250) {
    await wait(250);
    const now = await stat(path).catch(nullWhenMissing);
    if (now === null) return false;
    if (now.mtimeMs !== first.mtimeMs) return true;
  }
  return false;
}

/** Clock ticks from boot to the start of a running process; null when it is gone, a zombie, or /proc is not there. */
async function readStartTicks(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The second field is the command in parentheses and may hold anything: proc(5), state is 3 and starttime 22.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

async function readNamespace(): Promise<string> {
  const [boot, namespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'no-boot-id'),
    stat('/proc/self/ns/pid').then(
      (link) => String(link.ino),
      () => 'no-namespace',
    ),
  ]);
  return `${hostname()}/${boot.trim()}/${namespace}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function nullWhenMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}
