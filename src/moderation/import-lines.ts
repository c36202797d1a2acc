/** Exports that are JSON lines, CSV or one JSON value: samples, Remark42, Isso, natural. */
import { z } from 'zod';
import {
  checkImported,
  cleanText,
  cleanUrl,
  contentFault,
  type ImportedRecord,
  ImportFormatError,
  type ImportParser,
  readUtc,
  refused,
} from './import-record.ts';

/** A comment has 65,525 bytes at most, and JSON may write each as six characters. */
const LONGEST_LINE = 2_000_000;

/** Cuts a file into lines; `read` gives what one is, null for one that holds nothing. */
function createLineParser(read: (text: string, line: number) => ImportedRecord | null): ImportParser {
  let rest = '';
  let line = 0;
  const take = (lines: readonly string[]) => {
    const records: ImportedRecord[] = [];
    for (const text of lines) {
      line += 1;
      if (text.trim() === '') continue;
      const record = text.length > LONGEST_LINE ? tooLong(line) : read(text, line);
      if (record) records.push(record);
    }
    return records;
  };
  return {
    write: (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      // Kept as a line that is too long, without its text.
      if (rest.length > LONGEST_LINE * 2) rest = rest.slice(0, LONGEST_LINE + 1);
      return take(lines);
    },
    end: () => take([rest]),
  };
}

function tooLong(line: number): ImportedRecord {
  return refused(line, 'too_long', `The line is longer than ${LONGEST_LINE} characters.`);
}

