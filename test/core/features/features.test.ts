import { describe, expect, it } from 'vitest';
import { GROUP } from '../../../src/core/features/feature-groups.ts';
import { nameFeature } from '../../../src/core/features/feature-names.ts';
import { extractFeatures, MAX_FEATURES } from '../../../src/core/features/features.ts';

/** The names of a comment's features. */
function featuresOf(content: string, authorName?: string, authorUrl?: string): string[] {
  const features = extractFeatures({ content, authorName, authorUrl });
  return Array.from({ length: features.length }, (_, index) => nameFeature(features, index));
}

function wordsOf(content: string): string[] {
  return featuresOf(content)
    .filter((name) => name.startsWith('word:'))
    .map((name) => name.slice(5));
}

describe('disguised words', () => {
  it.each([
    ['an entity', '&#118;iagra', 'viagra'],
    ['an entity within an entity', '&amp;#118;iagra', 'viagra'],
    ['a hexadecimal entity', '&#x76;iagra', 'viagra'],
    ['percent encoding', '%76iagra', 'viagra'],
    ['full-width letters', 'ｖｉａｇｒａ', 'viagra'],
    ['mathematical letters', '𝐯𝐢𝐚𝐠𝐫𝐚', 'viagra'],
    ['circled letters', 'ⓥⓘⓐⓖⓡⓐ', 'viagra'],
    ['zero-width spaces', 'vi\u200bag\u200dra', 'viagra'],
    ['a soft hyphen', 'via\u00adgra', 'viagra'],
    ['Cyrillic letters among Latin ones', 'vi\u0430gr\u0430', 'viagra'],
    ['capitals', 'VIAGRA', 'viagra'],
    ['tags between the letters', 'vi<b></b>agra', 'viagra'],
  ])('are seen through: %s', (_, disguised, word) => {
    expect(wordsOf(disguised)).toEqual(wordsOf(word));
  });

  it('are decoded twice and no further', () => {
    expect(wordsOf('&amp;amp;#118;iagra')).not.toContain('viagra');
  });

  it('of a purely Cyrillic word stay Cyrillic', () => {
    expect(wordsOf('привет')).toContain('привет');
  });
});

describe('words of every script', () => {
  it.each([
    ['Russian', 'Подпишись на мой канал'],
    ['Arabic', 'اشترك في قناتي الآن'],
    ['Chinese', '请订阅我的频道'],
    ['Japanese', 'チャンネル登録お願いします'],
    ['Korean', '내 채널을 구독하세요'],
    ['Thai', 'กรุณาติดตามช่องของฉัน'],
    ['Hindi', 'मेरे चैनल को सब्सक्राइब करें'],
    ['Hebrew', 'הירשמו לערוץ שלי'],
    ['Greek', 'Εγγραφείτε στο κανάλι μου'],
  ])('give features: %s', (_, content) => {
    const names = featuresOf(content);
    expect(names.filter((name) => name.startsWith('word:')).length).toBeGreaterThanOrEqual(3);
    expect(names.some((name) => name.startsWith('bigram:'))).toBe(true);
  });
});

describe('links', () => {
  it.each([
    'http://Deals.Example.COM/win?id=7',
    'hxxp://deals.example.com/win?id=7',
    'http://deals[.]example[.]com/win?id=7',
    'http://deals.example.com/%77in?id=7',
    'deals.example.com/win?id=7',
  ])('give their host however they are written: %s', (link) => {
    expect(featuresOf(`see ${link} today`)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^url:.*example\.com$/)]),
    );
  });

  it('of the author are kept apart from those of the text', () => {
    const names = featuresOf('hello', 'Cheap Pills', 'http://pills.example.com/');
    expect(names.filter((name) => name.startsWith('url:'))).toEqual([]);
    expect(names).toContain('author:cheap');
    expect(names.some((name) => name.startsWith('author:') && name.includes('example.com'))).toBe(true);
    expect(names).not.toContain('word:cheap');
  });
});

describe('shape', () => {
  it('tells links, capitals and exclamation marks', () => {
    const loud = featuresOf('CLICK HERE NOW!!! http://a.example http://b.example');
    const calm = featuresOf('I would rather read the article first.');
    const shapes = (names: string[]) => names.filter((name) => name.startsWith('shape:'));
    expect(shapes(loud)).not.toEqual(shapes(calm));
  });

  it('does not know a byte order mark, which leaked the label of a corpus', () => {
    expect(featuresOf('\ufeffthank you')).toEqual(featuresOf('thank you'));
    expect(featuresOf('thank you ')).toEqual(featuresOf('thank you'));
  });
});

describe('words that call upon a reader', () => {
  const calls = (content: string) => featuresOf(content).filter((name) => name.startsWith('call:'));
  const kinds = (content: string) => calls(content).map((name) => name.replace(/=\D.*/, ''));

  it('are of the same kinds in different words', () => {
    expect(new Set(kinds('Please check out my channel'))).toEqual(new Set(kinds('pls visit our page')));
    expect(calls('subscribed')).toContain('call:join=subscribed');
  });

  it('are counted by kind: none in talk of other things, many in an advertisement', () => {
    expect(calls('The bridge was closed for two years')).toEqual(['call:kinds=0']);
    expect(calls('Please check out my channel http://free.example')).toContain('call:kinds=5');
  });
});

describe('the number of features', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['64 KiB of one letter', 'a'.repeat(65_536)],
    ['64 KiB of one-letter words', 'a b '.repeat(16_384)],
    ['64 KiB of "<"', '<'.repeat(65_536)],
    ['64 KiB of "&"', '&'.repeat(65_536)],
    ['64 KiB of "&amp;"', '&amp;'.repeat(13_107)],
    ['64 KiB of "["', '['.repeat(65_536)],
    ['64 KiB of "@"', 'a@'.repeat(32_768)],
    ['64 KiB of dots', 'a.'.repeat(32_768)],
    ['64 KiB of "http://"', 'http://'.repeat(9_362)],
    ['1,000 links', 'http://host.example/path '.repeat(1_000)],
    ['10,000 combining marks', `e${'\u0301'.repeat(10_000)}`],
    ['5,000 ligatures that grow eighteenfold', '\ufdfa'.repeat(5_000)],
    ['letters that grow when lowered', '\u0130'.repeat(20_000)],
    ['20,000 different words', Array.from({ length: 13_000 }, (_, n) => `w${n}`).join(' ')],
    ['64 KiB of newlines', '\n'.repeat(65_536)],
    ['64 KiB of Chinese', '请订阅我的频道'.repeat(3_000)],
    ['lone surrogates', '\ud83d'.repeat(20_000)],
    ['bidi controls', '\u202e'.repeat(20_000)],
  ];

  it.each(cases)('is bounded and the text is read: %s', (_, content) => {
    const { length } = extractFeatures({ content });
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual(MAX_FEATURES);
  });

  it('does not grow with repetition: a feature is there or it is not', () => {
    const once = featuresOf('buy cheap pills now').filter((name) => name.startsWith('word:'));
    const often = featuresOf('buy cheap pills now '.repeat(500)).filter((name) => name.startsWith('word:'));
    expect(often.length).toBeLessThanOrEqual(once.length + 1);
  });

  it('falls into each group’s own part of the table', () => {
    const features = extractFeatures({ content: 'one word', authorName: 'word' });
    const buckets = Array.from({ length: features.length }, (_, at) => [
      features.groups[at],
      features.buckets[at],
    ]);
    const word = buckets.find(([group]) => group === GROUP.word)?.[1];
    const author = buckets.find(([group]) => group === GROUP.author)?.[1];
    expect(word).not.toBe(author);
  });
});
