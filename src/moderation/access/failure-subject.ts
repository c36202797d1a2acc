/**
 * Whom a failed sign-in or a wrong key is counted against: a keyed hash, since a plain one of an address is turned back
 * by trying addresses. Under the newest key alone: after a rotation the count of the last quarter of an hour begins anew.
 */
import { createHmac } from 'node:crypto';
import type { Service } from '../../service.ts';
import { canonicaliseIp } from '../privacy/pseudonymise.ts';
import { purposeKey } from '../privacy/seal.ts';

export { FAILURE_WINDOW_MS } from '../../storage/trim.ts';

/** @param kind what is counted; the same text of another kind is another subject. */
export function failureSubject(service: Service, kind: string, text: string): string {
  const [key] = service.config.pseudonymKeys;
  if (!key) throw new Error('counting failures needs a pseudonym key');
  const hashed = createHmac('sha256', purposeKey(key, 'failure'))
    .update(`${kind}|${text}`)
    .digest('base64url');
  return `${kind}:${key.kid}:${hashed}`;
}

/** The subject of an IP address, in its canonical form; all that is no address counts as one. */
export function addressSubject(service: Service, kind: string, address: string | null): string {
  const ip = address === null ? null : canonicaliseIp(address);
  return failureSubject(service, kind, ip ?? 'unknown');
}
