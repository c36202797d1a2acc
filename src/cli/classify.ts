/** `leave-a-reply classify`: what the filter says about the comments of a file. */
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { scoreComment } from '../core/classifier.ts';
import { type Verdict, verdictOf } from '../core/comment.ts';
import type { Model } from '../core/model.ts';
import { SHIPPED_STARTER } from '../package-files.ts';
import { readModel } from './evaluation-plan.ts';
import { readCommentLines } from './sample-lines.ts';

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
    const { logOdds, spamProbability } = scoreComment(model, comment);
    yield {
      line,
      verdict: verdictOf(spamProbability, model.thresholds),
      spam_probability: spamProbability,
      log_odds: logOdds,
      model_version: model.version,
    };
  }
}

/** Adds `classify` to the command line. */
export function registerClassify(program: Command): void {
  program
    .command('classify')
    .summary('score the comments of a file')
    .description(
      'Prints one JSON line per comment of FILE: {line, verdict, spam_probability, log_odds, model_version}.\n' +
        'A line of FILE is {"text" or "content", "author"?, "author_url"?}; it may be gzipped.',
    )
    .argument('<file>', 'JSON lines')
    .option('--model <file>', 'score with this model file instead of the starter filter')
    .action(async (file: string, options: { model?: string }) => {
      const model = await readModel(options.model ?? SHIPPED_STARTER);
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
