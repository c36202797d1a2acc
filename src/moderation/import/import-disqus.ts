/** Disqus's XML export. */

import { parseUrl } from '../../core/parse-url.ts';
import { htmlToText } from '../../core/text/html-to-text.ts';
import {
  checkImported,
  cleanText,
  type ImportedRecord,
  ImportFormatError,
  type ImportParser,
  readUtc,
  refused,
} from './import-record.ts';
import { createFields, createXmlParser, type Fields } from './import-xml.ts';

interface Thread {
  readonly post: string;
  readonly url: string | null;
  readonly title: string | null;
  readonly date: Date | null;
}

/** The file names each article before its comments, and any comment may be on any of them. */
const MAX_THREADS = 500_000;

/** Disqus' XML export. */
export function parseDisqus(records: ImportedRecord[]): ImportParser {
  const threads = new Map<string, Thread>();
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
          if (name === 'thread') threads.set(id, readThread(id, fields));
          if (threads.size > MAX_THREADS) {
            throw new ImportFormatError(`it has more than ${MAX_THREADS} threads: split it`);
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

function readThread(id: string, fields: Fields): Thread {
  const own = (fields.get('id') ?? '').trim();
  const address = fields.get('link')?.trim() ?? '';
  const url = address === '' || address.length > 200 ? null : address;
  return {
    post: own !== '' && own.length <= 200 ? own : (url ?? id),
    url,
    title: cleanText(fields.get('title') ?? '', 500) || null,
    date: readUtc(fields.get('createdAt')),
  };
}

function readDisqusPost(
  id: string,
  fields: Fields,
  threads: ReadonlyMap<string, Thread>,
  line: number,
): ImportedRecord {
  const thread = threads.get(fields.get('thread-id') ?? '');
  if (!thread) return refused(line, 'invalid_post', 'The thread of this comment does not stand before it.');
  const isTrue = (name: string) => fields.get(name)?.trim() === 'true';
  const approved = fields.get('isApproved') === undefined || isTrue('isApproved');
  const status = isTrue('isSpam') ? 'spam' : isTrue('isDeleted') ? 'trash' : approved ? 'approved' : 'hold';
  return checkImported({
    kind: 'comment',
    line,
    externalId: id,
    parent: fields.get('parent-id') || null,
    post: thread.post,
    postUrl: thread.url,
    postTitle: thread.title,
    postDate: thread.date,
    authorName: fields.get('author-name') ?? '',
    authorEmail: fields.get('author-email') ?? null,
    authorUrl: fields.get('author-link') ?? null,
    authorIp: fields.get('ipAddress') ?? null,
    content: htmlToText(fields.get('message') ?? '', addressBehind),
    date: readUtc(fields.get('createdAt')) ?? new Date(Number.NaN),
    status,
  });
}

/** Disqus leads its links over an address of its own: `https://disq.us/url?url=ADDRESS:CHECKSUM&cuid=…`. */
function addressBehind(href: string): string {
  const url = /^https?:\/\/disq\.us\/url/i.test(href) ? parseUrl(href) : null;
  return url?.searchParams.get('url')?.replace(/:[\w-]+$/, '') ?? href;
}
