/** A compatible key as its callbacks have to name it. */
import type { Service } from '../../service.ts';
import { type DueCallback, insertCallbackKey } from '../../storage/outgoing/akismet-callbacks.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import type { Actor } from '../actor.ts';
import { seal, unseal } from '../privacy/seal.ts';

/** Who asks. `key` is what a callback has to name. */
export interface AkismetCaller {
  readonly actor: Actor;
  readonly key: string;
}

const PURPOSE = 'akismet-callback-key';

/**
 * Keeps a key, sealed, so that its callbacks can name it, as the clients ask to know who calls. Keys that never ask for
 * callbacks are kept as a hash alone.
 */
export async function keepCallbackKey(
  service: Service,
  db: Service['db'] | Transaction,
  { actor, key }: AkismetCaller,
): Promise<void> {
  const { kid, bytes } = seal(service, PURPOSE, actor.id, Buffer.from(key));
  await insertCallbackKey(db, { key_id: actor.id, kid, sealed: bytes });
}

/** The key again, or null when it was revoked or its pseudonym key is gone. */
export function openCallbackKey(
  service: Service,
  { key_id: keyId, kid, sealed }: Pick<DueCallback, 'key_id' | 'kid' | 'sealed'>,
): string | null {
  if (keyId === null || kid === null || sealed === null) return null;
  const opened = unseal(service, PURPOSE, keyId, { kid, bytes: sealed });
  return opened === null ? null : Buffer.from(opened).toString('utf8');
}
