import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicaliseEmail,
  canonicaliseIp,
  pseudonymiseEmail,
  pseudonymiseIp,
} from '../../../src/moderation/privacy/pseudonymise.ts';

const k1 = { kid: 'k1', key: new Uint8Array(32).map((_, at) => at) };
const k2 = { kid: 'k2', key: new Uint8Array(32).map((_, at) => 255 - at) };

describe('canonical e-mail addresses', () => {
  test.each([
    ['A.B+x@GoogleMail.com', 'a.b+x@googlemail.com', 'ab@gmail.com'],
    ['ab@gmail.com', 'ab@gmail.com', 'ab@gmail.com'],
    ['  First.Last+news@Example.ORG ', 'first.last+news@example.org', 'first.last@example.org'],
    ['jürgen@müller.example', 'jürgen@xn--mller-kva.example', 'jürgen@xn--mller-kva.example'],
    ['ju\u0308rgen@example.org', 'jürgen@example.org', 'jürgen@example.org'],
    ["o'neil@example.co.uk", "o'neil@example.co.uk", "o'neil@example.co.uk"],
    ['+tag@example.org', '+tag@example.org', '+tag@example.org'],
  ])('%s has a strict and a loose form', (address, strict, loose) => {
    expect(canonicaliseEmail(address)).toEqual({ strict, loose });
  });

  test.each([
    'a@b',
    'a@@b.example',
    '@b.example',
    'a@',
    'a b@c.example',
    'a@[127.0.0.1]',
    '"a b"@c.example',
    'a@b.example:80',
    'a@b.example/x',
    'a\r\nb@c.example',
    '.a@b.example',
    'a..b@c.example',
    'a@b..example',
    'a@-b.example',
    'a@b.123',
    `${'a'.repeat(65)}@b.example`,
    'a@%62.example',
  ])('%j is no address', (text) => {
    expect(canonicaliseEmail(text)).toBeNull();
  });

  test('any text gives a strict form that is its own strict form, or none, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), (text) => {
        const once = canonicaliseEmail(text);
        if (once) expect(canonicaliseEmail(once.strict)?.strict).toBe(once.strict);
      }),
    );
  });
});

describe('canonical IP addresses', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::ffff', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['127.1', null],
    ['0x7f000001', null],
    ['192.0.2.1:80', null],
    ['', null],
  ])('%s is counted as %s', (text, canonical) => {
    expect(canonicaliseIp(text)).toBe(canonical);
  });
});

describe('pseudonyms', () => {
  const address = { strict: 'a.b+x@googlemail.com', loose: 'ab@gmail.com' };

  test('are the documented HMAC under the newest key, and under every live one', () => {
    const { strict, allStrict } = pseudonymiseEmail([k2, k1], 'site', address);
    const digest = createHmac('sha256', k2.key)
      .update('email|v1|site|a.b+x@googlemail.com')
      .digest('base64url');
    expect(strict).toBe(`k2:${digest}`);
    expect(allStrict.map((pseudonym) => pseudonym.slice(0, 3))).toEqual(['k2:', 'k1:']);
  });

  test('differ by site, key, form and kind', () => {
    const all = [
      pseudonymiseEmail([k1], 'a', address).strict,
      pseudonymiseEmail([k1], 'b', address).strict,
      pseudonymiseEmail([k2], 'a', address).strict,
      pseudonymiseEmail([k1], 'a', address).loose,
      ...pseudonymiseIp([k1], 'a', '192.0.2.1'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('cannot be made without a key', () => {
    expect(() => pseudonymiseEmail([], 'a', address)).toThrow(/key/);
  });
});

describe('the edges of what is an address', () => {
  const label = 'a'.repeat(63);
  /** 253 characters, the longest name that DNS knows. */
  const longest = `${label}.${label}.${label}.${'b'.repeat(57)}.org`;

  test.each([
    ['a local part of one character', 'a@example.org', 'a@example.org'],
    ['a local part of 64', `${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    ['a label of one character', 'ada@x.example.org', 'ada@x.example.org'],
    ['a domain of 253', `ada@${longest}`, `ada@${longest}`],
  ])('takes %s', (_, text, strict) => {
    expect(canonicaliseEmail(text)?.strict).toBe(strict);
  });

  test.each([
    ['a local part of 65', `${'a'.repeat(65)}@example.org`],
    ['a dot at the end of the local part', 'ada.@example.org'],
    ['a domain of 254', `ada@${longest.replace('.org', 'b.org')}`],
    ['a top-level domain that ends in a hyphen', 'ada@example.or-'],
  ])('refuses %s', (_, text) => {
    expect(canonicaliseEmail(text)).toBeNull();
  });

  test('cuts the dots of gmail.com and all of a tag', () => {
    expect(canonicaliseEmail('a.b+x+y@gmail.com')?.loose).toBe('ab@gmail.com');
  });

  test('reads an IP address with spaces around it and a zone behind it', () => {
    expect(canonicaliseIp(' 192.0.2.1 ')).toBe('192.0.2.1');
    expect(canonicaliseIp('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  });

  test('makes the pseudonyms by the documented formula, for every key, kind and form', () => {
    const of = ({ kid, key }: typeof k1, kind: string, canonical: string) =>
      `${kid}:${createHmac('sha256', key).update(`${kind}|v1|site|${canonical}`).digest('base64url')}`;
    const email = { strict: 'a.b@gmail.com', loose: 'ab@gmail.com' };
    const made = pseudonymiseEmail([k1, k2], 'site', email);
    expect(made.allStrict).toEqual([k1, k2].map((key) => of(key, 'email', email.strict)));
    expect(made.allLoose).toEqual([k1, k2].map((key) => of(key, 'email', email.loose)));
    const ips = pseudonymiseIp([k1, k2], 'site', '192.0.2.1');
    expect(ips).toEqual([k1, k2].map((key) => of(key, 'ip', '192.0.2.1')));
  });
});
