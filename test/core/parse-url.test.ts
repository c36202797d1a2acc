import { expect, test } from 'vitest';
import { parseUrl } from '../../src/core/parse-url.ts';

test('an address with letters beyond ASCII is one however often it is asked for; what is none is null', () => {
  for (let asked = 0; asked < 20_000; asked += 1) {
    if (parseUrl('https://münchen.example/ä') === null) expect.fail(`no address after ${asked} times`);
  }
  expect(parseUrl('https://münchen.example/ä')?.href).toBe('https://xn--mnchen-3ya.example/%C3%A4');
  expect(parseUrl('/b', 'https://news.example/a')?.href).toBe('https://news.example/b');
  expect(parseUrl('news')).toBeNull();
});
