/** Names that are none, in every writing, and names that only look like it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findNameFault, type NameFault } from '../../src/core/author-name.ts';

const NAMES_OF: Readonly<Record<NameFault, readonly string[]>> = {
  address: [
    'www.cheap-bags.com',
    'http://x.example',
    'cheap bags dot com',
    'cheap-bags[.]com',
    'ｃheap-bags．ｃom',
    'ch\u200beap-bags.com',
    'bit.ly/abc',
    'xn--80ak6aa92e.com',
    'пример.рф',
    '新闻.中国',
    'Visit cheap-bags.co.uk today',
    'HTTPS://CHEAP.EXAMPLE/A',
  ],
  contact: [
    'info@cheap.example',
    'Call +44 7911 123 456',
    'WhatsApp +1 555 0100',
    'Ada @cheap_bags',
    '用户@例子.中国',
  ],
  trade: [
    'Cheap Replica Watches',
    'Emergency Plumber London',
    'SEO Services',
    'best payday loans online',
    'казино онлайн',
    'купить дом недорого',
    '娱乐城',
    'カジノ',
    '먹튀 토토 사이트',
    'bahis siteleri',
    'onlinecasino24',
    'Viagra',
    'Locksmith 24h Berlin',
    'Schlüsseldienst Notdienst',
  ],
};
const NAMES = [
  'Ada',
  'Ada Lovelace',
  'Jean-Luc O’Neill',
  'J.R.R. Tolkien',
  'Dr.No',
  'Mr.Md',
  'Max.Weber',
  'Dr. med. Weber',
  'George Best',
  'Katie Price',
  'Arne Slot',
  'Judi Dench',
  'Retired lawyer',
  'A dentist from Leeds',
  'A Specialist',
  'user1984',
  'Müller & Söhne',
  'Łukasz Żółć',
  'ঐশ্বর্য রায়',
  'محمد علي',
  '王小明',
  'ปรีชา',
  'İpek Çelik',
  '',
];

describe('findNameFault', () => {
  test.each(Object.entries(NAMES_OF).flatMap(([fault, names]) => names.map((name) => ({ fault, name }))))(
    'calls “$name” $fault',
    ({ fault, name }) => expect(findNameFault(name)).toBe(fault),
  );

  test.each(NAMES)('takes “%s” for a name', (name) => expect(findNameFault(name)).toBeNull());

  test('tells an address in any case, with any path and between any words', () => {
    const label = fc.stringMatching(/^[a-z]{3,12}$/);
    const suffix = fc.constantFrom(
      'com',
      'net',
      'org',
      'info',
      'ru',
      'de',
      'xyz',
      'shop',
      'co.uk',
      'example',
    );
    const path = fc.constantFrom('', '/', '/a-b', '/?x=1');
    fc.assert(
      fc.property(label, suffix, path, fc.boolean(), fc.boolean(), (host, end, rest, isLoud, isGreeted) => {
        const address = `${host}.${end}${rest}`;
        const name = `${isGreeted ? 'Visit ' : ''}${isLoud ? address.toUpperCase() : address}`;
        expect(findNameFault(name)).not.toBeNull();
      }),
    );
  });

  test('never fails', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 245 }), (name) => void findNameFault(name)));
  });
});
