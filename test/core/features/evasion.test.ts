import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameFeature } from '../../../src/core/features/feature-names.ts';
import { extractFeatures } from '../../../src/core/features/features.ts';

function featuresOf(content: string, authorName?: string, authorUrl?: string): string[] {
  const features = extractFeatures({ content, authorName, authorUrl });
  return Array.from({ length: features.length }, (_, index) => nameFeature(features, index));
}

const hasPayload = (content: string, authorUrl?: string): boolean =>
  extractFeatures({ content, authorUrl }).hasPayload;
const HOST = 'casino-win.example.top';
const ADDRESS = `https://${HOST}/bonus`;

describe('the target of an HTML element', () => {
  it.each([
    ['a link on a hashtag', `<a href="${ADDRESS}">#x</a>`],
    ['a link on a mention', `<a href='${ADDRESS}'>@x</a>`],
    ['a link on a time', `<a href=${ADDRESS}>2:19</a>`],
    ['an image', `<img src="${ADDRESS}">`],
    ['an image set', `<img srcset="${ADDRESS} 2x, /a.png 1x">`],
    ['a frame', `<iframe src="${ADDRESS}"></iframe>`],
    ['a video', `<video poster="${ADDRESS}"></video>`],
    ['a form', `<form action="${ADDRESS}">`],
    ['a button', `<button formaction="${ADDRESS}">ok</button>`],
    ['an object', `<object data="${ADDRESS}">`],
    ['a style', `<div style="background:url('${ADDRESS}')">`],
    ['a quotation', `<blockquote cite="${ADDRESS}">`],
    ['a link behind a long title', `<a title="${'x'.repeat(5_000)}" href="${ADDRESS}">x</a>`],
    ['a link with entities', `<a href="&#104;ttps://${HOST}/bonus">x</a>`],
    ['a link with a line break in it', `<a href="ht\ntps://${HOST}/bonus">x</a>`],
    ['a link with backslashes', `<a href="https:\\\\${HOST}\\bonus">x</a>`],
    ['a link without a scheme', `<a href="//${HOST}/bonus">x</a>`],
  ])('is seen: %s', (_, content) => {
    expect(featuresOf(content)).toContain(`url:host=${HOST}`);
    expect(hasPayload(content)).toBe(true);
  });

  it("is not a link of the author's where the platform made it", () => {
    const content = '<a href="https://www.youtube.com/watch?v=x&amp;t=2m19s">2:19</a> is the best part';
    expect(featuresOf(content).filter((name) => name.startsWith('url:'))).toEqual([]);
  });

  it('takes linear time, whatever the tag holds', () => {
    fc.assert(
      fc.property(fc.constantFrom('a', '=', '="', "='", ' href', 'href=', '<a '), (part) => {
        expect(extractFeatures({ content: `<a ${part.repeat(20_000)}>` }).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('spelling that hides words', () => {
  const words = (content: string): string[] => featuresOf(content).filter((name) => name.startsWith('word:'));
  const word = fc.stringMatching(/^[b-df-hj-np-z]{4,9}$/);
  const spellings: readonly [string, (text: string) => string][] = [
    ['spaces', (text) => Array.from(text).join(' ')],
    ['full stops', (text) => Array.from(text).join('.')],
    ['hyphens', (text) => Array.from(text).join('-')],
    ['emoji', (text) => Array.from(text).join('🎰')],
    ['zero-width spaces', (text) => Array.from(text).join('\u200b')],
    ['a right-to-left override', (text) => `\u202e${Array.from(text).reverse().join('')}\u202c`],
  ];

  it.each(spellings)('is undone: %s', (_, spell) => {
    fc.assert(
      fc.property(word, (text) => {
        expect(words(`now ${spell(text)}`)).toEqual(words(`now ${text}`));
      }),
    );
  });

  it.each([
    ['c4s1n0', 'casino'],
    ['v1agra', 'viagra'],
    ['h77p5://casino.top', 'https://casino.top'],
  ])('is undone where digits stand for letters: %s', (leet, plain) => {
    expect(words(leet)).toEqual(words(plain));
  });

  it.each([
    ['example dot com', 'example.com'],
    ['shop dot example dot top slash bonus', 'shop.example.top/bonus'],
    ['casino punkt com', 'casino.com'],
  ])('is undone where an address is in words: %s', (spelled, address) => {
    expect(featuresOf(spelled)).toContain(`url:host=${address.split('/')[0]}`);
    expect(hasPayload(spelled)).toBe(true);
  });

  it.each([
    'the dot com bubble',
    'mp3',
    'covid19',
    'A, B, C',
    'e.g. this',
    'J. R. R. Tolkien',
    '2nd',
    'connect the dot is fun',
  ])('leaves ordinary text alone: %s', (text) => {
    expect(featuresOf(text).filter((name) => /^shape:disguised=[1-9]/.test(name))).toEqual([]);
    expect(hasPayload(text)).toBe(false);
  });
});

describe('payload', () => {
  it.each([
    'write to ada@example.org',
    'call +49 170 1234567',
    'ask @cheap_loans for it',
    'WhatsApp me',
    'see example.com',
  ])('is found: %s', (content) => {
    expect(hasPayload(content)).toBe(true);
  });

  it.each(['@anna you are right', 'it cost 1,250,000,000 euros', 'no way', 'in 2019 and 2020 it was 35'])(
    'is not taken from ordinary text: %s',
    (content) => {
      expect(hasPayload(content)).toBe(false);
    },
  );

  it("is the author's address, too", () => {
    expect(hasPayload('no way', 'https://example.org/')).toBe(true);
  });
});

describe('who sent it', () => {
  it('is told by kinds of names and addresses', () => {
    const seller = featuresOf(
      'Nice post',
      'cheap garden sheds online',
      'https://sheds-shop.example.xyz/offers/today-only',
    );
    expect(seller).toEqual(
      expect.arrayContaining([
        'sender:name=many-words',
        'sender:commercial-words=2',
        'sender:address=long-path',
        'sender:host=commercial',
        'sender:name-in-address=some',
      ]),
    );
    const reader = featuresOf('Nice post', 'Ada', 'https://www.ada.example/');
    expect(reader).toEqual(
      expect.arrayContaining(['sender:name=plain', 'sender:address=host', 'sender:commercial-words=0']),
    );
  });

  it('says nothing where nothing is known', () => {
    expect(featuresOf('Nice post').filter((name) => name.startsWith('sender:'))).toEqual([]);
  });
});
