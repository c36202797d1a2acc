/** Refuses to work with a pseudonym key other than the one that the database was made with. */
import { createHmac } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { PseudonymKey } from '../../config.ts';
import { insertKeyChecks, listKeyChecks } from '../../storage/privacy/pseudonym-keys.ts';
import type { Database } from '../../storage/schema/database.ts';
import { purposeKey } from './seal.ts';

/** The pseudonym keys do not fit the database. The message says which and what to do. */
export class PseudonymKeyError extends Error {
  override readonly name = 'PseudonymKeyError';
}

/**
 * Holds each key against the one that the database knows by this key id, and notes the keys that are new.
 *
 * A wrong key would be noticed by nothing else: an erasure would find no comment and report success, and new rows would
 * be written under a key id that then stands for two keys.
 *
 * @throws {PseudonymKeyError} for another key under a known key id, and when no key is known to a database that has some.
 */
export async function requireKnownKeys(
  db: Kysely<Database>,
  keys: readonly PseudonymKey[],
  now: Date,
): Promise<void> {
  requireSame(keys, await listKeyChecks(db));
  const rows = keys.map((key) => ({ kid: key.kid, check_value: checkOf(key), first_used_at: now }));
  await insertKeyChecks(db, rows);
  // Another process may have noted a key at the same time: what is stored decides.
  requireSame(keys, await listKeyChecks(db));
}

function requireSame(
  keys: readonly PseudonymKey[],
  stored: readonly { readonly kid: string; readonly check_value: string }[],
): void {
  const known = new Map(stored.map(({ kid, check_value }) => [kid, check_value]));
  const other = keys.find((key) => (known.get(key.kid) ?? checkOf(key)) !== checkOf(key));
  if (other !== undefined) {
    throw new PseudonymKeyError(
      `the pseudonym key ${other.kid} is not the key with this id that the database was made with: put the old one ` +
        'back, and give a new key a new id in front of it (PSEUDONYM_KEYS, or pseudonym.keys in DATA_DIR)',
    );
  }
  if (known.size === 0 || keys.some(({ kid }) => known.has(kid))) return;
  throw new PseudonymKeyError(
    `the database was made with the pseudonym ${known.size === 1 ? 'key' : 'keys'} ${[...known.keys()].join(', ')}, ` +
      'none of which is given: add it behind the newest key (PSEUDONYM_KEYS, or pseudonym.keys in DATA_DIR)',
  );
}

function checkOf(key: PseudonymKey): string {
  return createHmac('sha256', purposeKey(key, 'known-key')).update(key.kid).digest('base64url');
}
