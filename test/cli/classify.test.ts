import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Classification, classifyFile } from '../../src/cli/classify.ts';
import { verdictOf } from '../../src/core/comment.ts';
import type { Model } from '../../src/core/filter/model.ts';
import { beginTraining } from '../../src/core/filter/training.ts';

let folder = '';
let model: Model;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'classify-'));
  const training = beginTraining({ version: 'v7', starter: null, provenance: {} });
  for (let index = 0; index < 40; index += 1) {
    training.add({ content: `win free money now ${index}`, label: 'spam' }, { groupKey: `s${index}` });
    training.add({ content: `a lovely song about rain ${index}`, label: 'ham' }, { groupKey: `h${index}` });
  }
  model = training.finish().model;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function classify(lines: readonly string[]): Promise<Classification[]> {
  const file = join(folder, 'comments.jsonl');
  await writeFile(file, lines.join('\n'));
  const answers: Classification[] = [];
  for await (const answer of classifyFile(file, model)) answers.push(answer);
  return answers;
}

describe('classify', () => {
  it('answers every comment in order, labelled or not, under the thresholds of the model', async () => {
    const answers = await classify([
      '\uFEFF{"content": "win free money", "author": "x", "author_url": "https://a.example/"}',
      '',
      '{"text": "a lovely song", "label": "ham"}',
      '{"text": ""}',
    ]);
    expect(answers.map(({ line }) => line)).toEqual([1, 3, 4]);
    for (const answer of answers) {
      expect(answer).toEqual({
        line: expect.any(Number),
        verdict: verdictOf(answer.spam_probability, model.thresholds),
        spam_probability: expect.any(Number),
        log_odds: expect.any(Number),
        model_version: 'v7',
      });
    }
    expect(answers[0]?.spam_probability).toBeGreaterThan(answers[1]?.spam_probability ?? 1);
  });

  it('stops at a bad line and names it', async () => {
    await expect(classify(['{"text": "fine"}', '{"text": "x", "content": "y"}'])).rejects.toThrow(
      'comments.jsonl:2: ',
    );
  });
});
