import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainComment } from '../../../src/core/filter/classifier.ts';
import { listMarks } from '../../../src/core/filter/marks.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const model = trainOn(SMALL_SAMPLES);
/** Long enough that a few words are 15 % of it. */
const LETTER = ' The council wants to repair the bridge over the river before the winter comes.'.repeat(3);

function marked(content: string): string[] {
  const { evidence } = explainComment(model, { content });
  return listMarks(content, evidence).map(({ start, end }) => content.slice(start, end));
}

describe('marks', () => {
  it('point at whole words as they were sent', () => {
    expect(marked(`Please SUBSCRIBE!${LETTER}`).join(' ')).toMatch(/SUBSCRIBE/);
  });

  it('cover a disguised word with its disguise', () => {
    expect(marked(`please ｓｕｂｓｃｒｉｂｅ now${LETTER}`).join(' ')).toContain('ｓｕｂｓｃｒｉｂｅ');
  });

  it('are right behind letters that grow or shrink when folded', () => {
    expect(marked(`${'\u0130'.repeat(40)} \ufdfa subscribe${LETTER}`).join(' ')).toContain('subscribe');
  });

  it('are at most five, at most 15 % of the characters, whole words, in order, and never split a character', () => {
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
      'a',
      'the bridge over the river is closed',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const content = parts.join(' ');
        const { evidence } = explainComment(model, { content });
        const marks = listMarks(content, evidence);
        let last = 0;
        let length = 0;
        for (const { start, end } of marks) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(content.length);
          const text = content.slice(start, end);
          expect(text.isWellFormed()).toBe(true);
          const around = content.slice(Math.max(0, start - 1), start) + content.slice(end, end + 1);
          expect(around).not.toMatch(/[\p{L}\p{N}]/u);
          last = end;
          length += end - start;
        }
        expect(marks.length).toBeLessThanOrEqual(5);
        expect(length).toBeLessThanOrEqual(0.15 * content.length);
      }),
    );
  });
});
