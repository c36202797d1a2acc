/** A compatible key as its callbacks have to name it. */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { PseudonymKey } from '../config.ts';
import type { Service } from '../service.ts';
import { type DueCallback, insertCallbackKey } from '../storage/akismet-callbacks.ts';
import type { Transaction } from '../storage/database.ts';
import type { AkismetCaller } from './akismet-check.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps a key so that its callbacks can name it, as the clients ask to know who calls. Encrypted (AES-256-GCM, under a
 * key made from a pseudonym key); keys that never ask for callbacks are kept as a hash alone.
 */
export async function keepCallbackKey(
  service: Service,
  db: Service['db'] | Transaction,
  { actor, key }: AkismetCaller,
): Promise<void> {
  const [newest] = service.config.pseudonymKeys;
  if (!newest) throw new Error('keeping a key for callbacks needs a pseudonym key');
  const iv = service.random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(newest), iv).setAAD(Buffer.from(actor.id));
  const sealed = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()]);
  await insertCallbackKey(db, {
    key_id: actor.id,
    kid: newest.kid,
    sealed: Buffer.concat([iv, cipher.getAuthTag(), sealed]),
  });
}

/** The key again, or null when it was revoked or its pseudonym key is gone. */
export function openCallbackKey(
  service: Service,
  { key_id, kid, sealed }: Pick<DueCallback, 'key_id' | 'kid' | 'sealed'>,
): string | null {
  if (key_id === null || sealed === null) return null;
  const pseudonymKey = service.config.pseudonymKeys.find((one) => one.kid === kid);
  if (!pseudonymKey) return null;
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(pseudonymKey), bytes.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(key_id))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return opened.toString('utf8');
}

function sealingKey({ key }: PseudonymKey): Buffer {
  return createHmac('sha256', key).update('akismet-callback-key|v1').digest();
}
