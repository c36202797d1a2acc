/** Disqus's XML export. */

import type { Status } from '../../../core/comment.ts';
import { parseUrl } from '../../../core/parse-url.ts';
import { htmlToText } from '../../../core/text/html-to-text.ts';
import {
  checkImported,
  closedThread,
  type ImportedRecord,
  type ImportedThread,
  ImportFormatError,
  type ImportParser,
  readFlag,
  readTime,
  readUtc,
  refused,
} from '../import-record.ts';
import { createFields, createXmlParser, type Fields } from './xml.ts';

/** The file names each article before its comments, and any comment may be on any of them. */
const MAX_THREADS = 500_000;

/** Disqus' XML export. */
export function parseDisqus(records: ImportedRecord[]): ImportParser {
  const threads = new Map<string, ImportedThread>();
  let id = '';
  let fields: Fields | null = null;
  let line = 0;
  let depth = 0;
  return createXmlParser(
    records,
    {
      open: (name, attributes, at) => {
        depth += 1;
        if (depth === 2 && (name === 'thread' || name === 'post')) {
          fields = createFields(at);
          id = attributes['dsq:id'] ?? '';
          line = at;
        } else if (depth === 3 && fields !== null && (name === 'thread' || name === 'parent')) {
          fields.set(`${name}-id`, attributes['dsq:id'] ?? '');
        }
      },
      close: (name, text, parent) => {
        depth -= 1;
        if (fields === null) return;
        if (depth === 1) {
          if (name === 'thread') {
            const thread = readThread(id, fields);
            threads.set(id, thread);
            if (threads.size > MAX_THREADS) {
              throw new ImportFormatError(`it has more than ${MAX_THREADS} threads: split it`);
            }
            records.push(...closedThread(thread));
          }
          if (name === 'post') records.push(readDisqusPost(id, fields, threads, line));
          fields = null;
        } else if (depth === 2) fields.set(name, text);
        else if (parent === 'author') fields.set(`author-${name}`, text);
      },
    },
    /^disqus$/,
  );
}

/** A thread takes comments, is closed, or was deleted with all that stood in it. */
function readThread(id: string, fields: Fields): ImportedThread {
  const own = (fields.get('id') ?? '').trim();
  const url = fields.get('link')?.trim() || null;
  return {
    key: own || url || id,
    url,
    title: fields.get('title') ?? null,
    date: readUtc(fields.get('createdAt')),
    isClosed: readFlag(fields.get('isClosed'), true),
    isHidden: readFlag(fields.get('isDeleted'), true),
  };
}

function readDisqusPost(
  id: string,
  fields: Fields,
  threads: ReadonlyMap<string, ImportedThread>,
  line: number,
): ImportedRecord {
  const thread = threads.get(fields.get('thread-id') ?? '');
  if (!thread) return refused(line, 'invalid_post', 'The thread of this comment does not stand before it.');
  return checkImported({
    kind: 'comment',
    line,
    externalId: id,
    parent: fields.get('parent-id') || null,
    thread,
    authorName: fields.get('author-name') ?? '',
    authorEmail: fields.get('author-email') ?? null,
    authorUrl: fields.get('author-link') ?? null,
    authorIp: fields.get('ipAddress') ?? null,
    content: htmlToText(fields.get('message') ?? '', { readAddress: addressBehind }),
    date: readTime(fields.get('createdAt') ?? ''),
    status: statusOf(fields),
  });
}

/** Spam stays spam when it was deleted, and teaches; what is not marked as approved waits. */
function statusOf(fields: Fields): Status {
  const isApproved = fields.get('isApproved');
  if (readFlag(fields.get('isSpam'), true)) return 'spam';
  if (readFlag(fields.get('isDeleted'), true)) return 'trash';
  return isApproved === undefined || readFlag(isApproved, false) ? 'approved' : 'hold';
}

/** Disqus leads its links over an address of its own: `https://disq.us/url?url=ADDRESS:CHECKSUM&cuid=…`. */
function addressBehind(href: string): string {
  const url = /^https?:\/\/disq\.us\/url/i.test(href) ? parseUrl(href) : null;
  return url?.searchParams.get('url')?.replace(/:[\w-]+$/, '') ?? href;
}
