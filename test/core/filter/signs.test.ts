import { describe, expect, it } from 'vitest';
import { explainComment } from '../../../src/core/filter/classifier.ts';
import { listSigns, SIGN_CODES, type Sign } from '../../../src/core/filter/signs.ts';
import { saySign } from '../../../src/strings/signs.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const model = trainOn(SMALL_SAMPLES);

function signsOf(content: string, postTitle: string | null = null, isHam = false): Sign[] {
  const { evidence } = explainComment(model, { content });
  return listSigns(evidence, { content, postTitle, isHam });
}

const place = null;
const strong = (feature: string, group: string) => ({ feature, group, logOdds: 2, place });
const listed = (feature: string, group: string, content: string) =>
  listSigns([strong(feature, group)], { content, postTitle: null, isHam: false }).map(({ code }) => code);

describe('signs', () => {
  it('put evidence of each kind into words', () => {
    expect(listed('call:join=subscribe', 'call', 'subscribe')).toEqual(['asks_to_subscribe']);
    expect(listed('shape:links=2', 'shape', 'see a.example and http://b.example')).toEqual(['links']);
    expect(listed('url:host=bit.ly', 'url', 'see http://bit.ly/x')).toEqual(['host']);
    expect(listed('shape:exclamations=4', 'shape', 'now!!!!')).toEqual(['exclamations']);
    expect(listed('author:words=1', 'author', 'now')).toEqual(['author_name']);
  });

  it('say how many links there are, and that one is shortened', () => {
    const content = 'see http://bit.ly/x and http://b.example/y';
    const [sign] = listSigns([strong('shape:links=2', 'shape')], { content, postTitle: null, isHam: false });
    expect(sign).toEqual({ code: 'short_links', toward: 'spam', count: 2, words: null });
    expect(sign && saySign(sign, 'en')).toBe('Links: 2, some shortened so that their target is hidden');
  });

  it('say nothing that is not true of the text: the lack of links is no link', () => {
    expect(listed('shape:exclamations=0', 'shape', 'a calm letter')).toEqual([]);
    expect(listed('shape:links=0', 'shape', 'a calm letter')).toEqual(['no_links']);
  });

  it('quote whole words of the comment', () => {
    const words = signsOf('Please subscribe to my channel').flatMap((sign) => sign.words ?? []);
    for (const quoted of words) expect('Please subscribe to my channel').toContain(quoted);
    expect(words.length).toBeGreaterThan(0);
  });

  it('tell of a doubtful comment that shares no word with the title of its article, and of no good one', () => {
    const content = 'I earn good money from home every single week without any work';
    const codes = (isHam: boolean) =>
      signsOf(content, 'The old bridge will be repaired', isHam).map(({ code }) => code);
    expect(codes(false)).toContain('off_article');
    expect(codes(true)).not.toContain('off_article');
    expect(signsOf(content, 'Working from home').map(({ code }) => code)).not.toContain('off_article');
  });

  it('are at most five, also of evidence that has names no sign knows', () => {
    const evidence = ['a', 'b'].map((name) => ({ feature: `new:${name}`, group: 'new', logOdds: 3, place }));
    expect(listSigns(evidence, { content: 'x', postTitle: null, isHam: false })).toEqual([]);
    expect(
      signsOf('FREE MONEY!!! Subscribe to my channel http://bit.ly/1 🎉 call 0800 1234567').length,
    ).toBeLessThan(6);
  });

  it('have words in every language', () => {
    for (const language of ['en', 'de', 'es']) {
      for (const code of SIGN_CODES) {
        for (const toward of ['spam', 'ham'] as const) {
          const text = saySign({ code, toward, count: 2, words: 'w' }, language);
          expect([code, `${code}_${toward}`], `${language} ${code}`).not.toContain(text);
          expect(text).not.toMatch(/[{}]/);
        }
      }
    }
  });
});
