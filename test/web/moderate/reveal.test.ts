import { describe, expect, test } from 'vitest';
import { findMarks, foldAt } from '../../../src/web/moderate/reveal.ts';
import { cutSegments } from '../../../src/web/moderate/segments.ts';

const labels = (text: string) => findMarks(text).map(({ label }) => label);

describe('what must not go unseen', () => {
  test.each([
    0x00ad, 0x034f, 0x061c, 0x115f, 0x1160, 0x180e, 0x200b, 0x200e, 0x202e, 0x2060, 0x2066, 0x2800, 0x3164,
    0xfeff, 0xffa0, 0xe0041, 0xe0101, 0x0000, 0x001b, 0x0085,
  ])('U+%x is named, also between letters', (code) => {
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    expect(labels(`free${String.fromCodePoint(code)}gifts`)).toEqual([name]);
  });

  test('line feeds, tabs and the carriage returns before line feeds are no hidden characters; others are', () => {
    expect(labels('one\r\ntwo\n\tthree\r\n')).toEqual([]);
    expect(labels('one\rtwo\r\r\n')).toEqual(['U+000D', 'U+000D']);
  });

  test('equal hidden characters in a row are named once, with their number', () => {
    expect(labels(`a${'\u200b'.repeat(32_000)}b\u{e0041}\u{e0041}`)).toEqual(['U+200B ×32000', 'U+E0041 ×2']);
  });

  test.each([
    ['pаypal', 1],
    ['paypal', 0],
    ['привет', 0],
    ['ραypal и paypal', 1],
    ['Ελλάδα Athens', 0],
    ['Schön, señor, ça va', 0],
  ])('%s: %i words of mixed scripts', (text, count) => {
    expect(findMarks(text).filter(({ kind }) => kind === 'mixed')).toHaveLength(count);
  });

  test.each([
    ['one word of Cyrillic letters', 'ж'.repeat(32_762)],
    ['one word that turns Latin at its end', `${'ж'.repeat(32_761)}a`],
    ['letters and joiners by turns', 'a\u200b'.repeat(16_381)],
    ['combining marks', '\u0301'.repeat(32_762)],
    ['fillers that are letters', '\u3164ж'.repeat(16_381)],
    ['carriage returns', '\r'.repeat(32_762)],
  ])('the longest comment takes no longer for being %s', (_name, text) => {
    const began = performance.now();
    findMarks(text);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('a long text is folded by its characters and by its lines, never within a character', () => {
    expect(foldAt('x'.repeat(1200))).toBe(null);
    expect(foldAt('x'.repeat(1201))).toBe(1200);
    expect(foldAt(`${'x'.repeat(1199)}😀`)).toBe(1199);
    expect(foldAt('x\n'.repeat(15))).toBe(null);
    expect(foldAt('x\n'.repeat(17))).toBe(31);
  });
});

describe('the words that moved the score', () => {
  const highlight = (start: number, end: number) => ({ start, end, log_odds: 1, feature: `${start}-${end}` });
  const cut = (length: number, ...highlights: ReturnType<typeof highlight>[]) =>
    cutSegments(length, highlights).map(({ start, end, over }) => [
      start,
      end,
      over.map(({ feature }) => feature),
    ]);

  test('lie over each other where several begin before the first has ended', () => {
    expect(cut(10, highlight(2, 6), highlight(4, 8))).toEqual([
      [0, 2, []],
      [2, 4, ['2-6']],
      [4, 6, ['2-6', '4-8']],
      [6, 8, ['4-8']],
      [8, 10, []],
    ]);
  });

  test('end where the folded text ends', () => {
    expect(cut(5, highlight(0, 2), highlight(4, 9), highlight(7, 9))).toEqual([
      [0, 2, ['0-2']],
      [2, 4, []],
      [4, 5, ['4-9']],
    ]);
    expect(cut(3)).toEqual([[0, 3, []]]);
  });
});
