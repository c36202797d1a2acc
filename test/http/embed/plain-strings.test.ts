import { describe, expect, it } from 'vitest';
import { plainStringsFor, readAcceptLanguage } from '../../../src/http/embed/plain-strings.ts';

describe('the language of an answer without script', () => {
  const languageOf = (header: string | undefined) => plainStringsFor(readAcceptLanguage(header)).language;

  it('is the dearest of the browser that there is', () => {
    expect(languageOf('fr-FR,fr;q=0.9,es;q=0.7,de;q=0.8')).toBe('de');
    expect(languageOf('es-MX, en;q=0.5')).toBe('es');
    expect(languageOf('de;q=0, en-GB')).toBe('en');
    expect(languageOf('DE_at')).toBe('de');
  });

  it('is English where nothing is said, or nothing that is known', () => {
    for (const header of [undefined, '', '*', 'fr', ';q=1', ',,,', 'constructor', 'q'.repeat(10_000)]) {
      expect(languageOf(header)).toBe('en');
    }
  });

  it('says everything in each language', () => {
    const english = plainStringsFor(['en']);
    for (const language of ['de', 'es']) {
      const strings = plainStringsFor([language]);
      expect(Object.keys(strings).sort()).toEqual(Object.keys(english).sort());
      expect(strings.back).not.toBe(english.back);
    }
  });
});
