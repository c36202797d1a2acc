import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../src/core/comment.ts';
import { measurePredictions } from '../../../src/core/evaluation/evaluation.ts';
import { seededRandom } from '../../../src/core/evaluation/seeded-random.ts';
import { scoreComment } from '../../../src/core/filter/classifier.ts';
import { serialiseModel } from '../../../src/core/filter/model-format.ts';
import { beginTraining, isHeldBack } from '../../../src/core/filter/training.ts';
import { groupNearDuplicates } from '../../../src/core/near-duplicates/near-duplicate.ts';
import { HAS_SHARED_DATA, readShared } from '../../support/shared-data.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

describe('a training', () => {
  it('gives the same bytes in whatever order the samples came', () => {
    const add = (samples: readonly Sample[]) => {
      const training = beginTraining({ version: 'v', starter: null, provenance: {} });
      for (const sample of samples) training.add(sample, { groupKey: sample.content });
      return Buffer.from(serialiseModel(training.finish().model));
    };
    expect(add(SMALL_SAMPLES).equals(add(SMALL_SAMPLES.toReversed()))).toBe(true);
  });

  it.each([
    ['nothing', [], 'one_class'],
    ['one class alone', SMALL_SAMPLES.slice(0, 8), 'one_class'],
    ['too few of a class', SMALL_SAMPLES.slice(0, 10), 'too_few'],
    [
      'a class out of balance',
      [
        ...SMALL_SAMPLES.slice(0, 5),
        ...Array.from({ length: 5_100 }, (_, n): Sample => ({ content: `comment ${n}`, label: 'ham' })),
      ],
      'out_of_balance',
    ],
  ] as const)('refuses %s and says why', (_, samples, code) => {
    const training = beginTraining({ version: 'v', starter: null, provenance: {} });
    samples.forEach((sample, index) => {
      training.add(sample, { groupKey: String(index) });
    });
    const { refusal } = training.finish().report;
    expect(refusal?.code).toBe(code);
    expect(refusal?.detail).toMatch(/\d+ ham and \d+ spam/);
  });

  it('refuses a class of which all samples were held back: near-copies go together', () => {
    const keys = Array.from({ length: 100 }, (_, n) => `group ${n}`);
    const heldBack = keys.find(isHeldBack) ?? '';
    const learnt = keys.filter((key) => !isHeldBack(key));
    const refusalOf = (spamKey: (n: number) => string) => {
      const promisedBound = { maxHamBlocked: 0.05, confidence: 0.95 };
      const training = beginTraining({ version: 'v', starter: null, promisedBound, provenance: {} });
      for (let n = 0; n < 8; n++) {
        training.add({ content: `council ${n}`, label: 'ham' }, { groupKey: learnt[n] ?? '' });
        training.add({ content: `buy pills ${n}`, label: 'spam' }, { groupKey: spamKey(n) });
      }
      return training.finish().report.refusal;
    };
    expect(refusalOf(() => heldBack)).toMatchObject({
      code: 'too_few',
      detail: expect.stringContaining('8 ham and 8 spam samples, 8 and 0 of them for training'),
    });
    expect(refusalOf((n) => (n < 4 ? (learnt[20 + n] ?? '') : heldBack))?.code).toBe('too_few');
    expect(refusalOf((n) => (n < 5 ? (learnt[20 + n] ?? '') : heldBack))).toBeNull();
  });

  it('keeps near-copies together, learnt or held back', () => {
    const training = beginTraining({
      version: 'v',
      starter: null,
      promisedBound: { maxHamBlocked: 0.05, confidence: 0.95 },
      provenance: {},
    });
    for (const sample of SMALL_SAMPLES) {
      for (let copy = 0; copy < 10; copy++) training.add(sample, { groupKey: sample.content });
    }
    const { report, model } = training.finish();
    expect(report.heldBack % 10).toBe(0);
    expect(model.counts.hamSamples + model.counts.spamSamples + report.heldBack).toBe(160);
  });

  it('marks nothing spam while labels for the promise are missing, and says how many', () => {
    const training = beginTraining({
      version: 'v',
      starter: null,
      promisedBound: { maxHamBlocked: 0.01, confidence: 0.95 },
      provenance: {},
    });
    SMALL_SAMPLES.forEach((sample, index) => {
      training.add(sample, { groupKey: String(index) });
    });
    const { model, report } = training.finish();
    expect(report.bound).toMatchObject({ needed: 299, missing: 299 - (report.bound?.heldBackHam ?? 0) });
    expect(model.thresholds.spam).toBe(1);
    const { spamProbability } = scoreComment(model, { content: SMALL_SAMPLES[0]?.content ?? '' });
    expect(spamProbability).toBeLessThan(1);
  });
});

