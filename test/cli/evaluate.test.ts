import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/cli/evaluate.ts';
import { EvaluateUsageError } from '../../src/cli/evaluation-plan.ts';
import { serialiseModel } from '../../src/core/filter/model-format.ts';
import { beginTraining } from '../../src/core/filter/training.ts';

const FIGURES = [
  'accuracy',
  'precision',
  'recall',
  'f1',
  'mcc',
  'auc',
  'ham_blocked',
  'spam_caught_at_1pct_ham_blocked',
  'brier',
  'ece',
  'comments_per_second',
];
const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const TOPICS = [
  'drums',
  'chorus',
  'guitar',
  'verse',
  'video',
  'singer',
  'lyrics',
  'dance',
  'album',
  'concert',
];

let folder = '';
let clock = 0;
const around = {
  now: () => {
    clock += 50;
    return clock;
  },
  progress: () => undefined,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A hundred made comments: half spam, every second month of dates, ten threads, two sources. */
function makeLines(offset: number): string[] {
  return Array.from({ length: 100 }, (_, index) => {
    const topic = TOPICS[(index + offset) % 10];
    const other = TOPICS[(index * 3 + offset + 1) % 10];
    const spam = index % 2 === 0;
    const text = spam
      ? `check out my ${topic} channel and subscribe for free ${other} money ${index + offset}`
      : `I really like the ${topic} here, and the ${other} reminds me of summer ${index + offset}`;
    return JSON.stringify({
      [index % 3 === 0 ? 'content' : 'text']: text,
      label: spam ? 'spam' : 'ham',
      author: `reader ${index}`,
      date: new Date(Date.UTC(2020, index % 12, 1 + (index % 28))).toISOString(),
      thread: index % 10,
      source: index < 50 ? 'north' : 'south',
    });
  });
}

async function writeLines(name: string, lines: readonly string[]): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, lines.join('\n'));
  return file;
}

