/**
 * Keys for Akismet's clients: twelve hexadecimal digits, since the clients put them into host names, and WordPress's
 * plugin refuses any other length and drops every other character from what is typed into its form. They have no public
 * part, so they are found by a keyed hash: 48 bits would fall in minutes to whoever tries them against a plain one, and
 * cannot be tried without the pseudonym key.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PseudonymKey } from '../../config.ts';
import type { Service } from '../../service.ts';
import { findKeyBySecret, renewKeySecret, touchKey } from '../../storage/access/keys.ts';
import { addFailureOnce, countFailures, reserveFailure } from '../../storage/access/sign-in-failures.ts';
import type { Actor } from '../actor.ts';
import { addressSubject, FAILURE_WINDOW_MS } from './failure-subject.ts';

const KEY_BYTES = 6;
/** Wider than what is made, so that any key that looks like Akismet's is looked up, and a wrong one counted. */
const KEY = /^[a-z0-9]{12}$/;
const MOST_WRONG_KEYS = 100;

/** What a presented key is: good, known but revoked or expired, unknown; or unknown after too many others. */
export type AkismetKeyState =
  | { readonly state: 'live'; readonly actor: Actor; readonly key: string }
  | { readonly state: 'ended' | 'unknown' }
  | { readonly state: 'throttled'; readonly retryAfterSeconds: number };

/** A new key, and what is stored of it. */
export function makeAkismetKey(service: Service): { key: string; secret: string } {
  const key = Buffer.from(service.random(KEY_BYTES)).toString('hex');
  const [newest] = service.config.pseudonymKeys;
  if (!newest) throw new Error('a compatible key needs a pseudonym key');
  return { key, secret: hashKey(newest, key) };
}

/**
 * What a presented key is. `address` is whom a wrong one is counted against; null: nobody tells.
 *
 * A good key is good whatever else came from its address: on shared hosting, or behind a proxy that nobody told the
 * service about, that is an address of many. So what protects the keys is their length: who makes 1,000 calls a second
 * meets the first of 100 keys after 89 years on average.
 */
export async function authenticateAkismetKey(
  service: Service,
  presented: string,
  address: string | null,
): Promise<AkismetKeyState> {
  const key = presented.toLowerCase();
  // The bare host's first label, a key of another kind: no guess.
  if (!KEY.test(key)) return { state: 'unknown' };
  const now = service.now();
  const secrets = service.config.pseudonymKeys.map((pseudonymKey) => hashKey(pseudonymKey, key));
  const row = await findKeyBySecret(service.db, secrets);
  const secret = secrets.find((one) => row && isEqual(one, row.secret_sha256));
  if (!row || secret === undefined || row.site_id === null) {
    const counted = await countWrongKey(service, secrets[0] ?? key, address, now);
    return counted
      ? { state: 'unknown' }
      : { state: 'throttled', retryAfterSeconds: FAILURE_WINDOW_MS / 1000 };
  }
  if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now))
    return { state: 'ended' };
  service.background(async () => {
    await touchKey(service.db, row.id, now);
    if (secret !== secrets[0]) await renewKeySecret(service.db, row.id, secrets[0] ?? secret);
  });
  const { id, name, site_id: siteId } = row;
  return { state: 'live', key, actor: { kind: 'key', id, name, siteId, scopes: ['akismet'] } };
}

/** Counts each wrong key once: a client that repeats a mistyped one guesses nothing. False: there were too many. */
async function countWrongKey(
  service: Service,
  hash: string,
  address: string | null,
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - FAILURE_WINDOW_MS);
  const subject = addressSubject(service, 'akismet', address);
  const wrong = await countFailures(service.db, subject, since);
  if (wrong >= MOST_WRONG_KEYS) return false;
  if (!(await addFailureOnce(service.db, `${subject}:${hash}`, now, since))) return true;
  await reserveFailure(service.db, { subject, most: MOST_WRONG_KEYS, now, since });
  if (wrong + 1 === MOST_WRONG_KEYS) service.log.warn('akismet-keys-guessed', { count: MOST_WRONG_KEYS });
  return true;
}

function hashKey({ kid, key: secret }: PseudonymKey, key: string): string {
  return `${kid}:${createHmac('sha256', secret).update(`akismet-key|v1|${key}`).digest('base64url')}`;
}

function isEqual(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}
