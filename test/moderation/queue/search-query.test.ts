import { describe, expect, it } from 'vitest';
import { readSearch } from '../../../src/moderation/queue/search-query.ts';

describe('a search', () => {
  it('has words, folded, and operators with values that may have spaces', () => {
    const search = readSearch(
      'Brücke author:"Promo Queen" domain:https://WWW.x.example/a before:2026-12-01 status:held',
    );
    expect(search).toMatchObject({
      words: { phrases: ['brucke'], pattern: null },
      author: 'Promo Queen',
      domain: 'www.x.example',
      status: 'hold',
      post: undefined,
    });
    expect(search.before).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7000-/);
  });

  it('looks for the words of a host in a row, and for what has no words by reading the texts', () => {
    expect(readSearch('x.example').words).toEqual({ phrases: ['x example'], pattern: null });
    expect(readSearch('☺').words).toEqual({ phrases: [], pattern: '☺' });
    expect(readSearch('漢字').words?.pattern).toBe('漢字');
    expect(readSearch('').words).toBeUndefined();
  });

  it('takes an unknown operator for words', () => {
    expect(readSearch('note: this').words?.phrases).toEqual(['note', 'this']);
    expect(readSearch('https://a.example').words?.phrases).toEqual(['https a example']);
  });

  it.each(['status:nowhere', 'before:yesterday', 'domain:///', 'before:2026-13-45'])(
    'refuses %s with the remedy',
    (q) => {
      expect(() => readSearch(q)).toThrow(/takes/);
    },
  );
});
