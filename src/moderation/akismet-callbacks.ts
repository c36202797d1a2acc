/** Telling an Akismet client what a moderator decided. */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { PseudonymKey } from '../config.ts';
import type { Service } from '../service.ts';
import { insertCallbackKey } from '../storage/akismet-callbacks.ts';
import type { Transaction } from '../storage/database.ts';
import type { AkismetCaller } from './akismet-check.ts';
import type { SiteContext } from './site-context.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Whether a site may ask for callbacks there: on its own host alone, or the service would call for anybody. */
export function isOwnCallback(site: Pick<SiteContext, 'url'>, callback: string): boolean {
  if (site.url === null || callback.length > 2000 || !URL.canParse(callback)) return false;
  const url = new URL(callback);
  const http = url.protocol === 'https:' || url.protocol === 'http:';
  return http && url.username === '' && url.password === '' && url.host === new URL(site.url).host;
}

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

/** The key again, or null when the pseudonym key is gone. */
export function openCallbackKey(
  service: Service,
  { key_id, kid, sealed }: { key_id: string; kid: string; sealed: Uint8Array },
): string | null {
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