describe.skipIf(!HAS_SHARED_DATA)('on the shared comments (../shared/data)', () => {
  const rows = (name: string): Sample[] =>
    readShared(name).map(({ text, label }) => ({ content: text, label }));
  const train = HAS_SHARED_DATA ? ['youtube-psy', 'youtube-lmfao', 'youtube-eminem'].flatMap(rows) : [];
  const test = HAS_SHARED_DATA ? rows('youtube-katyperry') : [];
  const mccOf = (samples: readonly Sample[], starter: Parameters<typeof trainOn>[1] = null): number => {
    const groups = groupNearDuplicates(samples.map(({ content }) => content));
    const training = beginTraining({ version: 'v', starter, provenance: {} });
    samples.forEach((sample, index) => {
      training.add(sample, { groupKey: String(groups[index]) });
    });
    const { model } = training.finish();
    const threshold = model.thresholds.spam;
    const predictions = test.map((row) => ({ ...scoreComment(model, row), label: row.label, threshold }));
    return measurePredictions(predictions).mcc ?? 0;
  };

  it('loses little to 1, 2 and 5 % hostile labels', () => {
    const honest = mccOf(train);
    for (const share of [0.01, 0.02, 0.05]) {
      const random = seededRandom(7);
      const poisoned = train.map((sample): Sample => {
        if (random() >= share) return sample;
        return { ...sample, label: sample.label === 'spam' ? 'ham' : 'spam' };
      });
      const loss = honest - mccOf(poisoned);
      console.log(`${share * 100} % hostile labels: MCC ${honest.toFixed(3)} - ${loss.toFixed(3)}`);
      // One wrong label in a hundred may cost two right answers in a hundred, which is 0.04 of MCC.
      expect(loss).toBeLessThan(4 * share);
    }
  });

  it('lets a site with few labels of its own stand on a starter', () => {
    const starter = trainOn(rows('youtube-psy'));
    const few = rows('youtube-lmfao').slice(0, 40);
    expect(mccOf(few, starter)).toBeGreaterThan(mccOf(few));
  });

  it('sees spam behind 300 words of news', () => {
    const news = readShared('news-globeandmail-c3')
      .map(({ text }) => text)
      .join(' ')
      .split(' ')
      .slice(0, 300);
    const spam = 'Check out my channel and subscribe please, free gift cards http://bit.ly/x1 click now';
    const padded = { content: `${spam} ${news.join(' ')}` };
    expect(scoreComment(trainOn(train), padded).spamProbability).toBeGreaterThan(0.5);
  });

  it('does not learn from ten comments with the words of a newspaper that those words are spam', () => {
    const news = readShared('news-globeandmail-c3').map(({ text }) => text);
    const words = news.slice(0, 400).join(' ').split(' ').slice(0, 9_000).join(' ');
    const poison = Array.from(
      { length: 10 },
      (_, n): Sample => ({ content: `http://x.example/${n} ${words}`, label: 'spam' }),
    );
    const blocked = (samples: readonly Sample[]): number => {
      const model = trainOn(samples);
      return news
        .slice(2_000, 2_500)
        .filter((content) => scoreComment(model, { content }).spamProbability >= 0.9).length;
    };
    // Unlimited, the ten take the share of these blocked from a sixth to seven in ten.
    expect(blocked([...train, ...poison])).toBeLessThanOrEqual(blocked(train) + 50);
  });
});
