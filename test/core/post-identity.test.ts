import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifyPost } from '../../src/core/post-identity.ts';

const SITE = 'https://www.news.example/';
const bengali = 'বাংলা-সংবাদ-শিরোনাম';

/** One article in every way in which clients write it. */
const SAME: readonly (readonly [string, readonly string[]])[] = [
  [
    '/a',
    [
      ...['/a', '/a/', '//a', '///a//', '/A?utm_source=x', '/a?utm_source=x&fbclid=1', '/a#comments', ' /a '],
      ...['/./a', '/b/../a', '/a?', '/a#', '/%61', '/a?gclid=1', '/a;jsessionid=12', '/a/?replytocom=7'],
      ...[
        '//news.example/a',
        'news.example/a/',
        'WWW.news.example/A',
        '/a\u200b',
        '/%E2%80%8Ba',
        '/a?gad_source=1&wt_zmc=x',
      ],
      ...['https://news.example/a', 'http://www.news.example/a/', 'HTTPS://NEWS.example:443//A?utm_medium=y'],
    ],
  ],
  [
    `/${bengali}`,
    [`/${bengali}`, `/${encodeURIComponent(bengali)}`, `/${encodeURIComponent(bengali).toLowerCase()}/`],
  ],
  ['/हिन्दी/समाचार', [encodeURI('/हिन्दी/समाचार'), 'https://news.example/हिन्दी/समाचार/']],
  ['/أخبار', [encodeURI('/أخبار'), '//أخبار']],
  ['/新闻', [encodeURI('/新闻/'), 'http://news.example/新闻?utm_campaign=z#top']],
  ['/caf\u00e9', ['/cafe\u0301', '/caf%C3%A9', '/CAFE%CC%81']],
  ['/', ['/', '//', 'https://news.example', 'https://news.example/?utm_source=x', '/#']],
  ['/?p=12', ['/?p=12', 'https://news.example/?p=12&utm_source=x', '/?utm_id=3&p=12']],
  ['/find?a=1&b=2', ['/find?a=1&amp;b=2', '/find?b=2&a=1', '/find/?a=1&b=2&_ga=3']],
  ['/s?q=a%20b', ['/s?q=a+b', '/s?q=a%20b']],
  ['/app#/article/5', ['/app#/article/5', '/app/?utm_source=x#/article/5']],
  [
    'https://other.example/a',
    ['https://other.example/a/', 'http://www.other.example//a', 'https://OTHER.example/A'],
  ],
  ['4711', ['4711', ' 4711 ']],
  ['Article-A', ['Article-A', '%41rticle-A']],
  [bengali, [bengali, encodeURIComponent(bengali)]],
];

/** Different articles that must not become one. */
const DIFFERENT: readonly (readonly [string, string])[] = [
  ['/a', '/b'],
  ['/a', 'a'],
  ['/a', '//other.example/a'],
  ['/a', 'news.example.org/a'],
  ['/می\u200cخواهم', '/میخواهم'],
  ['news.example', 'news'],
  ['/a/b', '/a%2Fb'],
  ['/a?id=1', '/a?id=2'],
  ['/watch?v=aBc', '/watch?v=AbC'],
  ['/a?x=1%26y=2', '/a?x=1&y=2'],
  ['/a%3Fb', '/a?b'],
  ['/a%23b', '/a#b'],
  ['/100%25', '/100'],
  ['Article-A', 'article-a'],
  ['https://other.example/a', 'https://news.example/a'],
  ['https://other.example/a', '/a'],
  ['/app#/one', '/app#/two'],
  ['/p?utm=1', '/p'],
  ['', '/'],
];

describe('the identity of a post', () => {
  test.each(SAME)('is %s for every way to write it', (identity, ways) => {
    for (const way of ways) expect(identifyPost(way, SITE), way).toBe(identity);
  });

  test.each(DIFFERENT)('keeps %s and %s apart', (one, other) => {
    expect(identifyPost(one, SITE)).not.toBe(identifyPost(other, SITE));
  });

  test('keeps the host where the site has no address', () => {
    expect(identifyPost('http://www.news.example/A/', null)).toBe('https://news.example/a');
  });

  test('changes nothing when it is applied twice, whatever the text', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom(
        '/',
        '//',
        '%',
        '%25',
        '%2F',
        '%E0%A6',
        '?',
        '&',
        '=',
        '+',
        '#',
        '#/',
        '..',
        ';',
        'utm_source=x',
        'İ',
        'ß',
        '\\',
        'http://',
        'https://a.example',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.constantFrom('', '/', 'https://news.example/'),
        (parts, head) => {
          const once = identifyPost(`${head}${parts.join('')}`, SITE);
          expect(identifyPost(once, SITE)).toBe(once);
        },
      ),
      { numRuns: 2000, seed: 19 },
    );
  });
});
