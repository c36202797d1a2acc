/**
 * What must be readable again but must not stand in the database in clear: AES-256-GCM under a key made from the newest
 * pseudonym key, one for each purpose, so that nothing sealed tells anything of a pseudonym or of another purpose.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { PseudonymKey } from '../../config.ts';
import type { Service } from '../../service.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes that something sealed has beside its own. */
export const SEAL_OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;

export interface Sealed {
  /** Which pseudonym key it was sealed under. */
  readonly kid: string;
  readonly bytes: Uint8Array;
}

/** @param place where it is kept, such as a row's id: it opens nowhere else. */
export function seal(service: Service, purpose: string, place: string, bytes: Uint8Array): Sealed {
  const [key] = service.config.pseudonymKeys;
  if (!key) throw new Error('sealing needs a pseudonym key');
  const iv = service.random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', purposeKey(key, purpose), iv).setAAD(Buffer.from(place));
  const encrypted = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return { kid: key.kid, bytes: Buffer.concat([iv, cipher.getAuthTag(), encrypted]) };
}

/** The bytes that were sealed; null when the key is gone. @throws when they were changed or moved. */
export function unseal(service: Service, purpose: string, place: string, sealed: Sealed): Uint8Array | null {
  const key = service.config.pseudonymKeys.find(({ kid }) => kid === sealed.kid);
  if (!key) return null;
  const kept = Buffer.from(sealed.bytes);
  const decipher = createDecipheriv('aes-256-gcm', purposeKey(key, purpose), kept.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(place))
    .setAuthTag(kept.subarray(IV_BYTES, SEAL_OVERHEAD_BYTES));
  return Buffer.concat([decipher.update(kept.subarray(SEAL_OVERHEAD_BYTES)), decipher.final()]);
}

/** A key for one purpose, made from a pseudonym key: it tells nothing of that key or of other purposes. */
export function purposeKey({ key }: PseudonymKey, purpose: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}|v1`).digest();
}
