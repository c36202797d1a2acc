import { expect, test } from 'vitest';
import { de } from '../../src/strings/de.ts';
import { en } from '../../src/strings/en.ts';
import { es } from '../../src/strings/es.ts';
import { chooseLanguage } from '../../src/strings/index.ts';

test.each([
  [['en-GB'], 'en-GB', 'Sign in'],
  [['de-CH', 'en'], 'de-CH', 'Anmelden'],
  [['ES'], 'ES', 'Entrar'],
  [['est', 'fr', 'es-MX'], 'es-MX', 'Entrar'],
  [['en-US@posix'], 'en', 'Sign in'],
  [['fr'], 'en', 'Sign in'],
  [[], 'en', 'Sign in'],
])('of %j the page takes %s, and the region stays for dates and figures', (wanted, tag, signIn) => {
  const { language, strings } = chooseLanguage(wanted);
  expect([language, strings.signIn]).toEqual([tag, signIn]);
  expect(() => new Date(0).toLocaleDateString(language)).not.toThrow();
});

test('the reasons of imports and of failed rules have words in every language', () => {
  for (const { rules } of [en, de, es]) {
    expect(Object.keys(rules).sort()).toEqual(Object.keys(en.rules).sort());
    expect(rules).toMatchObject({ imported: expect.any(String), rules_failed: expect.any(String) });
  }
});

test('the same problems have texts in every language', () => {
  expect(Object.keys(de.problems).sort()).toEqual(Object.keys(es.problems).sort());
});
