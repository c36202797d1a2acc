/** Reads the exports of Commento and of Comentario, which began as its successor. */
import { z } from 'zod';
import type { Status } from '../../../core/comment.ts';
import { htmlToText } from '../../../core/text/html-to-text.ts';
import { markdownToText } from '../../../core/text/markdown-to-text.ts';
import {
  checkImported,
  closedThread,
  deletedRecord,
  type ImportedRecord,
  type ImportedThread,
  readFlag,
  readTime,
  refused,
} from '../import-record.ts';
import { parseDocument } from './objects.ts';

const flag = z.union([z.boolean(), z.number(), z.string()]).nullish();
const text = z.string().nullish();
const texts = { markdown: text, html: text };

const commento = z.object({
  version: z.literal(1),
  comments: z.array(
    z.object({
      ...{ ...texts, commentHex: z.string(), parentHex: text, commenterHex: text },
      ...{ url: text, path: text, state: text, deleted: flag, creationDate: z.string() },
    }),
  ),
  commenters: z
    .array(z.object({ commenterHex: z.string(), email: text, name: text, link: text }))
    .default([]),
});
type Commento = z.infer<typeof commento>;

const comentario = z.object({
  version: z.union([z.literal(2), z.literal(3)]),
  pages: z.array(
    z.object({ id: z.string(), path: z.string(), title: text, isReadonly: flag, createdTime: text }),
  ),
  comments: z.array(
    z.object({
      ...{ ...texts, id: z.string(), parentId: text, pageId: z.string(), createdTime: z.string() },
      ...{ isApproved: flag, isPending: flag, isDeleted: flag },
      ...{ userCreated: text, authorName: text, authorIp: text },
    }),
  ),
  commenters: z.array(z.object({ id: z.string(), email: text, name: text, websiteUrl: text })).default([]),
});
type Comentario = z.infer<typeof comentario>;

export const parseCommento = parseDocument('Commento', z.union([commento, comentario]), (file) =>
  file.version === 1 ? readCommento(file) : readComentario(file),
);

/** Commento's states: seen by all, waiting for a moderator, held back by its spam filter. */
const COMMENTO_STATUS: ReadonlyMap<string, Status> = new Map([
  ['approved', 'approved'],
  ['unapproved', 'hold'],
  ['flagged', 'spam'],
]);

/** What Commento writes in place of a deleted text; its export does not say so otherwise. */
const DELETED = /^\s*(?:<p>)?\[deleted\](?:<\/p>)?\s*$/i;

function readCommento({ comments, commenters }: Commento): ImportedRecord[] {
  const authors = new Map(commenters.map((author) => [author.commenterHex, author]));
  return comments.map((comment, at): ImportedRecord => {
    const line = at + 1;
    const written = comment.markdown || comment.html || '';
    const place = {
      externalId: comment.commentHex,
      parent: comment.parentHex && comment.parentHex !== 'root' ? comment.parentHex : null,
      thread: {
        ...{ key: comment.url ?? comment.path ?? '', url: null, title: null, date: null },
        ...{ isClosed: false, isHidden: false },
      },
      date: readTime(comment.creationDate),
    };
    if (readFlag(comment.deleted, true) || DELETED.test(written)) return deletedRecord(line, place);
    const status = COMMENTO_STATUS.get(comment.state ?? '');
    if (status === undefined) return refused(line, 'unknown_status', 'The state is unknown.');
    const author = authors.get(comment.commenterHex ?? '');
    return checkImported({
      ...place,
      kind: 'comment',
      line,
      authorName: author?.name ?? '',
      authorEmail: author?.email ?? null,
      authorUrl: author?.link ?? null,
      authorIp: null,
      content: readText(comment),
      status,
    });
  });
}

function readComentario({ pages, comments, commenters }: Comentario): ImportedRecord[] {
  const authors = new Map(commenters.map((author) => [author.id, author]));
  const threads = new Map(
    pages.map((page): [string, ImportedThread] => [
      page.id,
      {
        ...{ key: page.path, url: null, title: page.title ?? null },
        date: page.createdTime ? readTime(page.createdTime) : null,
        ...{ isClosed: readFlag(page.isReadonly, true), isHidden: false },
      },
    ]),
  );
  const closed = [...threads.values()].flatMap((thread) => closedThread(thread));
  const records = comments.map((comment, at): ImportedRecord => {
    const line = at + 1;
    const thread = threads.get(comment.pageId);
    if (!thread) return refused(line, 'invalid_post', 'The page of this comment is not in the file.');
    const content = readText(comment);
    const isDeleted = readFlag(comment.isDeleted, true);
    const place = {
      ...{ externalId: comment.id, parent: comment.parentId || null, thread },
      date: readTime(comment.createdTime),
    };
    if (isDeleted && content === '') return deletedRecord(line, place);
    const author = authors.get(comment.userCreated ?? '');
    return checkImported({
      ...place,
      kind: 'comment',
      line,
      authorName: author?.name || comment.authorName || '',
      authorEmail: author?.email ?? null,
      authorUrl: author?.websiteUrl ?? null,
      authorIp: comment.authorIp ?? null,
      content,
      status: isDeleted ? 'trash' : statusOf(comment),
    });
  });
  return [...closed, ...records];
}

/** One that neither waits nor is approved was rejected. */
function statusOf({ isApproved, isPending }: Comentario['comments'][number]): Status {
  if (readFlag(isPending, true)) return 'hold';
  return readFlag(isApproved, false) ? 'approved' : 'trash';
}

function readText({
  markdown,
  html,
}: {
  markdown?: string | null | undefined;
  html?: string | null | undefined;
}): string {
  return html ? htmlToText(html) : markdownToText(markdown ?? '');
}
