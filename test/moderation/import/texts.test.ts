/** The texts of every source as their readers saw them. */
import { describe, expect, test } from 'vitest';
import { isImportFormat, parserOf } from '../../../src/moderation/import/import-formats.ts';
import type { ImportedRecord } from '../../../src/moderation/import/import-record.ts';
import { SOURCES, type Source, textOf } from '../../support/export-states.ts';

/** Markup, and what a browser shows of it; null: nothing. */
type Texts = readonly (readonly [string, string | null])[];

const HTML: Texts = [
  ['I <strong>like</strong> it', 'I like it'],
  ['a &amp; b &lt;3', 'a & b <3'],
  ['&lt;strong&gt;no&lt;/strong&gt;', '<strong>no</strong>'],
  ['&lt;b&gt;', '<b>'],
  ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
  ['one<br>two<br/>three', 'one\ntwo\nthree'],
  ['<p>one</p><p>two</p>', 'one\n\ntwo'],
  ['see <a href="https://x.example/a?b=1&amp;c=2">this</a>', 'see this (https://x.example/a?b=1&c=2)'],
  ['<a href="https://x.example/">https://x.example/</a>', 'https://x.example/'],
  ['<a href="javascript:alert(1)">this</a>', 'this (javascript:alert(1))'],
  ['<blockquote>q</blockquote>after', 'q\n\nafter'],
  ['<ul><li>a</li><li>b</li></ul>', 'a\nb'],
  ['<pre><code>if (a &lt; b) {}</code></pre>', 'if (a < b) {}'],
  ['hi <img src="https://s.example/1f642.png" alt="🙂"> there', 'hi 🙂 there'],
  ['hi <img src="https://s.example/smile.png" alt=":)">', 'hi :)'],
  ['<img src="https://x.example/cat.jpg" alt="A cat">', 'https://x.example/cat.jpg'],
  ['<script>alert(1)</script>x', 'x'],
  ['<style>p { color: red }</style>x', 'x'],
  ['a<!-- c -->b', 'ab'],
  ['&#128512; &#x1F600; &hellip;', '😀 😀 …'],
  ['5 > 3 and 2 < 4', '5 > 3 and 2 < 4'],
  ['<em>বাংলা</em> 新闻 <b>ครับ</b>', 'বাংলা 新闻 ครับ'],
  ['<p></p>', null],
  ['<p>&nbsp;</p><br>', null],
  ['&#8203;', null],
];
const MARKDOWN: Texts = [
  ['I **like** it', 'I like it'],
  ['a & b <3', 'a & b <3'],
  ['\\<strong>no\\</strong>', '<strong>no</strong>'],
  ['&lt;b&gt;', '<b>'],
  ['one  \ntwo', 'one\ntwo'],
  ['one\ntwo', 'one\ntwo'],
  ['see [this](https://x.example/a)', 'see this (https://x.example/a)'],
  ['<https://x.example/>', 'https://x.example/'],
  ['> q\n\nafter', 'q\n\nafter'],
  ['- a\n- b', 'a\nb'],
  ['`a < b`', 'a < b'],
  ['```\ncode\n```', 'code'],
  ['![🙂](https://s.example/1f642.png)', '🙂'],
  ['![A cat](https://x.example/cat.jpg)', 'https://x.example/cat.jpg'],
  ['# Title', 'Title'],
  ['~~x~~', 'x'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['snake_case_name', 'snake_case_name'],
  ['<b>bold</b>', 'bold'],
  ['https://x.example/a_b_c', 'https://x.example/a_b_c'],
  ['বাংলা *新闻*', 'বাংলা 新闻'],
  ['<script>alert(1)</script>', null],
  ['&nbsp;', null],
  ['\u200b', null],
];
const PLAIN: Texts = [...new Set([...HTML, ...MARKDOWN].map(([text]) => text))].map((text) => [
  text,
  /^(?:<p>(?:&nbsp;)?<\/p>(?:<br>)?|&nbsp;|&#8203;|\u200b)$/.test(text) ? null : text,
]);

const IN_XML = new Set(['wxr', 'disqus']);
const TEXTS_OF = ({ format }: Source): Texts =>
  format === 'comments' ? PLAIN : IN_XML.has(format) || format === 'remark42' ? HTML : MARKDOWN;

/** The content of the one comment of a file; null: it was refused for having none. */
function contentOf(source: Source, text: string): string | null {
  const article = source.articles.find(({ isClosed, isHidden }) => !isClosed && !isHidden)?.name ?? '';
  const comment = source.comments.find(({ status }) => status === 'approved')?.name ?? '';
  const raw = IN_XML.has(source.format) ? `<![CDATA[${text}]]>` : JSON.stringify(text).slice(1, -1);
  const file = source.write([{ number: 1, article, comment }]).replaceAll(textOf(1), () => raw);
  const records: ImportedRecord[] = [];
  if (!isImportFormat(source.format)) throw new Error('no such format');
  const parser = parserOf(source.format)(records);
  parser.write(file);
  parser.end();
  const [record] = records.filter(({ kind }) => kind !== 'thread');
  if (record?.kind === 'comment') return record.content;
  expect(record).toMatchObject({ kind: 'refused', code: 'required' });
  return null;
}

describe.each(SOURCES)('texts of $format', (source) => {
  test.each(TEXTS_OF(source).map(([text, shown]) => ({ text, shown })))('$text', ({ text, shown }) => {
    expect(contentOf(source, text)).toBe(shown);
  });
});
