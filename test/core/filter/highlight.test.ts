import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainComment } from '../../../src/core/filter/classifier.ts';
import { listHighlights } from '../../../src/core/filter/highlight.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const model = trainOn(SMALL_SAMPLES);

/** What is highlighted, as it stands in the text. */
function highlighted(content: string): string[] {
  const { evidence } = explainComment(model, { content });
  return listHighlights(evidence).map(({ start, end }) => content.slice(start, end));
}

describe('highlights', () => {
  it('point at the words as they were sent', () => {
    expect(highlighted('Please SUBSCRIBE to my channel')).toEqual(
      expect.arrayContaining(['SUBSCRIBE', 'channel']),
    );
  });

  it('cover a disguised word with its disguise', () => {
    expect(highlighted('please &#115;ubscribe now')).toContain('&#115;ubscribe');
    expect(highlighted('please ｓｕｂｓｃｒｉｂｅ now')).toContain('ｓｕｂｓｃｒｉｂｅ');
  });

  it('are right behind letters that grow or shrink when folded', () => {
    expect(highlighted(`${'\u0130'.repeat(40)} \ufdfa subscribe`)).toContain('subscribe');
  });

  it('stay inside the text, in its order, and never split a character', () => {
    const part = fc.constantFrom(
      'subscribe',
      'song',
      '🎉',
      '\u0130',
      '\ufdfa',
      '&amp;',
      '<b>',
      'http://win.example',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const content = parts.join(' ');
        const { evidence } = explainComment(model, { content });
        let last = 0;
        for (const { start, end } of listHighlights(evidence)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(content.length);
          expect(content.slice(start, end).isWellFormed()).toBe(true);
          last = start;
        }
      }),
    );
  });
});
