import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../src/core/comment.ts';
import { explainComment, leaveOneOutScore, scoreComment } from '../../../src/core/filter/classifier.ts';
import { createCounts, learn, unlearn } from '../../../src/core/filter/counts.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const model = trainOn(SMALL_SAMPLES);

/** Any string at all, and strings of what spam is made of. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        'check out',
        'subscribe',
        'song',
        'http://win.example/a?b=c',
        'hxxp://x[.]example',
        '&amp;#118;iagra',
        '%76',
        'constructor',
        '__proto__',
        'toString',
        'ｆｒｅｅ',
        'с\u0430r',
        '中文字',
        'ภาษาไทย',
        '!!!',
        '\u200b',
        '\ufdfa',
        '<a href="http://b.example">',
        '',
      ),
      { maxLength: 60 },
    )
    .map((words) => words.join(' ')),
);
const comment = fc.record(
  { content: text, authorName: fc.string({ maxLength: 40 }), authorUrl: fc.webUrl() },
  { requiredKeys: ['content'] },
);
const sample = fc
  .tuple(comment, fc.constantFrom('ham' as const, 'spam' as const))
  .map(([fields, label]): Sample => ({ ...fields, label }));

describe('a score', () => {
  it('is the prior and the evidence, summed in order, to the bit', () => {
    fc.assert(
      fc.property(comment, (some) => {
        const { logOdds, prior, evidence } = explainComment(model, some);
        expect(evidence.reduce((sum, { logOdds: term }) => sum + term, prior)).toBe(logOdds);
      }),
    );
  });

  it('is the same with and without its explanation, and the second time', () => {
    fc.assert(
      fc.property(comment, comment, (some, other) => {
        const first = scoreComment(model, some);
        scoreComment(model, other);
        const { logOdds, spamProbability, hasPayload } = explainComment(model, some);
        expect({ logOdds, spamProbability, hasPayload }).toEqual(first);
        expect(scoreComment(model, some)).toEqual(first);
      }),
    );
  });

  it('is a finite number and a probability for any string', () => {
    fc.assert(
      fc.property(comment, (some) => {
        const { logOdds, spamProbability } = scoreComment(model, some);
        expect(Number.isFinite(logOdds)).toBe(true);
        expect(spamProbability).toBeGreaterThanOrEqual(0);
        expect(spamProbability).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('of a filter that learnt nothing, or one class alone, is finite', () => {
    for (const samples of [[], SMALL_SAMPLES.slice(0, 3), SMALL_SAMPLES.slice(-3)]) {
      expect(Number.isFinite(scoreComment(trainOn(samples), { content: 'any word' }).logOdds)).toBe(true);
    }
  });

  it('tells spam from ham by words it has learnt', () => {
    const spam = scoreComment(model, { content: 'subscribe to my channel, click http://gift.example' });
    const ham = scoreComment(model, { content: 'the council should answer, thank you for the article' });
    expect(spam.spamProbability).toBeGreaterThan(0.5);
    expect(ham.spamProbability).toBeLessThan(0.5);
  });

  it('names what it saw: words, pairs, links, shape and author', () => {
    const { evidence } = explainComment(model, {
      content: 'click http://gift.example now',
      authorName: 'Best Deals',
    });
    const features = evidence.map(({ feature }) => feature);
    expect(features).toEqual(expect.arrayContaining(['word:click', 'author:best']));
    expect(features.some((feature) => feature.startsWith('url:'))).toBe(true);
    expect(new Set(evidence.map(({ group }) => group)).has('shape')).toBe(true);
  });

  it('takes names that objects inherit for ordinary words', () => {
    const strange: Sample[] = ['constructor', '__proto__', 'hasOwnProperty', 'toString'].map((word) => ({
      content: `${word} ${word}`,
      label: 'spam',
    }));
    const taught = trainOn([...SMALL_SAMPLES, ...strange]);
    const { evidence, spamProbability } = explainComment(taught, { content: '__proto__ constructor' });
    expect(
      evidence.find(({ feature }) => feature === 'word:__proto__' || feature === 'word:proto'),
    ).toBeDefined();
    expect(spamProbability).toBeGreaterThan(
      scoreComment(model, { content: '__proto__ constructor' }).spamProbability,
    );
  });
});

describe('counts', () => {
  it('are as before when what was learnt is unlearnt', () => {
    fc.assert(
      fc.property(sample, fc.array(sample, { maxLength: 3 }), (one, others) => {
        const counts = createCounts();
        for (const other of others) learn(counts, other);
        const before = structuredClone(counts);
        learn(counts, one);
        unlearn(counts, one);
        expect(Buffer.from(counts.ham.buffer).equals(Buffer.from(before.ham.buffer))).toBe(true);
        expect(Buffer.from(counts.spam.buffer).equals(Buffer.from(before.spam.buffer))).toBe(true);
        expect(counts.hamMass).toEqual(before.hamMass);
        expect(counts.spamMass).toEqual(before.spamMass);
        expect([counts.hamSamples, counts.spamSamples]).toEqual([before.hamSamples, before.spamSamples]);
      }),
      { numRuns: 25 },
    );
  });

  it('do not care in which order samples came', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 6 }), (samples) => {
        const forwards = createCounts();
        const backwards = createCounts();
        for (const one of samples) learn(forwards, one);
        for (const one of samples.toReversed()) learn(backwards, one);
        expect(Buffer.from(forwards.ham.buffer).equals(Buffer.from(backwards.ham.buffer))).toBe(true);
        expect(Buffer.from(forwards.spam.buffer).equals(Buffer.from(backwards.spam.buffer))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('refuse to unlearn what was never learnt, and stay as they were', () => {
    const counts = createCounts();
    learn(counts, { content: 'a song', label: 'ham' });
    const before = structuredClone(counts);
    expect(() => unlearn(counts, { content: 'a song of spam', label: 'ham' })).toThrow(RangeError);
    expect(() => unlearn(counts, { content: 'a song', label: 'spam' })).toThrow(RangeError);
    expect(Buffer.from(counts.ham.buffer).equals(Buffer.from(before.ham.buffer))).toBe(true);
    expect(counts.hamSamples).toBe(1);
  });
});

describe('leaving one out', () => {
  it('scores a wrong label as what the others say it is', () => {
    const wrong: Sample = {
      content: 'Subscribe to my channel, click http://free-stuff.example/win',
      label: 'ham',
    };
    const taught = trainOn([...SMALL_SAMPLES, ...SMALL_SAMPLES, wrong]);
    expect(leaveOneOutScore(taught, wrong).logOdds).toBeGreaterThan(0);
  });
});
