/** Reads the exports of Waline and Artalk. */
import { z } from 'zod';
import type { Status } from '../../../core/comment.ts';
import { markdownToText } from '../../../core/text/markdown-to-text.ts';
import {
  checkImported,
  closedThread,
  type ImportedRecord,
  readFlag,
  readTime,
  refused,
} from '../import-record.ts';
import { parseDocument } from './objects.ts';

const text = z.string().nullish();
const id = z.union([z.string(), z.number()]).transform(String);
const flag = z.union([z.boolean(), z.number(), z.string()]).nullish();
/** LeanCloud wraps its times. */
const time = z.union([z.string(), z.number(), z.object({ iso: z.string() }).transform(({ iso }) => iso)]);

const waline = z.object({
  data: z.object({
    Comment: z.array(
      z.object({
        ...{ objectId: id, pid: id.nullish(), user_id: id.nullish(), url: z.string(), comment: text },
        ...{ nick: text, mail: text, link: text, ip: text, status: text },
        ...{ insertedAt: time.nullish(), createdAt: time.nullish() },
      }),
    ),
    Users: z.array(z.object({ objectId: id, display_name: text, email: text, url: text })).default([]),
  }),
});

/** Waline's states, the word for deleted among them. It knows no closed pages. */
const WALINE_STATUS: ReadonlyMap<string, Status> = new Map([
  ['approved', 'approved'],
  ['waiting', 'hold'],
  ['spam', 'spam'],
  ['deleted', 'trash'],
  ['delete', 'trash'],
]);

export const parseWaline = parseDocument('Waline', waline, ({ data }) => {
  const users = new Map(data.Users.map((user) => [user.objectId, user]));
  return data.Comment.map((comment, at): ImportedRecord => {
    const line = at + 1;
    const status = WALINE_STATUS.get(comment.status ?? '');
    if (status === undefined) return refused(line, 'unknown_status', 'The status is unknown.');
    const user = users.get(comment.user_id ?? '');
    return checkImported({
      kind: 'comment',
      line,
      externalId: comment.objectId,
      parent: comment.pid || null,
      thread: {
        ...{ key: comment.url, url: null, title: null, date: null },
        ...{ isClosed: false, isHidden: false },
      },
      authorName: user?.display_name || comment.nick || '',
      authorEmail: user?.email || comment.mail || null,
      authorUrl: user?.url || comment.link || null,
      authorIp: comment.ip ?? null,
      content: markdownToText(comment.comment ?? ''),
      date: readTime(comment.insertedAt ?? comment.createdAt ?? ''),
      status,
    });
  });
});

const artalk = z.array(
  z.object({
    ...{
      id,
      rid: id.nullish(),
      content: text,
      nick: text,
      email: text,
      link: text,
      ip: text,
      date: time.nullish(),
    },
    ...{ is_pending: flag, is_collapsed: flag, created_at: time.nullish() },
    ...{ page_key: z.string(), page_title: text, page_admin_only: flag },
  }),
);

/** Artalk's own exchange format (Artrans), whose values are texts. A folded comment waits: its readers did not see it. */
export const parseArtalk = parseDocument('Artalk', artalk, (comments) =>
  comments.flatMap((comment, at): ImportedRecord[] => {
    const thread = {
      ...{ key: comment.page_key, url: null, title: comment.page_title ?? null, date: null },
      ...{ isClosed: readFlag(comment.page_admin_only, true), isHidden: false },
    };
    const waits = readFlag(comment.is_pending, true) || readFlag(comment.is_collapsed, true);
    const record = checkImported({
      kind: 'comment',
      line: at + 1,
      externalId: comment.id,
      parent: comment.rid && comment.rid !== '0' ? comment.rid : null,
      thread,
      authorName: comment.nick ?? '',
      authorEmail: comment.email ?? null,
      authorUrl: comment.link ?? null,
      authorIp: comment.ip ?? null,
      content: markdownToText(comment.content ?? ''),
      date: readTime(comment.created_at ?? comment.date ?? ''),
      status: waits ? 'hold' : 'approved',
    });
    return [...closedThread(thread), record];
  }),
);