/** One JSON object a line, or a JSON array with one object a line, as `sqlite3 -json` writes it. */
function parseObjects<T>(
  schema: z.ZodType<T>,
  read: (row: T, line: number) => ImportedRecord | null,
): ImportParser {
  return createLineParser((text, line) => {
    const bare = text.trim().replace(/^\uFEFF/, '');
    const inner = /^\[?\s*(\{.*\})\s*[,\]]?\s*\]?$/s.exec(bare)?.[1];
    if (inner === undefined) {
      return /^[[\],]*$/.test(bare) ? null : refused(line, 'bad_json', 'This line is no JSON object.');
    }
    let value: unknown;
    try {
      value = JSON.parse(inner);
    } catch {
      return refused(line, 'bad_json', 'This line is no JSON object.');
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return read(parsed.data, line);
    const [issue] = parsed.error.issues;
    return refused(line, 'invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300));
  });
}

const label = z.enum(['ham', 'spam']);
const sampleRow = z.object({
  content: z.string().optional(),
  text: z.string().optional(),
  label,
  author_name: z.string().nullish(),
  author: z.string().nullish(),
  author_url: z.string().nullish(),
});

function toSample(row: z.infer<typeof sampleRow>, line: number): ImportedRecord {
  const content = row.content ?? row.text ?? '';
  const fault = contentFault(content);
  if (fault) return refused(line, fault.code, fault.detail);
  return {
    kind: 'sample',
    line,
    content: content.toWellFormed(),
    label: row.label,
    authorName: cleanText(row.author_name ?? row.author ?? '', 245) || null,
    authorUrl: cleanUrl(row.author_url ?? null),
  };
}

/** `{content|text, label, author_name?|author?, author_url?}`, one a line. */
export function parseSampleLines(): ImportParser {
  return parseObjects(sampleRow, toSample);
}

const remark42Row = z.union([
  z.object({ version: z.number() }),
  z.object({
    id: z.string(),
    pid: z.string().nullish(),
    text: z.string().default(''),
    orig: z.string().nullish(),
    user: z.object({ name: z.string().default(''), ip: z.string().nullish() }),
    locator: z.object({ url: z.string() }),
    time: z.string(),
    delete: z.boolean().nullish(),
    title: z.string().nullish(),
  }),
]);

/**
 * Remark42's backup (`/api/v1/admin/export?mode=file`): a line of meta data, then a comment a line. It knows no spam
 * folder and hashes addresses itself, so that its comments are approved or deleted, and without an address.
 */
export function parseRemark42(): ImportParser {
  return parseObjects(remark42Row, (row, line) => {
    if ('version' in row) return null;
    const text = row.orig || row.text;
    if (row.delete === true && text.trim() === '') {
      return { kind: 'passed_over', line, code: 'deleted', detail: 'The comment was deleted, text and all.' };
    }
    return checkImported({
      kind: 'comment',
      line,
      externalId: row.id,
      parent: row.pid || null,
      post: row.locator.url.slice(0, 200),
      postUrl: row.locator.url,
      postTitle: row.title ?? null,
      postDate: null,
      authorName: row.user.name,
      authorEmail: null,
      authorUrl: null,
      authorIp: null,
      content: text,
      date: readUtc(row.time) ?? new Date(Number.NaN),
      status: row.delete === true ? 'trash' : 'approved',
    });
  });
}

const issoRow = z.object({
  id: z.number().int(),
  parent: z.number().int().nullish(),
  created: z.number(),
  mode: z.number().int(),
  remote_addr: z.string().nullish(),
  text: z.string().nullish(),
  author: z.string().nullish(),
  email: z.string().nullish(),
  website: z.string().nullish(),
  uri: z.string(),
  title: z.string().nullish(),
});

/** Isso's modes: 1 accepted, 2 waits, 4 deleted but answered. */
const ISSO_STATUS = new Map([
  [1, 'approved'],
  [2, 'hold'],
  [4, 'trash'],
] as const);

/**
 * Isso keeps comments in SQLite, which is not read here; docs/import-and-export.md has the `sqlite3 -json` command whose
 * output this takes.
 */
export function parseIsso(): ImportParser {
  return parseObjects(issoRow, (row, line) => {
    const status = [...ISSO_STATUS].find(([mode]) => mode === row.mode)?.[1];
    if (status === undefined) return refused(line, 'unknown_status', `The mode ${row.mode} is unknown.`);
    if (row.mode === 4 && !row.text) {
      return { kind: 'passed_over', line, code: 'deleted', detail: 'The comment was deleted, text and all.' };
    }
    return checkImported({
      kind: 'comment',
      line,
      externalId: String(row.id),
      parent: row.parent == null ? null : String(row.parent),
      post: row.uri,
      postUrl: null,
      postTitle: row.title ?? null,
      postDate: null,
      authorName: row.author ?? '',
      authorEmail: row.email ?? null,
      authorUrl: row.website ?? null,
      authorIp: row.remote_addr ?? null,
      content: row.text ?? '',
      date: new Date(row.created * 1000),
      status,
    });
  });
}

const naturalFilter = z.looseObject({
  docs: z.array(z.looseObject({ label: z.string(), text: z.union([z.string(), z.array(z.string())]) })),
});
const LARGEST_JSON = 64 * 1024 * 1024;

/**
 * A BayesClassifier that natural saved. It keeps what it was trained on, as stems: each document becomes a sample, so
 * that the training here weighs it like any other and measures what it is worth. Its counts are not taken over: they
 * count documents by presence, over other features.
 */
export function parseNatural(): ImportParser {
  let text = '';
  return {
    write: (more) => {
      text += more;
      if (text.length > LARGEST_JSON)
        throw new ImportFormatError('a natural classifier may have 64 MiB at most');
      return [];
    },
    end: () => {
      const parsed = naturalFilter.safeParse(parseJson(text));
      if (!parsed.success)
        throw new ImportFormatError('this is no BayesClassifier with its documents in JSON');
      return parsed.data.docs.map((doc, at) => {
        const stems = Array.isArray(doc.text) ? doc.text.join(' ') : doc.text;
        const read = label.safeParse(doc.label.trim().toLowerCase());
        if (!read.success) return refused(at + 1, 'unknown_label', 'A label is “spam” or “ham”.');
        return toSample({ content: stems, label: read.data }, at + 1);
      });
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 4180 with a head: `content` or `text`, `label`, and `author_name`, `author`, `author_url` where there are. */
export function parseSampleCsv(): ImportParser {
  const records: ImportedRecord[] = [];
  let head: string[] | null = null;
  const read = (cells: string[], line: number) => {
    if (head === null) {
      head = cells.map((cell) =>
        cell
          .replace(/^\uFEFF/, '')
          .trim()
          .toLowerCase(),
      );
      if (!head.includes('label') || !(head.includes('content') || head.includes('text'))) {
        throw new ImportFormatError('the head of the CSV needs the columns “content” and “label”');
      }
      return;
    }
    if (cells.length === 1 && cells[0]?.trim() === '') return;
    const row = Object.fromEntries(head.map((name, at) => [name, unguard(cells[at] ?? '')]));
    const parsed = sampleRow.safeParse({ ...row, label: row.label?.trim().toLowerCase() });
    if (parsed.success) records.push(toSample(parsed.data, line));
    else records.push(refused(line, 'invalid', 'label: it is “ham” or “spam”.'));
  };
  const cells = createCellReader(read);
  const take = () => records.splice(0);
  return {
    write: (text) => {
      cells.write(text);
      return take();
    },
    end: () => {
      cells.end();
      return take();
    },
  };
}

/** Without the apostrophe that keeps a spreadsheet from taking the cell for a formula; see http/csv.ts. */
function unguard(cell: string): string {
  return /^'+[\s\u0000]*[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function createCellReader(row: (cells: string[], line: number) => void) {
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let afterQuote = false;
  let line = 1;
  let rowLine = 1;
  const endRow = () => {
    row([...cells, cell], rowLine);
    cells = [];
    cell = '';
    rowLine = line;
  };
  const writeChar = (char: string) => {
    if (char === '\n') line += 1;
    if (quoted) {
      if (afterQuote && char !== '"') {
        quoted = false;
        afterQuote = false;
      } else if (char === '"') {
        if (afterQuote) cell += '"';
        afterQuote = !afterQuote;
        return;
      } else {
        cell += char;
        return;
      }
    }
    if (char === '"' && cell === '') quoted = true;
    else if (char === ',') {
      cells.push(cell);
      cell = '';
    } else if (char === '\n') endRow();
    else if (char !== '\r') cell += char;
  };
  return {
    write: (text: string) => {
      for (const char of text) writeChar(char);
      if (cell.length > LONGEST_LINE) throw new ImportFormatError(`line ${rowLine}: a quote is not closed`);
    },
    end: () => {
      if (cells.length > 0 || cell !== '') endRow();
    },
  };
}
