/**
 * Keys for Akismet's clients: twelve hexadecimal digits, since the clients put them into host names, and WordPress's
 * plugin refuses any other length and drops every other character from what is typed into its form. They have no public
 * part, so they are found by a keyed hash: 48 bits would fall in minutes to whoever tries them against a plain one, and
 * cannot be tried without the pseudonym key.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { PseudonymKey } from '../config.ts';
import type { Service } from '../service.ts';
import { findKeyBySecret, renewKeySecret, touchKey } from '../storage/keys.ts';
import { addFailures, countFailures } from '../storage/sign-in-failures.ts';
import type { Actor } from './actor.ts';
import { canonicaliseIp } from './pseudonymise.ts';

const KEY_BYTES = 6;
/** Wider than what is made, so that any key that looks like Akismet's is looked up, and a wrong one counted. */
const KEY = /^[a-z0-9]{12}$/;
const FAILURE_WINDOW_MS = 15 * 60_000;
/** At this pace an address needs 40 million years for half of the keys there can be. */
const MOST_FAILURES = 100;

/** What a presented key is: good, known but revoked or expired, unknown; or too many were tried from this address. */
export type AkismetKeyState =
  | { readonly state: 'live'; readonly actor: Actor; readonly key: string }
  | { readonly state: 'ended' | 'unknown' | 'throttled' };

/** A new key, and what is stored of it. */
export function makeAkismetKey(service: Service): { key: string; secret: string } {
  const key = Buffer.from(service.random(KEY_BYTES)).toString('hex');
  const [newest] = service.config.pseudonymKeys;
  if (!newest) throw new Error('a compatible key needs a pseudonym key');
  return { key, secret: hashKey(newest, key) };
}

/** What a presented key is. `address` is whom a wrong one is counted against; null: nobody tells. */
export async function authenticateAkismetKey(
  service: Service,
  presented: string,
  address: string | null,
): Promise<AkismetKeyState> {
  const now = service.now();
  const since = new Date(now.getTime() - FAILURE_WINDOW_MS);
  const subject = failureSubject(address);
  const failures = await countFailures(service.db, [subject], since);
  if ((failures.get(subject) ?? 0) >= MOST_FAILURES) return { state: 'throttled' };
  const key = presented.toLowerCase();
  const secrets = service.config.pseudonymKeys.map((pseudonymKey) => hashKey(pseudonymKey, key));
  const row = KEY.test(key) ? await findKeyBySecret(service.db, secrets) : null;
  const secret = secrets.find((one) => row && isEqual(one, row.secret_sha256));
  if (!row || secret === undefined || row.site_id === null) {
    if (presented !== '') await addFailures(service.db, [subject], now, since);
    return { state: 'unknown' };
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
