/** Disqus's XML export. */

import { parseUrl } from '../../core/parse-url.ts';
import { htmlToText } from '../../core/text/html-to-text.ts';
import { checkImported, type ImportedRecord, type ImportParser, readUtc, refused } from './import-record.ts';
import { createXmlParser, type Fields } from './import-xml.ts';

interface Thread {
  readonly post: string;
  readonly url: string | null;
  readonly title: string | null;
  readonly date: Date | null;
}

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
          fields = {};
          id = attributes['dsq:id'] ?? '';
          line = at;
        } else if (depth === 3 && fields !== null && (name === 'thread' || name === 'parent')) {
          fields[`${name}-id`] = attributes['dsq:id'] ?? '';
        }
      },
      close: (name, text, parent) => {
        depth -= 1;
        if (fields === null) return;
        if (depth === 1) {
          if (name === 'thread') threads.set(id, readThread(id, fields));
          if (name === 'post') records.push(readDisqusPost(id, fields, threads, line));
          fields = null;
        } else if (depth === 2) fields[name] = text;
        else if (parent === 'author') fields[`author-${name}`] = text;
      },
    },
    /^disqus$/,
  );
}

function readThread(id: string, fields: Fields): Thread {
  const own = (fields.id ?? '').trim();
  const url = fields.link?.trim() ?? null;
  return {
    post: own !== '' && own.length <= 200 ? own : url !== null && url.length <= 200 && url !== '' ? url : id,
    url,
    title: fields.title ?? null,
    date: readUtc(fields.createdAt),
  };
}

function readDisqusPost(
  id: string,
  fields: Fields,
  threads: ReadonlyMap<string, Thread>,
  line: number,
): ImportedRecord {
  const thread = threads.get(fields['thread-id'] ?? '');
  if (!thread) return refused(line, 'invalid_post', 'The thread of this comment does not stand before it.');
  const isTrue = (name: string) => fields[name]?.trim() === 'true';
  const approved = fields.isApproved === undefined || isTrue('isApproved');
  const status = isTrue('isSpam') ? 'spam' : isTrue('isDeleted') ? 'trash' : approved ? 'approved' : 'hold';
  return checkImported({
    kind: 'comment',
    line,
    externalId: id,
    parent: fields['parent-id'] || null,
    post: thread.post,
    postUrl: thread.url,
    postTitle: thread.title,
    postDate: thread.date,
    authorName: fields['author-name'] ?? '',
    authorEmail: fields['author-email'] ?? null,
    authorUrl: fields['author-link'] ?? null,
    authorIp: fields.ipAddress ?? null,
    content: htmlToText(fields.message ?? '', addressBehind),
    date: readUtc(fields.createdAt) ?? new Date(Number.NaN),
    status,
  });
}

/** Disqus leads its links over an address of its own: `https://disq.us/url?url=ADDRESS:CHECKSUM&cuid=…`. */
function addressBehind(href: string): string {
  const url = /^https?:\/\/disq\.us\/url/i.test(href) ? parseUrl(href) : null;
  return url?.searchParams.get('url')?.replace(/:[\w-]+$/, '') ?? href;
}
