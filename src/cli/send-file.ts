/** Sends a file to the service in parts. */
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import type { Door } from './door.ts';
import { createProgressBar } from './terminal.ts';

/** As on the page /admin, so that each can go on with what the other began. */
const PART_BYTES = 8 * 1024 * 1024;

/** A part that the service has. */
export interface SentPart {
  readonly part: number;
  readonly bytes: number;
}

/**
 * Sends the parts of a file that are not there.
 *
 * @throws {Error} when parts are there that cannot be of this file.
 */
export async function sendFile(
  door: Door,
  file: string,
  id: string,
  query: string,
  sent: readonly SentPart[] = [],
): Promise<void> {
  const handle = await open(file);
  const bar = createProgressBar('sending (KiB)', Date.now);
  try {
    const { size } = await handle.stat();
    requireSameFile(size, sent);
    const there = new Set(sent.map(({ part }) => part));
    for (let part = 0; part === 0 || part * PART_BYTES < size; part++) {
      if (!there.has(part)) {
        const bytes = await readPart(handle, part * PART_BYTES);
        await door.call(z.null(), 'PUT', `/v1/imports/${id}/parts/${part}${query}`, bytes);
      }
      bar.show(kib(Math.min(size, (part + 1) * PART_BYTES)), kib(size));
    }
  } finally {
    bar.end();
    await handle.close();
  }
}

/**
 * Before anything is announced, so that nothing is left that waits for a file.
 *
 * @throws {Error} for what cannot be sent in parts: a folder, a pipe, an empty file, one that may not be read.
 */
export async function requireFile(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const found = await handle.stat();
    if (found.isDirectory()) throw new Error(`${file} is a folder: give a file`);
    if (!found.isFile()) throw new Error(`${file} is not a regular file: save its content to one`);
    if (found.size === 0) throw new Error(`${file} is empty`);
  } finally {
    await handle.close();
  }
}

/** Another file, or one that was cut into other parts, would be mixed with what is there. */
function requireSameFile(size: number, sent: readonly SentPart[]): void {
  const other = sent.find(
    ({ part, bytes }) => bytes !== Math.min(PART_BYTES, Math.max(0, size - part * PART_BYTES)),
  );
  if (other === undefined) return;
  throw new Error(
    `part ${other.part} of this import has ${other.bytes} bytes, which does not match this file: begin a new import`,
  );
}

async function readPart(handle: FileHandle, position: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(PART_BYTES);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(bytes, length, PART_BYTES - length, position + length);
    length += bytesRead;
    if (bytesRead === 0 || length === PART_BYTES) return bytes.subarray(0, length);
  }
}

function kib(bytes: number): number {
  return Math.floor(bytes / 1024);
}
