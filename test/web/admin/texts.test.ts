import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { settingsSchema } from '../../../src/moderation/site/settings.ts';
import { adminStrings as de } from '../../../src/strings/admin/de-all.ts';
import { adminStrings as en } from '../../../src/strings/admin/en-all.ts';
import { adminStrings as es } from '../../../src/strings/admin/es-all.ts';
import { recogniseFormat } from '../../../src/web/admin/import/recognise-format.ts';
import { faultOf, SETTINGS } from '../../../src/web/admin/site/settings-table.ts';

const web = fileURLToPath(new URL('../../../src/web/', import.meta.url));

/** Every text by its path. */
function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => flatten(one, `${path}/${name}`));
}

function gapsOf(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
}

describe.each([
  ['German', de],
  ['Spanish', es],
])('the texts of the administration in %s', (_, strings) => {
  const english = new Map(flatten(en));
  const texts = new Map(flatten(strings));

  test('are there for every English text, and none is empty', () => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
    expect([...texts].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('have the same gaps', () => {
    for (const [path, text] of texts) {
      expect([path, gapsOf(text)]).toEqual([path, gapsOf(english.get(path) ?? '')]);
    }
  });

  test('are translated wherever a text has several words', () => {
    const same = [...texts].filter(
      ([path, text]) => text === english.get(path) && /\p{L}+ \p{L}+/u.test(text),
    );
    expect(same).toEqual([]);
  });
});

describe('the components of the administration', () => {
  const files = ['admin', 'page']
    .flatMap((folder) =>
      readdirSync(join(web, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(web, folder, name),
      ),
    )
    .filter((path) => path.endsWith('.tsx') && !['components.tsx', 'word-mark.tsx'].includes(basename(path)));

  test('write no text of their own: all of it is in src/strings', () => {
    expect(files.length).toBeGreaterThan(30);
    const found = files.flatMap((path) =>
      writtenTexts(parseSync(path, readFileSync(path, 'utf8')).program).map(
        (text) => `${basename(path)}: ${text}`,
      ),
    );
    expect(found).toEqual(['overview-plots.tsx: CSV', 'plot.tsx: CSV'].filter((one) => found.includes(one)));
  });
});

const SAID = new Set(['aria-label', 'title', 'placeholder', 'label', 'caption', 'hint', 'alt']);

/** Texts between tags, and in attributes that people read. */
function writtenTexts(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(writtenTexts);
  if (typeof node !== 'object' || node === null) return [];
  const { type, value, name } = node as { type?: string; value?: unknown; name?: { name?: unknown } };
  if (type === 'JSXText' && typeof value === 'string' && /\p{L}{2,}/u.test(value)) return [value.trim()];
  if (type === 'JSXAttribute' && SAID.has(String(name?.name))) {
    const text = (value as { value?: unknown } | null)?.value;
    const isText = typeof text === 'string' && /\p{L}{2,}/u.test(text) && !/^https?:|·/.test(text);
    if (isText) return [text];
  }
  return Object.values(node).flatMap(writtenTexts);
}

describe('the table of settings', () => {
  test('has every setting of the service with its default and a title in each language', () => {
    expect(Object.keys(SETTINGS).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
    const defaults = settingsSchema.parse({});
    const own = Object.fromEntries(Object.entries(SETTINGS).map(([name, { fallback }]) => [name, fallback]));
    expect(own).toEqual(defaults);
    for (const { settings } of [en, de, es]) {
      expect(Object.keys(settings.fields).sort()).toEqual(Object.keys(SETTINGS).sort());
    }
  });

  test('refuses in the field what the service refuses, at every bound', () => {
    for (const [name, { kind }] of Object.entries(SETTINGS)) {
      if (kind.is !== 'number' && kind.is !== 'share') continue;
      const step = kind.is === 'share' ? 0.00001 : 1;
      for (const value of [kind.min - step, kind.min, kind.max, kind.max + step]) {
        const accepted = settingsSchema.safeParse({ [name]: value }).success;
        expect([name, value, faultOf(kind, value) === null]).toEqual([name, value, accepted]);
      }
    }
  });
});

test.each([
  ['wxr', '<?xml version="1.0"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">'],
  ['disqus', '<?xml version="1.0"?>\n<disqus xmlns="http://disqus.com">'],
  ['isso', '[{"id": "/post/", "title": "A post", "comments": [{"id": 1}]}]'],
  ['remark42', '{"version":1,"users":[],"posts":[]}\n{"id":"a","pid":"","text":"Hello","locator":{}}'],
  ['jsonl', '{"content": "Hello", "label": "ham"}\n'],
  ['csv', '\uFEFFcontent,label\nHello,ham\n'],
  ['natural', '{"classifier":{"classFeatures":{"spam":{}}}}'],
  [null, 'Dear reader,\nthis is a letter.'],
])('the format %s is recognised by how the file begins', (format, text) => {
  expect(recogniseFormat(text)).toBe(format);
});
