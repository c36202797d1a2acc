/** WordPress's exports (WXR). */

import type { Status } from '../../core/comment.ts';
import { decodeEntities } from '../../core/text/html-to-text.ts';
import { checkImported, type ImportedRecord, type ImportParser, readUtc, refused } from './import-record.ts';
import { createFields, createXmlParser, type Fields } from './import-xml.ts';

const WORDPRESS_STATUS: ReadonlyMap<string, Status> = new Map([
  ['1', 'approved'],
  ['approve', 'approved'],
  ['approved', 'approved'],
  ['0', 'hold'],
  ['hold', 'hold'],
  ['spam', 'spam'],
  ['trash', 'trash'],
  ['post-trashed', 'trash'],
]);

/** WordPress' export (Tools → Export), version 1.0 to 1.2. */
export function parseWxr(records: ImportedRecord[]): ImportParser {
  let item = createFields(1);
  let comment: Fields | null = null;
  let line = 0;
  return createXmlParser(
    records,
    {
      open: (name, _attributes, at) => {
        if (name === 'item') item = createFields(at);
        if (name !== 'wp:comment') return;
        comment = createFields(at);
        line = at;
      },
      close: (name, text, parent) => {
        if (name === 'wp:comment' && comment !== null) {
          records.push(readWxrComment(item, comment, line));
          comment = null;
        } else if (comment !== null && parent === 'wp:comment') comment.set(name, text);
        else if (parent === 'item' && !name.endsWith(':encoded')) item.set(name, text);
      },
    },
    /^wp:/,
  );
}

function readWxrComment(item: Fields, comment: Fields, line: number): ImportedRecord {
  const type = comment.get('wp:comment_type') ?? '';
  if (type !== '' && type !== 'comment') {
    return { kind: 'passed_over', line, code: 'not_a_comment', detail: `It is a ${type.slice(0, 30)}.` };
  }
  const status = WORDPRESS_STATUS.get((comment.get('wp:comment_approved') ?? '').trim());
  if (status === undefined) return refused(line, 'unknown_status', 'wp:comment_approved is unknown.');
  const postDate = readUtc(item.get('wp:post_date_gmt'));
  const parent = (comment.get('wp:comment_parent') ?? '0').trim();
  return checkImported({
    kind: 'comment',
    line,
    externalId: (comment.get('wp:comment_id') ?? '').trim(),
    parent: parent === '0' || parent === '' ? null : parent,
    post: (item.get('wp:post_id') ?? '').trim(),
    postUrl: item.get('link')?.trim() ?? null,
    postTitle: item.get('title') ?? null,
    postDate,
    authorName: asWritten(comment.get('wp:comment_author')),
    authorEmail: comment.get('wp:comment_author_email') ?? null,
    authorUrl: comment.get('wp:comment_author_url')?.trim() ?? null,
    authorIp: comment.get('wp:comment_author_IP') ?? null,
    content: asWritten(comment.get('wp:comment_content')),
    date:
      readUtc(comment.get('wp:comment_date_gmt')) ??
      readUtc(comment.get('wp:comment_date')) ??
      new Date(Number.NaN),
    status,
  });
}

/** WordPress stores names and texts with `&` and a `<` that opens no tag as entities. */
function asWritten(stored = ''): string {
  return decodeEntities(stored);
}
