import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createNearDuplicateIndex,
  groupNearDuplicates,
  NEAR_DUPLICATE_SIMILARITY,
  nearDuplicateSignature,
  simhashDistance,
  similarity,
} from '../../../src/core/near-duplicates/near-duplicate.ts';

const TEMPLATE =
  'Hi Anna, I make 3500 dollars a week from home, see https://win.example/a1 and tell your friends';
const VARIATIONS = {
  'another number': TEMPLATE.replace('3500', '9120'),
  'another address': TEMPLATE.replace('https://win.example/a1', 'http://www.gain.example/?ref=77'),
  'upper case': TEMPLATE.toUpperCase(),
  'other punctuation': TEMPLATE.replaceAll(' ', '  ').replace(',', ' ***'),
  'zero-width characters': Array.from(TEMPLATE)
    .join('\u200b')
    .replace(/h\u200bt.*?\u200b /u, 'https://win.example/a1 '),
  'mathematical bold letters': TEMPLATE.replace('make', '𝐦𝐚𝐤𝐞'),
  'full-width letters': TEMPLATE.replace('friends', 'ｆｒｉｅｎｄｓ'),
  'Cyrillic look-alikes': TEMPLATE.replace('home', 'hоmе'),
  accents: TEMPLATE.replace('friends', 'friénds'),
  emoji: `🔥🔥 ${TEMPLATE} 💰`,
  markup: `<b>${TEMPLATE}</b><br />`,
  entities: TEMPLATE.replace('home', 'h&#111;me'),
};

describe('nearDuplicateSignature', () => {
  it.each(Object.entries(VARIATIONS))('is the same for %s', (_name, text) => {
    expect(nearDuplicateSignature(text)).toEqual(nearDuplicateSignature(TEMPLATE));
  });

  it('shares a band with the template when the name changes', () => {
    const { bands } = nearDuplicateSignature(TEMPLATE);
    const other = nearDuplicateSignature(TEMPLATE.replace('Anna', 'Priscilla'));
    expect(other.bands.some((band) => bands.includes(band))).toBe(true);
    expect(simhashDistance(nearDuplicateSignature(TEMPLATE).simhash, other.simhash)).toBeLessThan(16);
  });

  it('has no bands for a text that two readers may well write independently', () => {
    for (const text of [
      '',
      'nice video',
      'LOL!!!',
      'Love this song',
      'https://a.example/b',
      '😂😂😂',
      '12345 67890',
    ]) {
      expect(nearDuplicateSignature(text).bands).toEqual([]);
    }
  });

  it('fits the columns of PostgreSQL and is the same every time for any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { simhash, bands } = nearDuplicateSignature(text);
        expect(BigInt.asIntN(64, simhash)).toBe(simhash);
        expect([0, 16]).toContain(bands.length);
        for (const band of bands) expect(band | 0).toBe(band);
        expect(nearDuplicateSignature(text)).toEqual({ simhash, bands });
      }),
    );
  });

  it('takes 64 KiB of anything', () => {
    for (const unit of [
      'a',
      '<',
      '<a',
      '&amp;',
      '.',
      'a.',
      '@',
      '://',
      '\u0300',
      ' ',
      '😀',
      '\u200b',
      '漢',
      'ab cd ',
    ]) {
      const text = unit.repeat(65536 / unit.length);
      expect(nearDuplicateSignature(text)).toEqual(nearDuplicateSignature(text));
    }
  });
});

describe('similarity', () => {
  it('is 1 for a text and itself, the same both ways round, and inside [0, 1]', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(similarity(a, a)).toBe(1);
        expect(similarity(a, b)).toBe(similarity(b, a));
        expect(similarity(a, b)).toBeGreaterThanOrEqual(0);
        expect(similarity(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is the share of common letter 4-grams', () => {
    // abcd bcde cdef against abcd bcde cdex: two of four.
    expect(similarity('abcdef', 'abcdex')).toBe(0.5);
  });

  it('takes an address for an address and an abbreviation for letters', () => {
    expect(similarity('the e.g. of it all', 'the eg of it all')).toBe(1);
    expect(similarity('look at example.com/x', 'look at other.org/y')).toBe(1);
    expect(similarity('look at example.com', 'look at nothing')).toBeLessThan(1);
  });
});

describe('groupNearDuplicates', () => {
  it('puts a campaign into one group and leaves readers alone', () => {
    const texts = [
      'What a voice, I have listened to this all day long',
      TEMPLATE,
      'The chorus is better than the verse, if you ask me',
      TEMPLATE.replace('Anna', 'Bob'),
      TEMPLATE.replace('Anna', 'Priscilla').replace('3500', '12'),
      'nice video',
      'nice video',
    ];
    expect(groupNearDuplicates(texts)).toEqual([0, 1, 2, 1, 1, 5, 6]);
  });

  it('groups short copies too when asked to', () => {
    expect(groupNearDuplicates(['nice video', 'Nice video!!', 'nice one'], { minimumLetters: 0 })).toEqual([
      0, 0, 2,
    ]);
  });

  it('finds nearly all pairs above the threshold that comparing everything with everything finds', () => {
    const words =
      'make money fast from home with this great offer and tell your best friends about it today'.split(' ');
    const texts = Array.from({ length: 32 }, (_, index) =>
      words
        .map((word, place) => ((index * 7 + place * 13) % 17 === 0 ? `other${'abcdefgh'[index % 8]}` : word))
        .join(' '),
    );
    const index = createNearDuplicateIndex();
    let near = 0;
    let found = 0;
    for (const [number, text] of texts.entries()) {
      const candidates = new Set(index.add(text));
      for (let other = 0; other < number; other += 1) {
        if (similarity(text, texts[other] ?? '') < NEAR_DUPLICATE_SIMILARITY) continue;
        near += 1;
        if (candidates.has(other)) found += 1;
      }
    }
    expect(near).toBeGreaterThan(50);
    expect(found / near).toBeGreaterThan(0.85);
  });

  it('stays linear when ten thousand copies arrive', () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => `${TEMPLATE} ${index}`);
    expect(new Set(groupNearDuplicates(texts))).toEqual(new Set([0]));
  });
});
