import { expect, test } from 'vitest';
import { formatNumber, formatPercent, formatSigned } from '../../../src/web/moderate/figures.ts';

test('figures are written as in the reader’s region', () => {
  expect(formatNumber(10_000, 'en-GB')).toBe('10,000');
  expect(formatNumber(10_000, 'de-DE')).toBe('10.000');
  expect(formatNumber(2.25, 'de-DE', 1)).toBe('2,3');
  expect([formatSigned(0.5, 'en'), formatSigned(-1.234, 'es')]).toEqual(['+0.50', '−1,23']);
});

test('a share that is nearly certain does not appear as certain', () => {
  expect([0.5, 0.994, 0.99999, 1].map((share) => formatPercent(share, 'de'))).toEqual([
    '50',
    '99,4',
    '99,9',
    '100',
  ]);
});
