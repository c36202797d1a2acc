/** One matcher for the lists of the settings and for `words` rules. */
import { describe, expect, test } from 'vitest';
import type { RuleFacts } from '../../../src/core/rules/rule.ts';
import { compileWordEntries } from '../../../src/core/rules/rules-text.ts';
import { compileWords, findWord } from '../../../src/core/text/words.ts';

/** An entry, a text, and whether the entry stands in it as a word. */
const CASES: readonly (readonly [string, string, boolean])[] = [
  ['straße', 'DIE STRASSE IST ZU', true],
  ['STRASSE', 'die straße ist zu', true],
  ['GROẞ', 'so gross', true],
  ['istanbul', 'İSTANBUL', true],
  ['ISTANBUL', 'ıstanbul', true],
  ['KIZ', 'kız', true],
  ['kız', 'KIZ', true],
  ['σας', 'ΓΙΑ ΣΑΣ', true],
  ['ΣΑΣ', 'για σας', true],
  ['ﬁne', 'FINE', true],
  ['🎰', 'Play 🎰 here', true],
  ['🎰', 'Play🎰here', true],
  ['❤️', 'I ❤ it', true],
  ['€€€', 'now €€€ only', true],
  ['赌博', '我们去赌博吧', true],
  ['カジノ', '新しいカジノです', true],
  ['คาสิโน', 'เล่นคาสิโนออนไลน์', true],
  ['ខ្មែរ', 'ភាសាខ្មែរ', true],
  ['cialis', 'a specialist', false],
  ['cialis', 'ci\u200balis', true],
  ['cialis', 'ｃｉａｌｉｓ', true],
  ['cheap pills', 'buy cheap\n pills', true],
  ['cheap pills', 'buy cheap, pills', true],
  ['cheap pills', 'cheap-pills', true],
  ['cheap pills', 'cheap red pills', false],
  ['casino', 'casinos', false],
  ['казино', 'КАЗИНО!', true],
  ['казино', 'казиношник', false],
  ['كازينو', 'أفضل كازينو هنا', true],
  ['c++', 'I like C++ more', true],
  ['café', 'CAFE\u0301', true],
  ['über', 'ÜBERMORGEN', false],
  ['ŒUVRE', 'une œuvre', true],
  ['ǆ', 'Ǆ', true],
];

const NOBODY: RuleFacts = {
  ...{ content: '', authorName: '', authorUrl: '', authorKeys: [], ip: null, emailDomain: null },
  ...{ disposableEmail: null, honeypotFilled: null, elapsedSeconds: null, threadAgeDays: null },
};

describe('word lists of settings and rules', () => {
  test.each(CASES)('%s in “%s”: %s', (entry, text, stands) => {
    expect(findWord(compileWords([entry]), text) !== null).toBe(stands);
    expect(compileWordEntries(entry, {}).match({ ...NOBODY, content: text }) !== null).toBe(stands);
  });
});
