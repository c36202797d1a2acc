import { describe, expect, test } from 'vitest';
import { decidePolicy, type PolicyInput } from '../../src/core/policy.ts';
import { compileWords, findWord, splitWords } from '../../src/core/text/words.ts';

const plain: PolicyInput = {
  comment: { content: 'The bridge was closed on Monday.', authorName: 'Ada' },
  linkCount: 0,
  settings: {
    premoderate: false,
    holdFirstTimeAuthors: false,
    holdTrackbacks: true,
    holdAdvertisingNames: false,
    maxLinks: 2,
    floodSeconds: 15,
    minimumSeconds: 2,
    recentRejections: 3,
    discardFrom: 0.999,
  },
  bannedWords: compileWords(['cheap pills']),
  suspectWords: compileWords(['casino']),
  postClosed: false,
  duplicate: false,
  secondsSinceLast: null,
  honeypotFilled: false,
  elapsedSeconds: null,
  author: { approved: 0, recentRejected: 0 },
  spamProbability: 0.1,
  thresholds: { ham: 0.5, spam: 0.9 },
  bounded: false,
};

const decide = (change: Partial<PolicyInput>) => decidePolicy({ ...plain, ...change });
const settings = (change: Partial<PolicyInput['settings']>) => ({
  settings: { ...plain.settings, ...change },
});

describe('the policy', () => {
  test('publishes what is plainly fine, without a reason', () => {
    expect(decide({})).toEqual({ refusal: null, verdict: 'ham', disposition: 'publish', reasons: [] });
  });

  test.each<[string, Partial<PolicyInput>, string]>([
    ['a closed post', { postClosed: true }, 'post_closed'],
    ['a duplicate', { duplicate: true }, 'duplicate'],
    ['a flood', { secondsSinceLast: 3 }, 'flood'],
  ])('refuses %s', (_what, change, code) => {
    expect(decide(change).refusal?.code).toBe(code);
  });

  test('says in whole seconds when a flooding author may come back', () => {
    expect(decide({ secondsSinceLast: 3.2 }).refusal).toEqual({ code: 'flood', retryAfterSeconds: 12 });
    expect(decide({ secondsSinceLast: 15 }).refusal).toBeNull();
    expect(decide({ secondsSinceLast: 0, ...settings({ floodSeconds: 0 }) }).refusal).toBeNull();
  });

  test('marks spam for a honeypot beside a proven filter’s verdict, and holds beside that of an unproven one', () => {
    const caught = { honeypotFilled: true, spamProbability: 0.95 };
    const dispositionOf = (change: Partial<PolicyInput>) =>
      decide(change).reasons.find(({ rule }) => rule === 'honeypot')?.disposition;
    expect(decide({ ...caught, bounded: true }).disposition).toBe('spam');
    expect(dispositionOf({ ...caught, bounded: true })).toBe('spam');
    expect(decide({ ...caught, bounded: false }).disposition).toBe('hold');
    expect(dispositionOf({ ...caught, bounded: true, spamProbability: 0.6 })).toBe('hold');
  });

  test.each<[string, Partial<PolicyInput>]>([
    ['honeypot', { honeypotFilled: true }],
    ['too_fast', { elapsedSeconds: 1.9 }],
    ['suspect_word', { comment: { content: 'see you', authorName: 'Casino Royal' } }],
    ['links', { linkCount: 3 }],
    ['trackback', { isTrackback: true }],
    [
      'author_name',
      {
        ...settings({ holdAdvertisingNames: true }),
        comment: { content: 'Yes', authorName: 'www.cheap.example' },
      },
    ],
    ['first_time_author', settings({ holdFirstTimeAuthors: true })],
    ['recent_rejections', { author: { approved: 9, recentRejected: 3 } }],
    ['unsure', { spamProbability: 0.5 }],
    ['spam', { spamProbability: 0.9 }],
    ['not_scored', { spamProbability: null }],
    ['premoderation', settings({ premoderate: true })],
  ])('holds for %s', (rule, change) => {
    const { disposition, reasons } = decide(change);
    expect([disposition, reasons.map((reason) => reason.rule)]).toEqual(['hold', [rule]]);
  });

  test('keeps every reason and lets the strictest decide', () => {
    const { disposition, reasons } = decide({
      comment: { content: 'Cheap pills at the casino' },
      linkCount: 9,
      spamProbability: 0.95,
    });
    expect(disposition).toBe('discard');
    expect(reasons.map(({ rule }) => rule)).toEqual(['banned_word', 'suspect_word', 'links', 'spam']);
  });

  test('marks spam and discards only with a bound that is proven', () => {
    expect(decide({ spamProbability: 1 }).disposition).toBe('hold');
    expect(decide({ spamProbability: 0.95, bounded: true }).disposition).toBe('spam');
    expect(decide({ spamProbability: 0.9995, bounded: true }).disposition).toBe('discard');
  });

  test('cuts its verdicts half-open', () => {
    const verdictAt = (spamProbability: number) => decide({ spamProbability }).verdict;
    expect([0, 0.4999, 0.5, 0.8999, 0.9, 1].map(verdictAt)).toEqual([
      'ham',
      'ham',
      'unsure',
      'unsure',
      'spam',
      'spam',
    ]);
  });
});

describe('word lists', () => {
  test('match whole words and phrases in any case, style or hidden split', () => {
    const list = compileWords(['cialis', 'Cheap Pills', '赌博']);
    for (const text of ['CIALIS!', 'ci\u200balis', 'ｃｉａｌｉｓ', 'buy cheap\n pills', '线上 赌博 平台']) {
      expect(findWord(list, text)).not.toBeNull();
    }
    for (const text of ['a specialist', 'cheap red pills', 'cheap', '', 'constructor __proto__']) {
      expect(findWord(list, text)).toBeNull();
    }
  });

  test('drop entries that could never match', () => {
    expect(compileWords(['', '!!!', ' ']).phrases.size).toBe(0);
  });

  test('split a text into folded words', () => {
    expect(splitWords('Naïve  Bayes-Filter, 2 Würste')).toEqual(['naïve', 'bayes', 'filter', '2', 'würste']);
  });
});
