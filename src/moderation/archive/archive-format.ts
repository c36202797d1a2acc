/**
 * The file of a whole site: JSON lines, each sealed with a hash over itself and the seal before it, and a last line
 * with counts and the SHA-256 of all before. So what is changed, moved or missing is named by its line.
 */
import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';

export const ARCHIVE_VERSION = 1;
/** How many hexadecimal digits of SHA-256 seal a line. */
const SEAL_DIGITS = 32;
/** A model may have 64 MiB, which base64 makes 86 million characters. */
const LONGEST_LINE = 100_000_000;

const head = z.strictObject({
  archive: z.literal('leave-a-reply site'),
  version: z.literal(ARCHIVE_VERSION),
  exported_at: z.iso.datetime(),
  site: z.strictObject({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    url: z.string().nullable(),
    settings: z.record(z.string(), z.json()),
    active_model: z.string().nullable(),
    created_at: z.iso.datetime(),
  }),
  /** A check value for each pseudonym key: tells whether another service has the same key, and nothing of the key. */
  pseudonym_keys: z.record(z.string(), z.string()),
});
const row = z.strictObject({ table: z.string(), row: z.record(z.string(), z.json()) });
const link = z.strictObject({ table: z.string(), link: z.strictObject({ id: z.string(), to: z.string() }) });
const end = z.strictObject({
  end: z.strictObject({
    lines: z.int(),
    counts: z.record(z.string(), z.int()),
    sha256: z.string(),
  }),
});

export type ArchiveHead = z.infer<typeof head>;
export type ArchivedRow = z.infer<typeof row>;
/** A reference to a row that stands further down: set when both are there. */
export type ArchivedLink = z.infer<typeof link>;
export type ArchiveEnd = z.infer<typeof end>['end'];
export type ArchiveLine = ArchiveHead | ArchivedRow | ArchivedLink | z.infer<typeof end>;

/** The file is not as it was written, or none of these; the message names the line. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

/** Writes lines in their order. */
export interface ArchiveWriter {
  readonly line: (content: ArchiveHead | ArchivedRow | ArchivedLink) => string;
  readonly end: () => string;
}

export function createArchiveWriter(): ArchiveWriter {
  const whole = createHash('sha256');
  const counts: Record<string, number> = {};
  let seal = '';
  let lines = 0;
  return {
    line: (content) => {
      const body = JSON.stringify(content);
      seal = sealOf(seal, body);
      const text = `${body.slice(0, -1)},"seal":"${seal}"}\n`;
      whole.update(text);
      lines += 1;
      if ('row' in content) counts[content.table] = (counts[content.table] ?? 0) + 1;
      return text;
    },
    end: () => `${JSON.stringify({ end: { lines, counts, sha256: whole.digest('hex') } })}\n`,
  };
}

function sealOf(before: string, body: string): string {
  return createHash('sha256').update(before).update(body).digest('hex').slice(0, SEAL_DIGITS);
}

export interface ReadLine {
  readonly line: number;
  readonly content: ArchiveLine;
}

/**
 * The lines of an archive, each checked before it is given. The last one given is the end, which is there only when the
 * file is whole: until then nothing that was read is known to be all of it.
 *
 * @throws {ArchiveError} for the first line that is not as it was written, and for a file that is cut.
 */
export async function* readArchive(text: AsyncIterable<string>): AsyncGenerator<ReadLine> {
  const reader = createLineReader();
  for await (const { line, body } of linesOf(text)) yield { line, content: reader.read(body, line) };
  reader.finish();
}

function createLineReader() {
  const whole: Hash = createHash('sha256');
  const counts: Record<string, number> = {};
  let seal = '';
  let lines = 0;
  let ended = false;
  const readSealed = (text: string, line: number): ArchiveLine => {
    const [, start = '', given = ''] = /^(.*),"seal":"([0-9a-f]{32})"\}$/s.exec(text) ?? [];
    const body = `${start}}`;
    seal = sealOf(seal, body);
    if (seal !== given) {
      throw new ArchiveError(
        line,
        line === 1
          ? 'this is not an export of a site, or its first line was changed'
          : 'it was changed, or a line before it is missing: take an undamaged copy of the file',
      );
    }
    whole.update(`${text}\n`);
    lines += 1;
    const content = line === 1 ? readHead(body) : readBody(body, line);
    if ('row' in content) counts[content.table] = (counts[content.table] ?? 0) + 1;
    return content;
  };
  return {
    read: (text: string, line: number): ArchiveLine => {
      if (ended) throw new ArchiveError(line, 'it stands behind the end of the export');
      if (!text.startsWith('{"end":')) return readSealed(text, line);
      const content = parse(end, text, line);
      const { sha256, lines: told, counts: toldCounts } = content.end;
      const same =
        sha256 === whole.digest('hex') &&
        told === lines &&
        JSON.stringify(sorted(toldCounts)) === JSON.stringify(sorted(counts));
      if (!same)
        throw new ArchiveError(line, 'the counts or the checksum of the end do not fit the lines before');
      ended = true;
      return content;
    },
    finish: () => {
      if (!ended)
        throw new ArchiveError(lines, 'the file ends here, before the end of the export: it was cut');
    },
  };
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

function readHead(body: string): ArchiveHead {
  const version = z.looseObject({ version: z.unknown() }).safeParse(parseJson(body, 1));
  if (version.success && version.data.version !== ARCHIVE_VERSION) {
    throw new ArchiveError(
      1,
      `the export has another format than ${ARCHIVE_VERSION}: restore it with the version that wrote it`,
    );
  }
  return parse(head, body, 1);
}

function readBody(body: string, line: number): ArchivedRow | ArchivedLink {
  return parse(z.union([row, link]), body, line);
}

function parse<T>(schema: z.ZodType<T>, body: string, line: number): T {
  const parsed = schema.safeParse(parseJson(body, line));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ArchiveError(line, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ArchiveError(line, 'it is not a JSON object');
  }
}

/** Whole lines with their numbers from 1; a rest without a line feed is given last, where it is found to be cut. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<{ line: number; body: string }> {
  let line = 0;
  let waiting: string[] = [];
  let length = 0;
  for await (const piece of text) {
    let from = 0;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      line += 1;
      yield { line, body: waiting.join('') + piece.slice(from, at) };
      waiting = [];
      length = 0;
      from = at + 1;
    }
    waiting.push(piece.slice(from));
    length += piece.length - from;
    if (length > LONGEST_LINE)
      throw new ArchiveError(line + 1, `it is longer than ${LONGEST_LINE} characters`);
  }
  const rest = waiting.join('');
  if (rest !== '') throw new ArchiveError(line + 1, 'the file ends within it: it was cut');
}
