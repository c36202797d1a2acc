/** WordPress's exports (WXR). */

import type { Status } from '../../../core/comment.ts';
import { decodeEntities, htmlToText } from '../../../core/text/html-to-text.ts';
import {
  checkImported,
  closedThread,
  type ImportedRecord,
  type ImportedThread,
  type ImportParser,
  readUtc,
  refused,
} from '../import-record.ts';
import { createFields, createXmlParser, type Fields } from './xml.ts';

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

/** The statuses of an article that everyone can read; any other (draft, private, a plugin's own) hides it. */
const VISIBLE_STATUS = new Set(['publish', 'closed', '']);
/** What tells whether an article is seen and takes comments. */
const STATES = ['wp:status', 'wp:comment_status', 'wp:post_password'];
/** What a site is made of: their comments are closed, and nobody looks for a form there. */
const NO_ARTICLE =
  /^(?:attachment|revision|nav_menu_item|custom_css|customize_changeset|oembed_cache|user_request|wp_.*)$/;

/** WordPress' export (Tools → Export), version 1.0 to 1.2. */
export function parseWxr(records: ImportedRecord[]): ImportParser {
  let item = createFields(1);
  /** Comments that stand before the status of their article: it may turn out to be hidden. */
  let early: string[] = [];
  let comment: Fields | null = null;
  let line = 0;
  const hidden = new Map<string, boolean>();
  return createXmlParser(
    records,
    {
      open: (name, _attributes, at) => {
        if (name === 'item') [item, early] = [createFields(at), []];
        if (name !== 'wp:comment') return;
        comment = createFields(at);
        line = at;
      },
      close: (name, text, parent) => {
        if (name === 'wp:comment' && comment !== null) {
          const isEarly = STATES.some((state) => item.get(state) === undefined);
          const thread = readArticle(item, hidden);
          const record = readWxrComment({ ...thread, isHidden: isEarly || thread.isHidden }, comment, line);
          records.push(record);
          if (isEarly && record.kind === 'comment') early.push(record.externalId);
          comment = null;
        } else if (comment !== null && parent === 'wp:comment') comment.set(name, text);
        else if (parent === 'item' && !name.endsWith(':encoded')) item.set(name, text);
        else if (name === 'item') {
          const thread = readArticle(item, hidden);
          hidden.set(thread.key, thread.isHidden);
          if (!NO_ARTICLE.test(item.get('wp:post_type') ?? '')) records.push(...closedThread(thread));
          if (early.length > 0 && !thread.isHidden) records.push({ kind: 'thread', thread, shown: early });
        }
      },
    },
    /^wp:/,
  );
}

/** @param hidden whether the articles before are: an attachment is seen with the one that it belongs to. */
function readArticle(item: Fields, hidden: ReadonlyMap<string, boolean>): ImportedThread {
  const status = (item.get('wp:status') ?? '').trim();
  const parent = (item.get('wp:post_parent') ?? '0').trim();
  const isInherited = status === 'inherit' && (item.get('wp:post_type') ?? '').trim() === 'attachment';
  const isVisible = isInherited ? parent === '0' || hidden.get(parent) === false : VISIBLE_STATUS.has(status);
  const replies = (item.get('wp:comment_status') ?? '').trim();
  return {
    key: (item.get('wp:post_id') ?? '').trim(),
    url: item.get('link')?.trim() || null,
    title: item.get('title') ?? null,
    date: readUtc(item.get('wp:post_date_gmt')),
    isClosed: status === 'closed' || (replies !== 'open' && replies !== ''),
    isHidden: !isVisible || (item.get('wp:post_password') ?? '') !== '',
  };
}

function readWxrComment(thread: ImportedThread, comment: Fields, line: number): ImportedRecord {
  const type = comment.get('wp:comment_type') ?? '';
  if (type !== '' && type !== 'comment') {
    return { kind: 'passed_over', line, code: 'not_a_comment', detail: `It is a ${type.slice(0, 30)}.` };
  }
  const status = WORDPRESS_STATUS.get((comment.get('wp:comment_approved') ?? '').trim());
  if (status === undefined) return refused(line, 'unknown_status', 'wp:comment_approved is unknown.');
  const parent = (comment.get('wp:comment_parent') ?? '0').trim();
  return checkImported({
    kind: 'comment',
    line,
    externalId: (comment.get('wp:comment_id') ?? '').trim(),
    parent: parent === '0' || parent === '' ? null : parent,
    thread,
    // WordPress stores names and texts as HTML: an `&` is an entity there.
    authorName: decodeEntities(comment.get('wp:comment_author') ?? ''),
    authorEmail: comment.get('wp:comment_author_email') ?? null,
    authorUrl: comment.get('wp:comment_author_url')?.trim() ?? null,
    authorIp: comment.get('wp:comment_author_IP') ?? null,
    content: htmlToText(comment.get('wp:comment_content') ?? '', { keepLines: true }),
    date:
      readUtc(comment.get('wp:comment_date_gmt')) ??
      readUtc(comment.get('wp:comment_date')) ??
      new Date(Number.NaN),
    status,
  });
}
