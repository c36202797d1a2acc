/** Reads comments of systems that export a JSON object a row: Remark42, Isso, Cusdis, and the format of our own. */
import { z } from 'zod';
import type { Label, Status } from '../../../core/comment.ts';
import { htmlToText } from '../../../core/text/html-to-text.ts';
import { markdownToText } from '../../../core/text/markdown-to-text.ts';
import { isBlank } from '../../site/storable-text.ts';
import {
  checkImported,
  closedThread,
  deletedRecord,
  type ImportedRecord,
  type ImportParserMaker,
  readFlag,
  readTime,
  refused,
} from '../import-record.ts';
import { parseObjects } from './objects.ts';

const flag = z.union([z.boolean(), z.number(), z.string()]).nullish();
const time = z.union([z.string(), z.number()]);

const remark42Head = z.object({
  version: z.number(),
  users: z.array(z.object({ id: z.string(), blocked: z.object({ status: flag }).nullish() })).nullish(),
  posts: z.array(z.object({ url: z.string(), read_only: flag })).nullish(),
});
const remark42Row = z.union([
  remark42Head,
  z.object({
    id: z.string(),
    pid: z.string().nullish(),
    text: z.string().default(''),
    orig: z.string().nullish(),
    user: z.object({ id: z.string().nullish(), name: z.string().default(''), block: flag }),
    locator: z.object({ url: z.string() }),
    time: z.string(),
    delete: flag,
    title: z.string().nullish(),
  }),
]);

/**
 * Remark42's backup (`/api/v1/admin/export?mode=file`): a line about users and articles, then a comment a line. It knows no
 * spam folder and hashes addresses itself, so that its comments are approved or deleted, and without an address. Those of a
 * blocked user are shown to nobody there.
 */
export const parseRemark42: ImportParserMaker = (records) => {
  const blocked = new Set<string>();
  const readOnly = new Set<string>();
  const threadOf = (url: string, title: string | null) => {
    return { key: url, url, title, date: null, isClosed: readOnly.has(url), isHidden: false };
  };
  const read = (row: z.infer<typeof remark42Row>, line: number): ImportedRecord | null => {
    if ('version' in row) {
      for (const user of row.users ?? []) if (readFlag(user.blocked?.status, true)) blocked.add(user.id);
      for (const post of row.posts ?? []) if (readFlag(post.read_only, true)) readOnly.add(post.url);
      for (const url of readOnly) records.push(...closedThread(threadOf(url, null)));
      return null;
    }
    const isGone =
      readFlag(row.delete, true) || readFlag(row.user.block, true) || blocked.has(row.user.id ?? '');
    // `orig` is what the reader wrote in Markdown; `text` is the HTML that the page shows.
    const content = htmlToText(row.text) || markdownToText(row.orig ?? '');
    const place = {
      ...{ externalId: row.id, parent: row.pid || null, date: readTime(row.time) },
      thread: threadOf(row.locator.url, row.title ?? null),
    };
    if (isGone && content === '') return deletedRecord(line, place);
    return checkImported({
      ...place,
      kind: 'comment',
      line,
      authorName: row.user.name,
      authorEmail: null,
      authorUrl: null,
      authorIp: null,
      content,
      status: isGone ? 'trash' : 'approved',
    });
  };
  return parseObjects(remark42Row, read)(records);
};

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

/** Isso's modes: accepted, waiting, deleted but answered. It knows no closed pages. */
const ISSO_STATUS: ReadonlyMap<number, Status> = new Map([
  [1, 'approved'],
  [2, 'hold'],
  [4, 'trash'],
]);

/**
 * Isso keeps comments in SQLite, which is not read here; docs/import-and-export.md has the `sqlite3 -json` command whose
 * output this takes, also as other tools print such rows: over many lines, or within an object that has a head.
 */
export const parseIsso = parseObjects(issoRow, readIsso, true);

