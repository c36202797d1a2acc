/** What `evaluate` measures: the rows of its files, and the splits over them. */
import { readFile } from 'node:fs/promises';
import type { Label } from '../core/comment.ts';
import { seededRandom } from '../core/evaluation/seeded-random.ts';
import {
  leaveOneSourceOut,
  type Split,
  splitByGroup,
  splitByTime,
  splitIntoFolds,
} from '../core/evaluation/splits.ts';
import type { Model } from '../core/filter/model.ts';
import { parseModel } from '../core/filter/model-format.ts';
import { beginTraining } from '../core/filter/training.ts';
import { groupNearDuplicates } from '../core/near-duplicates/near-duplicate.ts';
import { type CommentLine, CommentLineError, readCommentLines } from './sample-lines.ts';

/** What to measure. Exactly one of: `train` with `test`, `train` with `folds` or `split`, `model` with `test`. */
export interface EvaluateOptions {
  readonly train?: readonly string[];
  readonly test?: readonly string[];
  readonly model?: string;
  readonly folds?: number;
  readonly split?: 'time' | 'thread' | 'source';
  readonly withoutNearCopies?: boolean;
  readonly intervals?: boolean;
  /** Seeds the folds and the bootstrap; 1 unless given. */
  readonly seed?: number;
}

/** A contradiction among the options. */
export class EvaluateUsageError extends Error {
  override readonly name = 'EvaluateUsageError';
}

/** A comment with its truth. */
export interface LabelledLine extends CommentLine {
  readonly label: Label;
}

/** Rows, the splits over them, and how one split's model comes about. */
export interface EvaluationPlan {
  readonly rows: readonly LabelledLine[];
  readonly splits: readonly Split[];
  readonly modelFor: (split: Split) => Model;
}

/** Of rows in order of time, this share trains. */
const EARLY_SHARE = 0.7;

/** Reads the files and cuts them; throws as `evaluate` does. */
export async function planEvaluation(options: EvaluateOptions): Promise<EvaluationPlan> {
  return options.model === undefined ? await planTraining(options) : await planModel(options, options.model);
}

async function planTraining(options: EvaluateOptions): Promise<EvaluationPlan> {
  const { train, test, folds, split } = options;
  if (train === undefined) throw new EvaluateUsageError('--train or --model is missing');
  const ways = [test !== undefined, split !== undefined || folds !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new EvaluateUsageError('give either --test, or --folds or --split');
  if (folds !== undefined && (split === 'time' || split === 'source')) {
    throw new EvaluateUsageError(`--split ${split} makes its own splits: leave --folds out`);
  }
  const known = await readLabelled(train);
  const asked = test === undefined ? [] : await readLabelled(test);
  const rows = [...known, ...asked];
  const splits = test === undefined ? splitsOf(rows, options) : [cutAt(known.length, rows.length)];
  return { rows, splits, modelFor: (split) => trainModel(split.train.flatMap((row) => rows[row] ?? [])) };
}

async function planModel(options: EvaluateOptions, file: string): Promise<EvaluationPlan> {
  const { train, test, folds, split } = options;
  if (train !== undefined || folds !== undefined || split !== undefined || options.withoutNearCopies) {
    throw new EvaluateUsageError('--model is measured as it is: --test is the only other option it takes');
  }
  if (test === undefined) throw new EvaluateUsageError('--model needs --test');
  const model = await readModel(file);
  const rows = await readLabelled(test);
  return { rows, splits: [cutAt(0, rows.length)], modelFor: () => model };
}

/** A model file; the message of a failure names the file. */
export async function readModel(file: string): Promise<Model> {
  try {
    return parseModel(await readFile(file));
  } catch (error) {
    throw new Error(
      `${file} is not a usable model: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function splitsOf(rows: readonly LabelledLine[], options: EvaluateOptions): Split[] {
  const random = seededRandom(options.seed ?? 1);
  if (options.split === 'source') return leaveOneSourceOut(rows.map(({ source, file }) => source ?? file));
  if (options.split === 'time')
    return [
      splitByTime(
        demand(rows, 'date', ({ time }) => time),
        EARLY_SHARE,
      ),
    ];
  if (options.split === 'thread') {
    return splitByGroup(
      demand(rows, 'thread', ({ thread }) => thread),
      options.folds ?? 5,
      random,
    );
  }
  return splitIntoFolds(rows.length, options.folds ?? 5, random);
}

function demand<T>(rows: readonly LabelledLine[], field: string, of: (row: LabelledLine) => T | null): T[] {
  return rows.map((row) => {
    const value = of(row);
    if (value === null) throw new CommentLineError(`${row.file}:${row.line}: has no "${field}" to split by`);
    return value;
  });
}

function trainModel(rows: readonly LabelledLine[]): Model {
  const training = beginTraining({
    version: 'evaluate',
    starter: null,
    provenance: { purpose: 'evaluation' },
  });
  const groups = groupNearDuplicates(rows.map(({ comment }) => comment.content));
  for (const [number, { comment, label }] of rows.entries()) {
    training.add({ ...comment, label }, { groupKey: String(groups[number]) });
  }
  return training.finish().model;
}

async function readLabelled(files: readonly string[]): Promise<LabelledLine[]> {
  const rows: LabelledLine[] = [];
  for (const file of files) {
    for await (const row of readCommentLines(file)) {
      if (row.label === null) throw new CommentLineError(`${row.file}:${row.line}: has no "label"`);
      rows.push({ ...row, label: row.label });
    }
  }
  if (rows.length === 0) throw new CommentLineError(`${files.join(', ')}: no comments`);
  return rows;
}

function cutAt(first: number, count: number): Split {
  const numbers = Array.from({ length: count }, (_, row) => row);
  return { train: numbers.slice(0, first), test: numbers.slice(first) };
}
