import { describe, expect, test } from 'vitest';
import { findUrlFault, isPublicAddress } from '../../src/core/network-address.ts';

describe('an IP address', () => {
  test.each([
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1']],
    ['loopback', ['127.0.0.1', '127.255.255.255', '::1', '0.0.0.0', '::']],
    ['link-local', ['169.254.169.254', 'fe80::1', 'fe80::1%eth0']],
    ['shared by a carrier', ['100.64.0.1', '100.127.255.255']],
    ['multicast or broadcast', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
    ['reserved or for documentation', ['240.0.0.1', '192.0.2.1', '198.18.0.1', '203.0.113.9', '2001:db8::1']],
    ['mapped or compatible IPv4', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::127.0.0.1']],
    ['a translation', ['64:ff9b::7f00:1', '64:ff9b:1::7f00:1', '2002:7f00:1::', '2001::7f00:1']],
    ['the former site-local', ['fec0::1']],
    ['none at all', ['', 'localhost', '1.2.3', '1.2.3.4.5', '1.2.3.4:80', '01.2.3.4']],
  ])('that is %s is not public', (_, addresses) => {
    expect(addresses.filter((address) => isPublicAddress(address))).toEqual([]);
  });

  test('of the public Internet is public, mapped as well', () => {
    const addresses = ['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '::ffff:1.1.1.1', '100.128.0.1'];
    expect(addresses.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  test('in a permitted range is, its neighbours are not', () => {
    const allowed = ['127.0.0.1/32', 'fd00:1::/64'];
    expect(isPublicAddress('127.0.0.1', allowed)).toBe(true);
    expect(isPublicAddress('::ffff:127.0.0.1', allowed)).toBe(true);
    expect(isPublicAddress('fd00:1::9', allowed)).toBe(true);
    expect(isPublicAddress('127.0.0.2', allowed)).toBe(false);
    expect(isPublicAddress('fd00:2::9', allowed)).toBe(false);
  });
});

describe('the address of a request', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://017700000001/',
    'http://0/',
    'http://１２７.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
    'http://localhost./',
    'http://LOCALHOST:8080/',
    'http://ⓛocalhost/',
    'http://a.localhost/',
    'http://printer.local/',
    'http://metadata.google.internal/',
    'http://router.home.arpa/',
    'http://intranet/',
    'http://127.0.0.1./',
  ])('%s is refused, and the setting that permits it named', (url) => {
    expect(findUrlFault(url)).toContain('OUTGOING_PRIVATE_RANGES');
  });

  test.each([
    '',
    'news.example',
    'ftp://news.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://',
  ])('“%s” is refused as no http address', (url) => {
    expect(findUrlFault(url)).toMatch(/^Send an address that begins/);
  });

  test('with a password or for a port of another protocol is refused', () => {
    expect(findUrlFault('https://me:secret@news.example/')).toContain('password');
    expect(findUrlFault('http://news.example:25/')).toContain('port');
    expect(findUrlFault('http://news.example:443/')).toBe(null);
  });

  test('on the public Internet is taken', () => {
    expect(findUrlFault('https://news.example/hook?x=1')).toBe(null);
    expect(findUrlFault('http://1.1.1.1:8080/')).toBe(null);
    expect(findUrlFault('https://[2606:4700:4700::1111]/')).toBe(null);
  });

  test('in a permitted range is taken; a name is then judged by where it leads', () => {
    expect(findUrlFault('http://127.0.0.1:9000/', ['127.0.0.0/8'])).toBe(null);
    expect(findUrlFault('http://receiver:9000/', ['10.0.0.0/8'])).toBe(null);
    expect(findUrlFault('http://[::1]:9000/', ['127.0.0.0/8'])).not.toBe(null);
  });
});
