/** Rules over who writes, from where, and where links lead. */
import ipaddr from 'ipaddr.js';
import { parseUrl } from '../parse-url.ts';
import { findLinks } from '../text/links.ts';
import type { RuleMatcher } from './rule.ts';
import { RuleError } from './rule-error.ts';

function readLines(pattern: string): string[] {
  return pattern
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Each line as `read` has it. @throws {RuleError} naming the line. */
function compileLines<T>(pattern: string, what: string, read: (line: string) => T | null): T[] {
  const compiled = readLines(pattern).map((line, at) => {
    const value = read(line);
    if (value === null) throw new RuleError(`line ${at + 1}: “${line.slice(0, 100)}” is no ${what}`);
    return value;
  });
  if (compiled.length === 0) throw new RuleError(`at least one ${what} is needed`);
  return compiled;
}

/** A host name as URLs have it: lower case, IDNA, without a leading `*.`. */
function readHost(line: string): string | null {
  const bare = line.replace(/^\*?\./, '').replace(/\.$/, '');
  if (!/^[\p{L}\p{N}\p{M}.-]{1,253}$/u.test(bare)) return null;
  return parseUrl(`http://${bare}`)?.hostname ?? null;
}

/** The host itself or the listed one that it is a sub-domain of, or null. */
function findParent(hosts: ReadonlySet<string>, host: string): string | null {
  for (let rest = host; rest !== ''; rest = rest.includes('.') ? rest.slice(rest.indexOf('.') + 1) : '') {
    if (hosts.has(rest)) return rest;
  }
  return null;
}

/** Links in the text and the author's own address, sub-domains included. */
export function compileHosts(pattern: string): RuleMatcher {
  const hosts = new Set(compileLines(pattern, 'host name', readHost));
  return ({ content, authorUrl }) => {
    const urls = findLinks(content).map(({ url }) => url);
    if (authorUrl !== '') urls.push(authorUrl);
    for (const url of urls) {
      const found = findParent(hosts, (parseUrl(url)?.hostname ?? '').replace(/\.$/, ''));
      if (found !== null) return `a link to ${found}`;
    }
    return null;
  };
}

/** Pseudonyms, one a line; the use case makes them from an address or a comment. */
export function compileAuthors(pattern: string): RuleMatcher {
  const authors = new Set(
    compileLines(pattern, 'pseudonym', (line) => (/^[\w-]{1,64}:[\w-]{20,100}$/.test(line) ? line : null)),
  );
  return ({ authorKeys }) => (authorKeys.some((key) => authors.has(key)) ? 'a listed author' : null);
}

/** Networks in CIDR notation, or single addresses. */
export function compileNetworks(pattern: string): RuleMatcher {
  const networks = compileLines(pattern, 'IP network', (line) => {
    if (ipaddr.isValidCIDR(line)) return ipaddr.parseCIDR(line);
    if (!isAddress(line)) return null;
    const address = parseAddress(line);
    return [address, address.kind() === 'ipv4' ? 32 : 128] as [ipaddr.IPv4 | ipaddr.IPv6, number];
  });
  return ({ ip }) => {
    if (ip === null || !isAddress(ip)) return null;
    const address = parseAddress(ip);
    const inside = networks.some(
      ([base, bits]) => base.kind() === address.kind() && address.match(base, bits),
    );
    return inside ? 'an address of a listed network' : null;
  };
}

/** IPv4 written as IPv6 is IPv4. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const address = ipaddr.parse(text);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Not what ipaddr.js also reads, such as 127.1 or 0x7f000001. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** Domains of e-mail addresses, sub-domains included. */
export function compileEmailDomains(pattern: string): RuleMatcher {
  const domains = new Set(compileLines(pattern, 'domain', readHost));
  return ({ emailDomain }) => {
    const found = emailDomain === null ? null : findParent(domains, emailDomain);
    return found === null ? null : `an e-mail address at ${found}`;
  };
}
