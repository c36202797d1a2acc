import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeReferencePages } from '../../scripts/reference-pages.ts';
import { ENVIRONMENT_VARIABLES } from '../../src/config.ts';
import { REASONS } from '../../src/core/reasons.ts';
import { de } from '../../src/strings/de.ts';
import { en } from '../../src/strings/en.ts';
import { es } from '../../src/strings/es.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

test.each(Object.entries(writeReferencePages()))(
  'docs/%s is as the schemas are: else run npm run generate:reference',
  (name, text) => {
    expect(read(`docs/${name}`)).toBe(text);
  },
);

test('every setting, reason and problem code says what it is and what to do about it', () => {
  const rows = Object.values(writeReferencePages()).flatMap((text) =>
    text.split('\n').filter((line) => /^\| `/.test(line)),
  );
  expect(rows.length).toBeGreaterThan(80);
  const bare = rows.filter((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .some((cell) => cell.trim() === ''),
  );
  expect(bare).toEqual([]);
});

test('docs/operations.md has every environment variable', () => {
  const page = read('docs/operations.md');
  expect(ENVIRONMENT_VARIABLES.length).toBeGreaterThan(8);
  expect(ENVIRONMENT_VARIABLES.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
});

test.each([
  ['en', en],
  ['de', de],
  ['es', es],
] as const)('the moderators’ page names every reason in %s', (_, strings) => {
  expect(Object.keys(REASONS).filter((code) => !strings.rules[code])).toEqual([]);
});
