import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bucket, takeTokens } from '../../src/core/token-bucket.ts';

const limit = { quota: 10, windowSeconds: 60 };

test('in no window more is taken than was there and has flowed in since', () => {
  const steps = fc.array(fc.record({ waitMs: fc.nat(20_000), cost: fc.integer({ min: 1, max: 10 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (all) => {
      let bucket: Bucket | undefined;
      let now = 0;
      let taken = 0;
      for (const { waitMs, cost } of all) {
        now += waitMs;
        const taking = takeTokens(bucket, limit, now, cost);
        bucket = taking.bucket;
        if (taking.allowed) taken += cost;
        expect(taken).toBeLessThanOrEqual(10 + (now / 60_000) * 10 + 1e-6);
      }
    }),
  );
});

test('whoever waits as long as he is told gets what he asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 30 }), (first, cost) => {
      const { bucket } = takeTokens(undefined, limit, 0, first);
      const { allowed, retrySeconds, bucket: after } = takeTokens(bucket, limit, 0, cost);
      expect(retrySeconds === 0).toBe(allowed);
      expect(allowed || takeTokens(after, limit, retrySeconds * 1000, cost).allowed).toBe(true);
    }),
  );
});

test('a clock that is set back neither fills nor empties the bucket', () => {
  const { bucket } = takeTokens(undefined, limit, 100_000, 4);
  expect(takeTokens(bucket, limit, 0, 1).remaining).toBe(5);
});

test('more than a bucket holds empties a full one', () => {
  expect(takeTokens(undefined, limit, 0, 1000)).toMatchObject({
    allowed: true,
    remaining: 0,
    resetSeconds: 60,
  });
});
