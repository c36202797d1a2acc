import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAutomaton, findAll } from '../../../src/core/text/automaton.ts';

/** What the automaton should find, the slow way. */
function searchEach(entries: readonly string[], text: string): string[] {
  const found: string[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry === '' || entries.indexOf(entry) !== index) continue;
    for (let at = text.indexOf(entry); at >= 0; at = text.indexOf(entry, at + 1))
      found.push(`${index}@${at}`);
  }
  return found.sort();
}

describe('the automaton', () => {
  it('finds entries inside one another, the longest first', () => {
    const entries = ['he', 'she', 'his', 'hers'];
    const found = findAll(buildAutomaton(entries), 'ushers').map(({ entry }) => entries[entry]);
    expect(found).toEqual(['she', 'he', 'hers']);
  });

  it('finds nothing when it has no entries, or only empty ones', () => {
    expect(findAll(buildAutomaton([]), 'text')).toEqual([]);
    expect(findAll(buildAutomaton(['', '']), 'text')).toEqual([]);
  });

  it('finds what searching for each entry alone finds, in any text', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ж', '😀'), maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ж', '😀'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), text, (entries, content) => {
        const found = findAll(buildAutomaton(entries), content);
        expect(found.map(({ entry, start }) => `${entry}@${start}`).sort()).toEqual(
          searchEach(entries, content),
        );
        for (const { entry, start, end } of found) expect(content.slice(start, end)).toBe(entries[entry]);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
