import { expect, test } from 'vitest';
import { writeCsv } from '../../../src/http/routing/csv.ts';

test.each(['=HYPERLINK("http://x")', '+cmd', '-cmd|calc', '@SUM(A1)', '\t=1', '\r=1', '  =1'])(
  'a text that a spreadsheet would run begins with an apostrophe: %j',
  (text) => {
    const [, cell] = writeCsv(['a'], [[text]]).split(/\r\n/, 2);
    expect(cell?.replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('numbers stay numbers, and quotes, commas and line ends are quoted', () => {
  expect(
    writeCsv(
      ['a', 'b'],
      [
        [-1.5, 'x,"y"\nz'],
        ['-1.5', null],
      ],
    ),
  ).toBe('a,b\r\n-1.5,"x,""y""\nz"\r\n-1.5,\r\n');
});
