import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import type { Sample, ScorableComment } from '../core/comment.ts';
import { explainIssue } from '../http/routing/explain-issue.ts';
import { explainError } from './explain-error.ts';

/** A line of a file that is not a comment or a sample. The message names the file, the line and what is wrong. */
export class CommentLineError extends Error {
  override readonly name = 'CommentLineError';
}

/** One comment of a file. `file` and `line` (from 1) say where it stood. */
export interface CommentLine {
  readonly file: string;
  readonly line: number;
  readonly comment: ScorableComment;
  readonly label: Sample['label'] | null;
  /** Milliseconds since 1970, or null when the line has no date. */
  readonly time: number | null;
  readonly source: string | null;
  readonly thread: string | null;
}

/** A comment is at most 65,525 bytes; JSON may write each as six characters. */
const MAX_LINE_LENGTH = 1_000_000;

const anyId = z.union([z.string(), z.number()]).transform(String);

/** Fields that are not named here (an id, a language …) belong to the corpus and are passed over. */
const lineSchema = z
  .object({
    text: z.string().optional(),
    content: z.string().optional(),
    label: z.enum(['ham', 'spam'], { error: '"label" must be "ham" or "spam"' }).optional(),
    author: z.string().nullish(),
    author_name: z.string().nullish(),
    author_url: z.string().nullish(),
    date: z.string().nullish(),
    source: z.string().nullish(),
    thread: anyId.nullish(),
    post: anyId.nullish(),
  })
  .refine(({ text, content }) => (text === undefined) !== (content === undefined), {
    error: 'needs either "text" or "content"',
  });

/**
 * Reads JSON lines `{text|content, label?, author?, date?, source?, thread?}` one by one; memory does not grow with
 * the file. Gzipped files are known by their first bytes, not by their names. Empty lines are passed over.
 *
 * Throws {@link CommentLineError} at the first bad line, and for a file that cannot be read.
 */
export async function* readCommentLines(file: string): AsyncGenerator<CommentLine> {
  const input = await openText(file);
  let line = 0;
  try {
    for await (const text of splitLines(input)) {
      line += 1;
      if (text.length > MAX_LINE_LENGTH) throw new RangeError(`longer than ${MAX_LINE_LENGTH} characters`);
      if (text.trim() !== '')
        yield parseCommentLine(line === 1 ? text.replace(/^\uFEFF/, '') : text, file, line);
    }
  } catch (error) {
    if (error instanceof CommentLineError) throw error;
    throw new CommentLineError(`${file}:${Math.max(1, line)}: ${explainError(error, file)}`);
  }
}

/**
 * Not node:readline: it does not pass on the errors of its input, and a damaged gzip file ended the process.
 * A line that grows without end is handed out, too long, as soon as it is.
 */
async function* splitLines(input: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_LINE_LENGTH) break;
  }
  if (rest !== '') yield rest;
}

/** One parsed line; see {@link readCommentLines}. */
export function parseCommentLine(text: string, file: string, line: number): CommentLine {
  const fail = (reason: string) => new CommentLineError(`${file}:${line}: ${reason}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail('not a JSON object');
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    const detail = issue ? explainIssue(issue) : 'This is not a comment.';
    throw fail(field === '' || detail.includes('"') ? detail : `"${field}": ${detail}`);
  }
  const row = parsed.data;
  const time = row.date ? Date.parse(row.date) : null;
  if (time !== null && Number.isNaN(time)) throw fail(`"date" is not a date: ${JSON.stringify(row.date)}`);
  return {
    file,
    line,
    comment: {
      content: row.text ?? row.content ?? '',
      authorName: row.author_name ?? row.author ?? undefined,
      authorUrl: row.author_url ?? undefined,
    },
    label: row.label ?? null,
    time,
    source: row.source ?? null,
    thread: row.thread ?? row.post ?? null,
  };
}

async function openText(file: string): Promise<Readable> {
  const handle = await open(file).catch((error: unknown) => {
    throw new CommentLineError(explainError(error, file));
  });
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0).catch(async (error: unknown) => {
    await handle.close();
    throw new CommentLineError(explainError(error, file));
  });
  const stream = handle.createReadStream({ start: 0 });
  const gzipped = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  if (!gzipped) return stream.setEncoding('utf8');
  const plain = createGunzip();
  stream.on('error', (error) => plain.destroy(error));
  return stream.pipe(plain).setEncoding('utf8');
}
