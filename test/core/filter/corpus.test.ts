import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CORPUS_FOLDER, readWritten } from '../../../scripts/starter-files.ts';
import { groupNearDuplicates } from '../../../src/core/near-duplicates/near-duplicate.ts';

const rows = readWritten();
const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'pl', 'ru', 'tr', 'nl', 'zh', 'ja', 'ko', 'ar'];

describe('the corpus that was written for the starter', () => {
  test('has a licence', () => {
    expect(existsSync(`${CORPUS_FOLDER}/README.md`)).toBe(true);
    expect(readFileSync(`${CORPUS_FOLDER}/README.md`, 'utf8')).toContain('CC0 1.0');
  });

  test('has every field that it promises', () => {
    for (const { file, text, label, kind, lang, author_name, post_title } of rows) {
      expect({ file, text, label, kind, lang, author_name, post_title }).toEqual({
        file,
        text: expect.stringMatching(/\S/),
        label: expect.stringMatching(/^(?:ham|spam)$/),
        kind: expect.stringMatching(/^[a-z0-9-]+$/),
        lang: expect.stringMatching(/^[a-z]{2}$/),
        author_name: expect.any(String),
        post_title: expect.stringMatching(/\S/),
      });
    }
  });

  test('has at least 2,000 spam comments of 30 kinds, and 3,000 by readers in fourteen languages', () => {
    const spam = rows.filter(({ label }) => label === 'spam');
    const ham = rows.filter(({ label }) => label === 'ham');
    expect(spam.length).toBeGreaterThanOrEqual(2_000);
    expect(new Set(spam.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(30);
    expect(ham.length).toBeGreaterThanOrEqual(3_000);
    for (const language of LANGUAGES) {
      expect(ham.filter(({ lang }) => lang === language).length, language).toBeGreaterThanOrEqual(30);
    }
  });

  test('repeats itself in less than 2 % of its rows', () => {
    const groups = groupNearDuplicates(rows.map(({ text }) => text));
    const copies = groups.filter((group, index) => group !== index).length;
    expect(copies / rows.length).toBeLessThan(0.02);
  });
});