describe('evaluate', () => {
  it('trains on some files, tests on others and gives every figure', async () => {
    const train = await writeLines('train.jsonl', makeLines(0));
    const test = join(folder, 'test.jsonl.gz');
    await writeFile(test, gzipSync(makeLines(7).join('\r\n')));
    const evaluation = await evaluate({ train: [train], test: [test] }, around);
    expect(Object.keys(evaluation)).toEqual(expect.arrayContaining(FIGURES));
    expect(evaluation).toMatchObject({ train_rows: 100, test_rows: 100, test_spam: 50, splits: 1 });
    expect(evaluation.mcc).toBeGreaterThan(0.8);
    expect(evaluation.auc).toBeGreaterThan(0.9);
    expect(evaluation.comments_per_second).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
  });

  it('gives the same figures every time', async () => {
    const train = [await writeLines('same.jsonl', makeLines(0))];
    const once = await evaluate({ train, folds: 4, intervals: true }, around);
    expect({
      ...(await evaluate({ train, folds: 4, intervals: true }, around)),
      comments_per_second: 0,
    }).toEqual({
      ...once,
      comments_per_second: 0,
    });
    expect(once).toMatchObject({
      splits: 4,
      test_rows: 100,
      intervals: { mcc: [expect.any(Number), expect.any(Number)] },
    });
  });

  it.each([
    ['thread', 5],
    ['source', 2],
    ['time', 1],
  ] as const)('splits by %s', async (split, splits) => {
    const train = [await writeLines('split.jsonl', makeLines(0))];
    const evaluation = await evaluate({ train, split }, around);
    expect(evaluation).toMatchObject({ splits, test_rows: split === 'time' ? 30 : 100 });
    expect(evaluation.auc).toBeGreaterThan(0.9);
  });

  it('takes near-copies of training rows out of the test rows when asked to', async () => {
    const train = await writeLines('originals.jsonl', makeLines(0));
    const unseen = JSON.stringify({ text: 'nobody wrote anything like this sentence before', label: 'ham' });
    const test = await writeLines('copies.jsonl', [...makeLines(0), unseen]);
    const evaluation = await evaluate({ train: [train], test: [test], withoutNearCopies: true }, around);
    expect(evaluation).toMatchObject({ test_rows: 1, near_copies_removed: 100, recall: null, auc: null });
  });

  it('measures a model file without training', async () => {
    const training = beginTraining({ version: 'v1', starter: null, provenance: {} });
    for (const [index, line] of makeLines(0).entries()) {
      const { text, content, label } = JSON.parse(line) as { text?: string; content?: string; label: 'ham' };
      training.add({ content: text ?? content ?? '', label }, { groupKey: String(index) });
    }
    const model = join(folder, 'model.bin');
    await writeFile(model, serialiseModel(training.finish().model));
    const test = [await writeLines('model-test.jsonl', makeLines(3))];
    expect(await evaluate({ model, test }, around)).toMatchObject({ train_rows: 0, test_rows: 100 });
    await expect(evaluate({ model: test[0] ?? '', test }, around)).rejects.toThrow(
      'model-test.jsonl is not a usable model',
    );
  });

  it.each([
    ['not a JSON object', '{"text": "x", '],
    ['not a JSON object', 'label,text'],
    ['needs either "text" or "content"', '{"label": "ham"}'],
    ['"label" must be "ham" or "spam"', '{"text": "x", "label": "junk"}'],
    ['has no "label"', '{"text": "x"}'],
    ['"date" is not a date: "soon"', '{"text": "x", "label": "ham", "date": "soon"}'],
    ['"text": ', '{"text": 5, "label": "ham"}'],
  ])('says %s with file and line for %s', async (reason, bad) => {
    const train = [await writeLines('bad.jsonl', [...makeLines(0).slice(0, 2), '', bad, ...makeLines(0)])];
    await expect(evaluate({ train, folds: 2 }, around)).rejects.toThrow(`bad.jsonl:4: `);
    await expect(evaluate({ train, folds: 2 }, around)).rejects.toThrow(reason);
  });

  it('says which file cannot be read', async () => {
    await expect(evaluate({ train: [join(folder, 'absent.jsonl')], folds: 2 }, around)).rejects.toThrow(
      'absent.jsonl',
    );
    await expect(evaluate({ train: [folder], folds: 2 }, around)).rejects.toThrow(folder);
    const damaged = join(folder, 'damaged.jsonl.gz');
    await writeFile(damaged, gzipSync(makeLines(0).join('\n')).subarray(0, 300));
    await expect(evaluate({ train: [damaged], folds: 2 }, around)).rejects.toThrow(
      /damaged\.jsonl\.gz:\d+: /,
    );
  });

  it('says which line lacks the field to split by', async () => {
    const train = [await writeLines('bare.jsonl', [...makeLines(0), '{"text": "x", "label": "ham"}'])];
    await expect(evaluate({ train, split: 'thread' }, around)).rejects.toThrow(
      'bare.jsonl:101: has no "thread"',
    );
    await expect(evaluate({ train, split: 'time' }, around)).rejects.toThrow('bare.jsonl:101: has no "date"');
  });

  it.each([
    [{}, '--train or --model is missing'],
    [{ train: ['a'] }, 'either --test, or --folds or --split'],
    [{ train: ['a'], test: ['b'], folds: 3 }, 'either --test, or --folds or --split'],
    [{ train: ['a'], split: 'time' as const, folds: 3 }, 'leave --folds out'],
    [{ model: 'a' }, '--model needs --test'],
    [{ model: 'a', train: ['b'], test: ['c'] }, '--model is measured as it is'],
  ])('refuses %j', async (options, message) => {
    await expect(evaluate(options, around)).rejects.toThrow(EvaluateUsageError);
    await expect(evaluate(options, around)).rejects.toThrow(message);
  });

  const psy = join(DATA, 'youtube-psy.jsonl.gz');
  it.skipIf(!existsSync(psy))(
    'learns from one real video what is spam under another (needs ../shared/data)',
    async () => {
      const test = [join(DATA, 'youtube-katyperry.jsonl.gz')];
      const evaluation = await evaluate({ train: [psy], test }, around);
      expect(evaluation).toMatchObject({ train_rows: 350, test_rows: 350 });
      expect(evaluation.auc).toBeGreaterThan(0.9);
    },
  );
});
