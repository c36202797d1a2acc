/**
 * The room that the embedded database needs on its disk. PostgreSQL ends itself when it cannot write its log and is
 * started again; PGlite, in this process, then runs in circles for good (seen at 20 % of a log file left), and
 * nothing in its thread can stop it. So it must not come to that.
 */
import { statfsSync } from 'node:fs';

/** Log files have 16 MiB each: the next one, one for what is under way, and as much again. */
const RESERVE_BYTES = 64 * 1024 * 1024;
const REMEMBERED_MS = 200;

/** `code` is PostgreSQL's own for a full disk. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
  readonly code = '53100';
}

/**
 * A function that throws while the folder's disk has no room for writing.
 *
 * @throws {DiskFullError} less than 64 MiB are free.
 */
export function createRoomCheck(folder: string): () => void {
  let lookedAt = 0;
  let free = 0;
  return () => {
    const now = performance.now();
    if (lookedAt === 0 || now - lookedAt > REMEMBERED_MS) {
      const { bavail, bsize } = statfsSync(folder);
      free = bavail * bsize;
      lookedAt = now;
    }
    if (free >= RESERVE_BYTES) return;
    throw new DiskFullError(
      `the disk of ${folder} has ${toMiB(free)} MiB left, and the embedded database needs ${toMiB(RESERVE_BYTES)} MiB to write: make room`,
    );
  };
}

function toMiB(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}
