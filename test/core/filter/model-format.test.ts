import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreComment } from '../../../src/core/filter/classifier.ts';
import { ModelFormatError, parseModel, serialiseModel } from '../../../src/core/filter/model-format.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const own = trainOn(SMALL_SAMPLES);
const overStarter = trainOn(SMALL_SAMPLES.slice(4, 12), own);
const bytes = serialiseModel(own);

describe('a stored model', () => {
  it.each([
    ['of its own', own],
    ['over a starter', overStarter],
  ])('comes back as it was: %s', (_, model) => {
    const back = parseModel(serialiseModel(model));
    expect({ ...back, weights: null, counts: null, starter: null, corrections: null }).toEqual({
      ...model,
      weights: null,
      counts: null,
      starter: null,
      corrections: null,
    });
    expect(Buffer.from(serialiseModel(back)).equals(Buffer.from(serialiseModel(model)))).toBe(true);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (content) => {
        expect(scoreComment(back, { content })).toEqual(scoreComment(model, { content }));
      }),
    );
  });

  it('is refused when any one bit of it is flipped', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const damaged = bytes.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(() => parseModel(damaged)).toThrow(ModelFormatError);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when it is cut short or something follows', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(() => parseModel(bytes.subarray(0, length))).toThrow(ModelFormatError);
      }),
      { numRuns: 50 },
    );
    expect(() => parseModel(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(ModelFormatError);
  });

  it('of an older or newer format is refused by that name', () => {
    for (const version of [0, 1, 3]) {
      const other = bytes.slice();
      new DataView(other.buffer).setUint32(4, version, true);
      expect(() => parseModel(other)).toThrow(/format/);
    }
  });
});
