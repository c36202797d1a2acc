/**
 * Keys for Akismet's clients: twelve letters and digits, since the clients put them into host names and WordPress's
 * plugin refuses any other length. They have no public part, so they are found by a keyed hash: 62 bits would fall to
 * whoever tries them against a plain one, and cannot be tried without the pseudonym key.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { PseudonymKey } from '../config.ts';
import type { Service } from '../service.ts';
import { findKeyBySecret, renewKeySecret, touchKey } from '../storage/keys.ts';
import { addFailures, countFailures } from '../storage/sign-in-failures.ts';
import type { Actor } from './actor.ts';
import { canonicaliseIp } from './pseudonymise.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const KEY_CHARACTERS = 12;
const KEY = /^[a-z0-9]{12}$/;
const FAILURE_WINDOW_MS = 15 * 60_000;
/** Behind one address a whole hosting company's sites may be; 62 bits would hold against a million times as many. */
const MOST_FAILURES = 300;

/** What a presented key is: good, known but revoked or expired, unknown; or too many were tried from this address. */
export type AkismetKeyState =
  | { readonly state: 'live'; readonly actor: Actor; readonly key: string }
  | { readonly state: 'ended' | 'unknown' | 'throttled' };

/** A new key, and what is stored of it. */
export function makeAkismetKey(service: Service): { key: string; secret: string } {
  let key = '';
  while (key.length < KEY_CHARACTERS) {
    // 252 is the largest multiple of 36 in a byte: beyond it some letters would come up more often.
    for (const byte of service.random(KEY_CHARACTERS)) {
      if (byte < 252 && key.length < KEY_CHARACTERS) key += ALPHABET[byte % 36];
    }
  }
  const [newest] = service.config.pseudonymKeys;
  if (!newest) throw new Error('a compatible key needs a pseudonym key');
  return { key, secret: hashKey(newest, key) };
}

/** Whether a host's label, or a field, can be a key at all; upper case is taken for lower. */
export function isAkismetKeyShaped(text: string): boolean {
  return KEY.test(text.toLowerCase());
}

/**
 * Looks the candidates up in their order; the first that is known decides. `address` is whom the guesses are counted
 * against, null: nobody tells.
 */
export async function authenticateAkismetKey(
  service: Service,
  candidates: readonly string[],
  address: string | null,
): Promise<AkismetKeyState> {
  const now = service.now();
  const since = new Date(now.getTime() - FAILURE_WINDOW_MS);
  const subject = failureSubject(address);
  const failures = await countFailures(service.db, [subject], since);
  if ((failures.get(subject) ?? 0) >= MOST_FAILURES) return { state: 'throttled' };
  let ended = false;
  for (const candidate of candidates) {
    const key = candidate.toLowerCase();
    if (!KEY.test(key)) continue;
    const secrets = service.config.pseudonymKeys.map((pseudonymKey) => hashKey(pseudonymKey, key));
    const row = await findKeyBySecret(service.db, secrets);
    const secret = secrets.find((one) => row && isEqual(one, row.secret_sha256));
    if (!row || secret === undefined || row.site_id === null) continue;
    if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) {
      ended = true;
      continue;
    }
    service.background(async () => {
      await touchKey(service.db, row.id, now);
      if (secret !== secrets[0]) await renewKeySecret(service.db, row.id, secrets[0] ?? secret);
    });
    const { id, name, site_id: siteId } = row;
    return { state: 'live', key, actor: { kind: 'key', id, name, siteId, scopes: ['akismet'] } };
  }
  if (ended) return { state: 'ended' };
  await addFailures(service.db, [subject], now, since);
  return { state: 'unknown' };
}

function failureSubject(address: string | null): string {
  const ip = address === null ? null : canonicaliseIp(address);
  return `akismet:${createHash('sha256')
    .update(ip ?? 'unknown')
    .digest('base64url')}`;
}

function hashKey({ kid, key: secret }: PseudonymKey, key: string): string {
  return `${kid}:${createHmac('sha256', secret).update(`akismet-key|v1|${key}`).digest('base64url')}`;
}

function isEqual(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}