function readIsso(row: z.infer<typeof issoRow>, line: number): ImportedRecord {
  const status = ISSO_STATUS.get(row.mode);
  if (status === undefined) return refused(line, 'unknown_status', `The mode ${row.mode} is unknown.`);
  const place = {
    externalId: String(row.id),
    parent: row.parent == null ? null : String(row.parent),
    thread: {
      ...{ key: row.uri, url: null, title: row.title ?? null, date: null },
      ...{ isClosed: false, isHidden: false },
    },
    date: readTime(row.created * 1000),
  };
  if (status === 'trash' && !row.text) return deletedRecord(line, place);
  return checkImported({
    ...place,
    kind: 'comment',
    line,
    authorName: row.author ?? '',
    authorEmail: row.email ?? null,
    authorUrl: row.website ?? null,
    authorIp: row.remote_addr ?? null,
    content: markdownToText(row.text ?? ''),
    status,
  });
}

const cusdisRow = z.object({
  id: z.string(),
  parentId: z.string().nullish(),
  created_at: time,
  deletedAt: time.nullish(),
  approved: flag,
  by_nickname: z.string().nullish(),
  by_email: z.string().nullish(),
  content: z.string().nullish(),
  slug: z.string({ error: 'the row names no page: its query has to join the table “pages”' }),
  url: z.string().nullish(),
  title: z.string().nullish(),
});

/** Rows of Cusdis's database; docs/import-and-export.md has the query. It knows no spam and no closed pages. */
export const parseCusdis = parseObjects(
  cusdisRow,
  (row, line) => {
    const isDeleted = readFlag(row.deletedAt, true);
    const content = markdownToText(row.content ?? '');
    const place = {
      ...{ externalId: row.id, parent: row.parentId || null, date: readTime(row.created_at) },
      thread: {
        ...{ key: row.slug, url: row.url ?? null, title: row.title ?? null, date: null },
        ...{ isClosed: false, isHidden: false },
      },
    };
    if (isDeleted && content === '') return deletedRecord(line, place);
    return checkImported({
      ...place,
      kind: 'comment',
      line,
      authorName: row.by_nickname ?? '',
      authorEmail: row.by_email ?? null,
      authorUrl: null,
      authorIp: null,
      content,
      status: isDeleted ? 'trash' : readFlag(row.approved, false) ? 'approved' : 'hold',
    });
  },
  true,
);

const STATUSES = { approved: 'approved', hold: 'hold', spam: 'spam', trash: 'trash' } as const;
const ids = z.union([z.string(), z.number().int()]).transform(String);
const ownRow = z.strictObject({
  id: ids,
  post: ids,
  parent: ids.nullish(),
  author_name: z.string().nullish(),
  author_email: z.string().nullish(),
  author_url: z.string().nullish(),
  author_ip: z.string().nullish(),
  content: z.string(),
  content_format: z.enum(['text', 'html', 'markdown']).default('text'),
  date: time,
  status: z.string(),
  label: z.enum(['ham', 'spam']).nullish(),
  post_url: z.string().nullish(),
  post_title: z.string().nullish(),
  post_date: time.nullish(),
  post_closed: z.boolean().default(false),
  post_hidden: z.boolean().default(false),
});

/** Text that its system did not render: an editor's empty paragraph is nothing. */
const withoutEmpty = (text: string) => (isBlank(text) ? '' : text);
const READ_CONTENT = { text: withoutEmpty, html: htmlToText, markdown: markdownToText } as const;

/** Whole comments in the format that docs/import-and-export.md describes, for systems that are not known here. */
export const parseComments = parseObjects(ownRow, (row, line) => {
  const status = isStatus(row.status) ? STATUSES[row.status] : null;
  if (status === null) {
    return refused(line, 'unknown_status', 'A status is “approved”, “hold”, “spam” or “trash”.');
  }
  const label: { label?: Label | null } = row.label === undefined ? {} : { label: row.label };
  return checkImported({
    kind: 'comment',
    line,
    externalId: row.id,
    parent: row.parent || null,
    thread: {
      key: row.post,
      url: row.post_url ?? null,
      title: row.post_title ?? null,
      date: row.post_date == null ? null : readTime(row.post_date),
      isClosed: row.post_closed,
      isHidden: row.post_hidden,
    },
    authorName: row.author_name ?? '',
    authorEmail: row.author_email ?? null,
    authorUrl: row.author_url ?? null,
    authorIp: row.author_ip ?? null,
    content: READ_CONTENT[row.content_format](row.content),
    date: readTime(row.date),
    status,
    ...label,
  });
});

function isStatus(text: string): text is keyof typeof STATUSES {
  return Object.hasOwn(STATUSES, text);
}
