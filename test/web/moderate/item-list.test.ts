import { expect, test } from 'vitest';
import {
  type Listed,
  withFocused,
  withItems,
  withNext,
  without,
} from '../../../src/web/moderate/state/item-list.ts';

interface Item {
  readonly id: string;
}
const item = (id: string): Item => ({ id });
const listed = (ids: string, at: number, selected = ''): Listed<Item> => ({
  items: [...ids].map(item),
  at,
  selected: new Set(selected),
});
/** Such as `ab[c]d`, with what is selected behind it. */
const shown = ({ items, at, selected }: Listed<Item>) =>
  `${items.map(({ id }, place) => (place === at ? `[${id}]` : id)).join('')} ${[...selected].join('')}`.trim();

test('the focus stays on its comment, whatever goes before and behind it', () => {
  expect(shown(without(listed('abcde', 2), new Set('ab')))).toBe('[c]de');
  expect(shown(without(listed('abcde', 2), new Set('de')))).toBe('ab[c]');
  expect(shown(withItems(listed('abc', 1), [...'xyabc'].map(item)))).toBe('xya[b]c');
});

test('when the comment in focus goes, the next one that is left has the focus, or the last one', () => {
  expect(shown(without(listed('abcde', 1), new Set('bc')))).toBe('a[d]e');
  expect(shown(without(listed('abc', 2), new Set('c')))).toBe('a[b]');
  expect(without(listed('a', 0), new Set('a'))).toMatchObject({ items: [], at: 0 });
});

test('what goes is no longer selected', () => {
  expect(shown(without(listed('abcd', 0, 'bd'), new Set('b')))).toBe('[a]cd d');
});

test('what was refused comes back behind the focus, and once', () => {
  expect(shown(withNext(listed('abc', 1), [item('x'), item('y')]))).toBe('a[b]xyc');
  expect(shown(withNext(listed('abc', 1), [item('c'), item('b')]))).toBe('a[b]c');
  expect(shown(withNext(listed('', 0), [item('x')]))).toBe('[x]');
});

test('what is taken back has the focus, and stands in the list once', () => {
  expect(shown(withFocused(listed('abc', 1), [item('x'), item('y')]))).toBe('a[x]ybc');
  expect(shown(withFocused(listed('abc', 1), [item('b')]))).toBe('a[b]c');
  expect(shown(withFocused(listed('', 0), [item('x')]))).toBe('[x]');
});
