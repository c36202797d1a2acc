/** Comments of systems that export JSON: Remark42, Isso. */
import { z } from 'zod';
import { htmlToText } from '../../core/text/html-to-text.ts';
import { parseObjects } from './import-objects.ts';
import { checkImported, type ImportedRecord, readUtc, refused } from './import-record.ts';

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
export const parseRemark42 = parseObjects(remark42Row, (row, line) => {
  if ('version' in row) return null;
  // `orig` is what the reader wrote; backups of old versions have the page's HTML alone.
  const text = row.orig || htmlToText(row.text);
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
  uri: z.string({ error: 'the row names no page: its query has to join the table “threads”' }),
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
 * output this takes, also as other tools print such rows: over many lines, or within an object that has a head.
 */
export const parseIsso = parseObjects(issoRow, readIsso, true);

function readIsso(row: z.infer<typeof issoRow>, line: number): ImportedRecord {
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
}
