/** `leave-a-reply classify`: scores the comments of a file. */
import { existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { type Verdict, verdictUnder } from '../core/comment.ts';
import { scoreComment } from '../core/filter/classifier.ts';
import type { Model } from '../core/filter/model.ts';
import { parseModel } from '../core/filter/model-format.ts';
import { SHIPPED_STARTER } from '../node/package-files.ts';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { readModel } from './evaluation-plan.ts';
import { readCommentLines } from './sample-lines.ts';
import { pathOf } from './site-options.ts';

/** The answer on one comment, as printed. */
export interface Classification {
  readonly line: number;
  readonly verdict: Verdict;
  readonly spam_probability: number;
  readonly log_odds: number;
  readonly model_version: string;
}

/**
 * Scores the comments of a file `{text|content, author?, author_url?}` a line (gzipped or not) one by one, in order;
 * memory does not grow with the file. The verdict follows the model's own thresholds.
 *
 * Throws CommentLineError at the first bad line; the answers before it are out by then.
 */
export async function* classifyFile(file: string, model: Model): AsyncGenerator<Classification> {
  for await (const { line, comment } of readCommentLines(file)) {
    const score = scoreComment(model, comment);
    const { logOdds, spamProbability } = score;
    yield {
      line,
      verdict: verdictUnder(model.thresholds, score),
      spam_probability: spamProbability,
      log_odds: logOdds,
      model_version: model.version,
    };
  }
}

interface ClassifyOptions extends DoorOptions {
  readonly model?: string;
  readonly site?: string;
}

/** The model of a file, where there is one of that name, else of the site's version. */
async function findModel({
  model: wanted = SHIPPED_STARTER,
  site,
  ...door
}: ClassifyOptions): Promise<Model> {
  if (existsSync(wanted) || !/^[\w.-]{1,200}$/.test(wanted)) return await readModel(wanted);
  const { databaseUrl, dataDir } = readConfig(process.env);
  // Opening the door would make a database, where a file's name was mistyped.
  if (databaseUrl === undefined && !existsSync(dataDir)) {
    throw new Error(
      `there is no file ${wanted}, and no database in ${dataDir} to look for a model version of that name`,
    );
  }
  return await withDoor(door, async (opened) => {
    const path = pathOf(`/v1/models/${encodeURIComponent(wanted)}/file`, site);
    const pieces: Uint8Array[] = [];
    for await (const piece of await opened.stream(path)) pieces.push(piece);
    return parseModel(Buffer.concat(pieces));
  });
}

/** Adds `classify` to the command line. */
export function registerClassify(program: Command): void {
  addDoorOptions(program.command('classify'))
    .summary('score the comments of a file')
    .description(
      'Prints one JSON line per comment of FILE: {line, verdict, spam_probability, log_odds, model_version}. ' +
        'A line of FILE is {"text" or "content", "author"?, "author_url"?}; it may be gzipped.',
    )
    .argument('<file>', 'JSON lines')
    .option('--model <version>', 'a model version of the site or a model file, instead of the starter filter')
    .option('--site <slug>', 'the site of that version; optional if there is only one site')
    .action(async (file: string, options: ClassifyOptions) => {
      const model = await findModel(options);
      await pipeline(jsonLines(classifyFile(file, model)), process.stdout, { end: false }).catch(
        (error: unknown) => {
          if (!isClosedPipe(error)) throw error;
        },
      );
    });
}

async function* jsonLines(answers: AsyncIterable<Classification>): AsyncGenerator<string> {
  for await (const answer of answers) yield `${JSON.stringify(answer)}\n`;
}

/** The reader has seen enough (`classify FILE | head`): no error of ours. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
