/** Reads the GitHub discussions that giscus keeps comments in, as `gh api graphql` prints them. */
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
} from '../import-record.ts';
import { parseDocument } from './objects.ts';

const text = z.string().nullish();
const flag = z.union([z.boolean(), z.number(), z.string()]).nullish();
const comment = {
  ...{ id: z.string(), body: text, bodyHTML: text, createdAt: z.string() },
  author: z.object({ login: text, url: text }).nullish(),
  ...{ isMinimized: flag, minimizedReason: text, deletedAt: text },
};
const replies = z.object({ nodes: z.array(z.object(comment)) }).nullish();
const discussion = z.object({
  ...{ title: z.string(), body: text, createdAt: text, locked: flag, closed: flag },
  comments: z.object({ nodes: z.array(z.object({ ...comment, replies })) }).nullish(),
});
const page = z.object({
  data: z.object({ repository: z.object({ discussions: z.object({ nodes: z.array(discussion) }) }) }),
});
type Discussion = z.infer<typeof discussion>;
type Comment = z.infer<z.ZodObject<typeof comment>>;

/** One page of discussions, or the array of pages that `--paginate --slurp` prints. */
export const parseGiscus = parseDocument('giscus', z.union([page, z.array(page)]), (file) => {
  const records: ImportedRecord[] = [];
  let line = 0;
  for (const { data } of Array.isArray(file) ? file : [file]) {
    for (const one of data.repository.discussions.nodes) {
      const thread = threadOf(one);
      records.push(...closedThread(thread));
      for (const node of one.comments?.nodes ?? []) {
        records.push(readComment(node, null, thread, ++line));
        for (const reply of node.replies?.nodes ?? [])
          records.push(readComment(reply, node.id, thread, ++line));
      }
    }
  }
  return records;
});

/** giscus writes the address of the page at the end of a discussion; its title is what it was asked to find it by. */
function threadOf({ title, body, createdAt, locked, closed }: Discussion): ImportedThread {
  const url = (body ?? '').match(/https?:\/\/[^\s<>()]+/g)?.at(-1) ?? null;
  const isPath = !/\s/.test(title) && !/^https?:/i.test(title);
  return {
    key: url ?? (isPath ? `/${title.replace(/^\/+/, '')}` : title),
    url,
    title,
    date: createdAt ? readTime(createdAt) : null,
    isClosed: readFlag(locked, true) || readFlag(closed, true),
    isHidden: false,
  };
}

function readComment(
  node: Comment,
  parent: string | null,
  thread: ImportedThread,
  line: number,
): ImportedRecord {
  const content = node.bodyHTML ? htmlToText(node.bodyHTML) : markdownToText(node.body ?? '');
  if (node.deletedAt && content === '') {
    return deletedRecord(line, { externalId: node.id, parent, thread, date: readTime(node.createdAt) });
  }
  return checkImported({
    kind: 'comment',
    line,
    externalId: node.id,
    parent,
    thread,
    authorName: node.author?.login ?? 'ghost',
    authorEmail: null,
    authorUrl: node.author?.url ?? null,
    authorIp: null,
    content,
    date: readTime(node.createdAt),
    status: statusOf(node),
  });
}

/** GitHub hides a comment with a reason; one that was hidden for any other than spam goes to the bin. */
function statusOf({ isMinimized, minimizedReason, deletedAt }: Comment): Status {
  if (deletedAt) return 'trash';
  const reason = (minimizedReason ?? '').toLowerCase();
  if (!readFlag(isMinimized, true) && reason === '') return 'approved';
  return reason === 'spam' ? 'spam' : 'trash';
}
