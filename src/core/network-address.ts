/** Where the service may send requests that others name the address of (webhooks, callbacks): public addresses alone. */
import ipaddr from 'ipaddr.js';
import { parseUrl } from './parse-url.ts';

/** Names that mean this machine or this network wherever they are asked for (RFC 6761, 6762, 8375, ICANN's .internal). */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)$/;
/** Below 1024, other ports speak protocols that a crafted request could be read as (SMTP on 25, for one). */
const LOW_PORTS = new Set(['', '80', '443']);
/** All that is handed out as global unicast so far (RFC 4291, 2.4): what lies outside translates to something else or is local. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an IP address is one of the public Internet: not private, loopback, link-local, shared (CGNAT), multicast,
 * reserved, or a translation of another (mapped, NAT64, 6to4, Teredo). False for what is no IP address.
 *
 * @param allowed ranges such as `127.0.0.0/8` that count as public, too.
 * @example
 * isPublicAddress('::ffff:127.0.0.1') // false
 */
export function isPublicAddress(text: string, allowed: readonly string[] = []): boolean {
  if (!isLiteral(text) || text.includes('%')) return false;
  const address = unmap(ipaddr.parse(text));
  if (allowed.some((range) => isWithin(address, range))) return true;
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}

/** In full: the short and octal forms of IPv4 are read differently from place to place. */
function isLiteral(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function unmap(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function isWithin(address: Address, range: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(range);
  return base.kind() === address.kind() && address.match([base, bits]);
}

/**
 * What is wrong with an address that a request shall go to, as a sentence with the remedy; null when nothing is, as
 * far as can be told without asking where its name leads.
 *
 * The URL parser has made `127.1`, `0x7f000001`, `2130706433` and full-width digits one by then: `127.0.0.1`.
 *
 * @param allowed ranges of private addresses that the operator permits.
 */
export function findUrlFault(text: string, allowed: readonly string[] = []): string | null {
  const url = parseUrl(text);
  if (url === null) return 'Send an address that begins with https:// or http://.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'Send an address that begins with https:// or http://.';
  if (url.username !== '' || url.password !== '')
    return 'An address with a user name or password is not taken.';
  if (!LOW_PORTS.has(url.port) && Number(url.port) < 1024) return 'Use port 80, 443 or one from 1024 on.';
  const host = url.hostname.replace(/\.+$/, '');
  const literal = host.startsWith('[') ? host.slice(1, -1) : host;
  const message =
    'This address is not on the public Internet. The operator can permit it: see OUTGOING_PRIVATE_RANGES.';
  if (isLiteral(literal)) return isPublicAddress(literal, allowed) ? null : message;
  if (allowed.length > 0) return null;
  return PRIVATE_NAME.test(host) || !host.includes('.') ? message : null;
}
