/**
 * E-mail and IP addresses become keyed pseudonyms the moment they arrive; the addresses themselves are not kept.
 *
 * `kid:HMAC-SHA-256(key, "email|v1|" + site + "|" + canonical)` in base64url. A plain hash would be turned back by
 * trying addresses (45 % of a forum's Gravatar hashes fell in 2013); without the key nothing can be tried. It is
 * still personal data for whoever holds the key (GDPR, article 4(5)).
 */
import { createHmac } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { PseudonymKey } from '../../config.ts';
import { parseUrl } from '../../core/parse-url.ts';

/** Two canonical forms of one address; both are version 1. */
export interface CanonicalEmail {
  /** Trimmed, NFC, IDNA domain, lower case: identity, and requests by the person. */
  readonly strict: string;
  /** Plus-tag cut, dots cut for Gmail only: counting abuse. */
  readonly loose: string;
}

/** `strict` and `loose` under the newest key, and each under every live key, newest first. */
export interface EmailPseudonyms {
  readonly strict: string;
  readonly loose: string;
  readonly allStrict: readonly string[];
  readonly allLoose: readonly string[];
}

/**
 * The canonical forms, or null when the text is no e-mail address: one `@`, a local part of at most 64 characters
 * without spaces or controls, a domain with a dot that IDNA accepts. Linear in the length.
 *
 * @example
 * canonicaliseEmail('A.B+x@GoogleMail.com')
 * // { strict: 'a.b+x@googlemail.com', loose: 'ab@gmail.com' }
 */
export function canonicaliseEmail(text: string): CanonicalEmail | null {
  const address = text.trim().normalize('NFC');
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).toLowerCase();
  const domain = canonicaliseDomain(address.slice(at + 1));
  if (at < 1 || local.length > 64 || /[\s\p{C}@"(),:;<>[\]\\]/u.test(local) || domain === null) return null;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return null;
  const untagged = local.replace(/\+.*$/s, '') || local;
  const gmail = domain === 'gmail.com' || domain === 'googlemail.com';
  return {
    strict: `${local}@${domain}`,
    loose: gmail ? `${untagged.replaceAll('.', '')}@gmail.com` : `${untagged}@${domain}`,
  };
}

function canonicaliseDomain(text: string): string | null {
  // Letters, digits, dots, hyphens only: what else URL parsing would accept (a port, a path, %41) is no mail domain.
  if (text.length > 253 || !/^[\p{L}\p{N}\p{M}.-]+$/u.test(text)) return null;
  const domain = parseUrl(`http://${text}`)?.hostname ?? '';
  if (!/^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(domain)) {
    return null;
  }
  return domain;
}

/**
 * The form of an IP address that is counted: IPv4 whole, IPv6 cut to its /64 (one household, one lease), IPv4 in
 * IPv6 unwrapped. Null when the text is no address.
 *
 * @example
 * canonicaliseIp('::ffff:192.0.2.1') // '192.0.2.1'
 */
export function canonicaliseIp(text: string): string | null {
  const bare = text.trim().replace(/%.*$/s, '');
  // Only the four-part form: ipaddr.js also reads 127.1 and 0x7f000001, which no client sends honestly.
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare).toString();
  if (!ipaddr.IPv6.isValid(bare)) return null;
  const address = ipaddr.IPv6.parse(bare);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

/** The pseudonyms of an address on one site. `keys` is newest first and not empty. */
export function pseudonymiseEmail(
  keys: readonly PseudonymKey[],
  siteId: string,
  email: CanonicalEmail,
): EmailPseudonyms {
  const allStrict = keys.map((key) => hmac(key, 'email', siteId, email.strict));
  const allLoose = keys.map((key) => hmac(key, 'email', siteId, email.loose));
  return { strict: newest(allStrict), loose: newest(allLoose), allStrict, allLoose };
}

/** The pseudonyms of an IP address (as {@link canonicaliseIp} gives it) under every live key, newest first. */
export function pseudonymiseIp(keys: readonly PseudonymKey[], siteId: string, ip: string): readonly string[] {
  return keys.map((key) => hmac(key, 'ip', siteId, ip));
}

/** What is kept of an author's addresses, and their pseudonyms under every key, newest first. */
export interface Pseudonyms {
  readonly email: string | null;
  readonly emailLoose: string | null;
  readonly ip: string | null;
  readonly authorKeys: {
    readonly strict: readonly string[];
    readonly loose: readonly string[];
    readonly ip: readonly string[];
  };
  /** The domain of the e-mail address, lower case and IDNA: of no person, so it is not hidden. */
  readonly emailDomain: string | null;
}

/** The pseudonyms of an author on one site; of what is no address there are none. `keys` is newest first. */
export function pseudonymsOf(
  keys: readonly PseudonymKey[],
  siteId: string,
  { authorEmail, authorIp }: { readonly authorEmail: string | null; readonly authorIp: string | null },
): Pseudonyms {
  const canonical = authorEmail === null ? null : canonicaliseEmail(authorEmail);
  const email = canonical && pseudonymiseEmail(keys, siteId, canonical);
  const address = authorIp === null ? null : canonicaliseIp(authorIp);
  const ips = address === null ? [] : pseudonymiseIp(keys, siteId, address);
  return {
    email: email?.strict ?? null,
    emailLoose: email?.loose ?? null,
    ip: ips[0] ?? null,
    authorKeys: { strict: email?.allStrict ?? [], loose: email?.allLoose ?? [], ip: ips },
    emailDomain: canonical?.strict.slice(canonical.strict.lastIndexOf('@') + 1) ?? null,
  };
}

function hmac({ kid, key }: PseudonymKey, kind: 'email' | 'ip', siteId: string, canonical: string): string {
  return `${kid}:${createHmac('sha256', key).update(`${kind}|v1|${siteId}|${canonical}`).digest('base64url')}`;
}

function newest(pseudonyms: readonly string[]): string {
  const first = pseudonyms[0];
  if (first === undefined) throw new Error('pseudonymising needs a key');
  return first;
}
