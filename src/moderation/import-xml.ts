/** WordPress (WXR) and Disqus exports, read as a stream: memory does not grow with the file. */
import { SaxesParser } from 'saxes';
import type { Status } from '../core/comment.ts';
import {
  CutOffError,
  checkImported,
  type ImportedRecord,
  ImportFormatError,
  type ImportParser,
  readUtc,
  refused,
} from './import-record.ts';
import { createXmlMender } from './mend-xml.ts';

/** A text element longer than this is cut: no comment is, and a file must not be able to fill the memory. */
const LONGEST_TEXT = 1_000_000;
/** Characters between two tags; the parser gathers them all. */
const LONGEST_GAP = 64 * 1024 * 1024;
/** A file with more faults than this is no XML. */
const MOST_FAULTS = 100;

type Fields = Record<string, string>;
interface XmlHandlers {
  readonly open: (name: string, attributes: Fields, line: number) => void;
  /** `text` is the element's own. */
  readonly close: (name: string, text: string, parent: string) => void;
}

function createXmlParser(records: ImportedRecord[], handlers: XmlHandlers, known: RegExp): ImportParser {
  // 1.1 forbids more characters than 1.0 does, and adds nothing that an export has.
  const parser = new SaxesParser<object>({ forceXMLVersion: true, defaultXMLVersion: '1.0' });
  const mender = createXmlMender();
  const line = () => parser.line + mender.skippedLines();
  const stack: { name: string; text: string }[] = [];
  let faults = 0;
  let gap = 0;
  let recognised = false;
  const addText = (text: string) => {
    const top = stack.at(-1);
    if (top && top.text.length < LONGEST_TEXT) top.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ name, attributes }) => {
    gap = 0;
    recognised ||= known.test(name);
    stack.push({ name, text: '' });
    handlers.open(name, attributes, line());
  });
  parser.on('closetag', () => {
    gap = 0;
    const closed = stack.pop();
    if (closed) handlers.close(closed.name, closed.text, stack.at(-1)?.name ?? '');
  });
  parser.on('error', (error) => {
    if (!recognised || ++faults > MOST_FAULTS)
      throw new ImportFormatError(`this is no such XML: ${error.message}`);
    records.push(refused(line(), 'bad_xml', error.message.slice(0, 300)));
  });
  return {
    write: (text) => {
      gap += text.length;
      if (gap > LONGEST_GAP) throw new ImportFormatError('an element is too large');
      parser.write(mender.write(text));
    },
    end: () => {
      parser.write(mender.end());
      const open = stack.at(-1);
      if (open && recognised)
        throw new CutOffError(`<${open.name}> is not closed at its last line, ${line()}`);
      parser.close();
      if (!recognised) throw new ImportFormatError('nothing of this format stands in the file');
    },
  };
}

const WORDPRESS_STATUS: Readonly<Record<string, Status>> = {
  '1': 'approved',
  approve: 'approved',
  approved: 'approved',
  '0': 'hold',
  hold: 'hold',
  spam: 'spam',
  trash: 'trash',
  'post-trashed': 'trash',
};

/** WordPress' export (Tools → Export), version 1.0 to 1.2. */
export function parseWxr(records: ImportedRecord[]): ImportParser {
  let item: Fields = {};
  let comment: Fields | null = null;
  let line = 0;
  return createXmlParser(
    records,
    {
      open: (name, _attributes, at) => {
        if (name === 'item') item = {};
        if (name !== 'wp:comment') return;
        comment = {};
        line = at;
      },
      close: (name, text, parent) => {
        if (name === 'wp:comment' && comment !== null) {
          records.push(readWxrComment(item, comment, line));
          comment = null;
        } else if (comment !== null && parent === 'wp:comment') comment[name] = text;
        else if (parent === 'item' && !name.endsWith(':encoded')) item[name] = text;
      },
    },
    /^wp:/,
  );
}

function readWxrComment(item: Fields, comment: Fields, line: number): ImportedRecord {
  const type = comment['wp:comment_type'] ?? '';
  if (type !== '' && type !== 'comment') {
    return { kind: 'passed_over', line, code: 'not_a_comment', detail: `It is a ${type.slice(0, 30)}.` };
  }
  const status = WORDPRESS_STATUS[(comment['wp:comment_approved'] ?? '').trim()];
  if (status === undefined) return refused(line, 'unknown_status', 'wp:comment_approved is unknown.');
  const postDate = readUtc(item['wp:post_date_gmt']);
  const parent = (comment['wp:comment_parent'] ?? '0').trim();
  return checkImported({
    kind: 'comment',
    line,
    externalId: (comment['wp:comment_id'] ?? '').trim(),
    parent: parent === '0' || parent === '' ? null : parent,
    post: (item['wp:post_id'] ?? '').trim(),
    postUrl: item.link?.trim() ?? null,
    postTitle: item.title ?? null,
    postDate,
    authorName: comment['wp:comment_author'] ?? '',
    authorEmail: comment['wp:comment_author_email'] ?? null,
    authorUrl: comment['wp:comment_author_url']?.trim() ?? null,
    authorIp: comment['wp:comment_author_IP'] ?? null,
    content: comment['wp:comment_content'] ?? '',
    date:
      readUtc(comment['wp:comment_date_gmt']) ?? readUtc(comment['wp:comment_date']) ?? new Date(Number.NaN),
    status,
  });
}

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
    content: fields.message ?? '',
    date: readUtc(fields.createdAt) ?? new Date(Number.NaN),
    status,
  });
}
