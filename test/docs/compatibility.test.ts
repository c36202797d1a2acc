import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/compatibility.md');

/** The letters of the page, and the files they stand for. */
const files = new Map(
  [...page.matchAll(/`([A-Z])` (?:is )?`(test\/[\w/.-]+)`/g)].map(([, letter = '', path = '']) => [
    letter,
    read(path),
  ]),
);

test('every test that docs/compatibility.md names is there', () => {
  const named = [...page.matchAll(/\b([A-Z]) “([^”]+)”/g)];
  expect(files.size).toBe(6);
  expect(named.length).toBeGreaterThan(60);
  const missing = named.filter(([, letter = '', title = '']) => !files.get(letter)?.includes(title));
  expect(missing.map(([text]) => text)).toEqual([]);
});
