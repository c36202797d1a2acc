/**
 * The parts of an uploaded file. Exports hold e-mail and IP addresses in clear, and no column may: parts are encrypted
 * (AES-256-GCM, under a key made from a pseudonym key) until the import is over, and then deleted.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { PseudonymKey } from '../config.ts';
import type { Service } from '../service.ts';
import { putPart, readPart } from '../storage/imports.ts';
import { RefusedError } from './refused-error.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes that a kept part has beside those of the file. */
export const PART_OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;

export async function keepPart(
  service: Service,
  importId: string,
  part: number,
  bytes: Uint8Array,
): Promise<void> {
  const [key] = service.config.pseudonymKeys;
  if (!key) throw new Error('keeping a part needs a key');
  const iv = service.random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', partKey(key), iv).setAAD(additional(importId, part));
  const encrypted = Buffer.concat([cipher.update(bytes), cipher.final()]);
  await putPart(service.db, importId, part, key.kid, Buffer.concat([iv, cipher.getAuthTag(), encrypted]));
}

/** @throws {RefusedError} when the part is gone or its key is. */
export async function readBackPart(service: Service, importId: string, part: number): Promise<Uint8Array> {
  const row = await readPart(service.db, importId, part);
  const key = service.config.pseudonymKeys.find(({ kid }) => kid === row?.kid);
  if (!row || !key) throw new RefusedError('not_found', 'A part of the file is gone: upload it again.');
  const kept = Buffer.from(row.bytes);
  const decipher = createDecipheriv('aes-256-gcm', partKey(key), kept.subarray(0, IV_BYTES))
    .setAAD(additional(importId, part))
    .setAuthTag(kept.subarray(IV_BYTES, PART_OVERHEAD_BYTES));
  return Buffer.concat([decipher.update(kept.subarray(PART_OVERHEAD_BYTES)), decipher.final()]);
}

/** A key of its own, so that no part and no pseudonym tell anything of each other. */
function partKey({ key }: PseudonymKey): Buffer {
  return createHmac('sha256', key).update('import-part|v1').digest();
}

function additional(importId: string, part: number): Buffer {
  return Buffer.from(`${importId}|${part}`);
}
