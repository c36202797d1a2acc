/** `leave-a-reply evaluate`: train on some labelled comments, measure on others. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Label, thresholdsFor } from '../core/comment.ts';
import {
  averageMetrics,
  bootstrapIntervals,
  type Interval,
  type Metrics,
  measurePredictions,
  type Prediction,
} from '../core/evaluation/evaluation.ts';
import { seededRandom } from '../core/evaluation/seeded-random.ts';
import { withoutNearCopies } from '../core/evaluation/splits.ts';
import { type Score, scoreComment } from '../core/filter/classifier.ts';
import type { Model } from '../core/filter/model.ts';
import {
  type EvaluateOptions,
  EvaluateUsageError,
  type LabelledLine,
  planEvaluation,
} from './evaluation-plan.ts';

/** The clock in milliseconds, and where progress is told. */
export interface EvaluateSurroundings {
  readonly now: () => number;
  readonly progress: (message: string) => void;
}

/** The figures as printed: shares in [0, 1], null where the rows have nothing to measure it on. */
export type Evaluation = Record<string, number | null | Record<string, Interval | null>>;

/** How long the speed is measured at least. */
const SPEED_MILLISECONDS = 500;

/**
 * Measures the filter, trained from nothing (no starter filter) unless a model is given.
 *
 * With several splits each figure is the plain mean over them. Spam is counted as caught, and ham as blocked, from the
 * model's threshold for spam on (0.65 for a model trained here). `comments_per_second` is scoring with features, one process, everything else
 * left out.
 *
 * Throws {@link EvaluateUsageError} for options that contradict each other, {@link CommentLineError} for a bad line or
 * file, RangeError when rows are too few for the split.
 */
export async function evaluate(options: EvaluateOptions, around: EvaluateSurroundings): Promise<Evaluation> {
  const plan = await planEvaluation(options);
  const { rows, modelFor } = plan;
  const texts = rows.map(({ comment }) => comment.content);
  const splits = options.withoutNearCopies
    ? plan.splits.map((split) => withoutNearCopies(split, texts))
    : plan.splits;
  const measured: Metrics[] = [];
  const all: Prediction[] = [];
  let speed = 0;
  for (const [number, split] of splits.entries()) {
    around.progress(`split ${number + 1} of ${splits.length}: ${split.train.length} rows train`);
    const model = modelFor(split);
    around.progress(`split ${number + 1} of ${splits.length}: ${split.test.length} rows test`);
    const tested = split.test.flatMap((row) => rows[row] ?? []);
    const predictions = tested.map((row) => predict(row.label, scoreComment(model, row.comment), model));
    measured.push(measurePredictions(predictions));
    all.push(...predictions);
    if (number === splits.length - 1) speed = commentsPerSecond(model, tested, around.now);
  }
  const removed = sum(plan.splits.map(({ test }) => test.length)) - all.length;
  return {
    ...toJson(averageMetrics(measured)),
    comments_per_second: speed,
    splits: splits.length,
    train_rows: sum(splits.map(({ train }) => train.length)) / splits.length,
    test_rows: all.length,
    test_spam: all.filter(({ label }) => label === 'spam').length,
    near_copies_removed: removed,
    ...(options.intervals
      ? { intervals: toJson(bootstrapIntervals(all, seededRandom(options.seed ?? 1))) }
      : {}),
  };
}

/** Adds `evaluate` to the command line. */
export function registerEvaluate(program: Command): void {
  program
    .command('evaluate')
    .summary('measure the filter on samples')
    .description(
      'Trains the filter from nothing on some samples and measures it on others. A line is ' +
        '{"text" or "content", "label": "ham" or "spam", "author"?, "date"?, "source"?, "thread"?}; files may be gzipped.',
    )
    .option('--train <files...>', 'samples to train on')
    .option('--test <files...>', 'samples to measure on')
    .option('--folds <k>', 'instead of --test: k-fold cross-validation of the training files', parseCount)
    .addOption(
      new Option('--split <by>', 'instead of --test: split the training files').choices([
        'time',
        'thread',
        'source',
      ]),
    )
    .option('--without-near-copies', 'leave out test rows that are near-copies of a training row')
    .option('--model <file>', 'measure this model file instead of training one')
    .option('--intervals', 'add 95 % bootstrap intervals over the pooled test rows')
    .option('--seed <n>', 'seed of the folds and the intervals', parseCount, 1)
    .option('--json', 'print JSON')
    .action(async (options: EvaluateOptions & { json?: boolean }, command: Command) => {
      const evaluation = await evaluate(options, { now: () => performance.now(), progress: showProgress })
        .catch((error: unknown) => {
          if (error instanceof EvaluateUsageError) command.error(`error: ${error.message}`, { exitCode: 2 });
          throw error;
        })
        .finally(() => showProgress(''));
      process.stdout.write(options.json ? `${JSON.stringify(evaluation)}\n` : formatEvaluation(evaluation));
    });
}

/** One line that is written over, on a terminal only: a log must not fill with it. */
function showProgress(message: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${message}`);
}

/** One figure a line; shares in percent where that is how they are spoken of. */
export function formatEvaluation(evaluation: Evaluation): string {
  const lines = Object.entries(evaluation).flatMap(([name, value]) => {
    if (value !== null && typeof value === 'object') return [];
    const shown = value === null ? '-' : Number.isInteger(value) ? String(value) : value.toFixed(4);
    return [`${name.padEnd(34)} ${shown}`];
  });
  return `${lines.join('\n')}\n`;
}

function predict(label: Label, score: Score, { thresholds }: Model): Prediction {
  const { logOdds, spamProbability, hasPayload } = score;
  return { label, logOdds, spamProbability, threshold: thresholdsFor(thresholds, hasPayload).spam };
}

/** Whole passes over the test rows until the clock has moved far enough. */
function commentsPerSecond(model: Model, rows: readonly LabelledLine[], now: () => number): number {
  if (rows.length === 0) return 0;
  const start = now();
  let scored = 0;
  let elapsed = 0;
  for (; elapsed < SPEED_MILLISECONDS; elapsed = now() - start) {
    for (const { comment } of rows) scoreComment(model, comment);
    scored += rows.length;
  }
  return Math.round((scored / elapsed) * 1000);
}

function toJson<T>(metrics: { readonly [name in keyof Metrics]: T }) {
  const { hamBlocked, spamCaughtAt1PctHamBlocked, brier, ece, ...rest } = metrics;
  return {
    ...rest,
    ham_blocked: hamBlocked,
    spam_caught_at_1pct_ham_blocked: spamCaughtAt1PctHamBlocked,
    brier,
    ece,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number from 1 on is needed');
  return value;
}
