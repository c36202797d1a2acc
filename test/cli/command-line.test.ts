import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerClassify } from '../../src/cli/classify.ts';
import { registerEvaluate } from '../../src/cli/evaluate.ts';

let folder = '';
let comments = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-line-'));
  comments = join(folder, 'comments.jsonl');
  const lines = Array.from({ length: 60 }, (_, index) =>
    JSON.stringify(
      index % 2 === 0
        ? { text: `subscribe to my channel for free money, friend number ${index}`, label: 'spam' }
        : { content: `the chorus of this song is lovely, I hear it day ${index}`, label: 'ham' },
    ),
  );
  await writeFile(comments, lines.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Runs the commands as an entry would, and returns what they printed. */
async function run(...argv: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed.push(String(chunk));
    return true;
  });
  const program = new Command('leave-a-reply').exitOverride().configureOutput({ writeErr: () => undefined });
  registerEvaluate(program);
  registerClassify(program);
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  await program.parseAsync(argv, { from: 'user' });
  return printed.join('');
}

describe('the command line', () => {
  it('evaluates files into exactly one JSON object', async () => {
    const printed = await run('evaluate', '--train', comments, comments, '--test', comments, '--json');
    expect(printed.trimEnd()).not.toContain('\n');
    expect(JSON.parse(printed)).toMatchObject({
      train_rows: 120,
      test_rows: 60,
      ham_blocked: expect.any(Number),
    });
  });

  it('evaluates folds into a table for humans', async () => {
    const printed = await run('evaluate', '--train', comments, '--folds', '3');
    expect(printed).toMatch(/^accuracy +[01]/m);
    expect(printed).toMatch(/^splits +3$/m);
  });

  it('classifies each comment of a file under the starter filter', async () => {
    const answers = (await run('classify', comments))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toHaveLength(60);
    for (const answer of answers) {
      expect(['ham', 'unsure', 'spam']).toContain(answer.verdict);
      expect(answer.spam_probability).toBeGreaterThan(0);
      expect(answer.spam_probability).toBeLessThan(1);
    }
  });

  it.each([
    [2, ['evaluate', '--json']],
    [2, ['evaluate', '--train', 'a', '--test', 'b', '--folds', '2']],
    [1, ['evaluate', '--train', 'a', '--folds', 'many']],
    [1, ['evaluate', '--train', 'a', '--split', 'mood']],
    [1, ['classify']],
  ])('ends with exit code %i for %j', async (exitCode, argv) => {
    await expect(run(...argv)).rejects.toMatchObject({ exitCode });
  });
});
