/** A comment in the three contexts of WordPress's REST API. */
import type { NumberedComment } from '../../storage/clients/wordpress.ts';
import { escapeHtml } from '../routing/html.ts';

export type WordPressContext = 'view' | 'embed' | 'edit';

/** WordPress shows pictures by a hash of the e-mail address; hashes of addresses are not given out here. */
const NOBODY = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="#ccc"/><circle cx="48" cy="37" r="17" fill="#fff"/><path d="M14 96a34 34 0 0 1 68 0z" fill="#fff"/></svg>',
)}`;
const AVATARS = { 24: NOBODY, 48: NOBODY, 96: NOBODY };

/** Addresses are not kept: in `edit`, too, they are empty. */
export function viewWordPress(comment: NumberedComment, context: WordPressContext): Record<string, unknown> {
  const number = Number(comment.number);
  const date = comment.date_gmt.toISOString().slice(0, 19);
  const common = {
    id: number,
    post: postOf(comment.post_id),
    parent: Number(comment.parent_number ?? 0),
    author: 0,
    author_name: comment.author_name,
    author_url: comment.author_url ?? '',
    date,
    content: { rendered: render(comment.content) },
    link: linkOf(comment),
    type: 'comment',
    author_avatar_urls: AVATARS,
  };
  if (context === 'embed') {
    const { post: _, ...embedded } = common;
    return embedded;
  }
  const viewed = { ...common, date_gmt: date, status: comment.status, meta: [] };
  if (context === 'view') return viewed;
  return {
    ...viewed,
    content: { rendered: common.content.rendered, raw: comment.content },
    author_email: '',
    author_ip: '',
    author_user_agent: comment.author_user_agent ?? '',
  };
}

/** WordPress's posts have numbers; a site's own ids that are none stay texts. */
function postOf(id: string): number | string {
  return /^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id;
}

export function linkOf({ post_url: url, number }: Pick<NumberedComment, 'post_url' | 'number'>): string {
  return url === null ? '' : `${url.split('#')[0]}#comment-${number}`;
}

/** Paragraphs and line breaks of a text in which nothing is markup. */
function render(content: string): string {
  return content
    .trim()
    .split(/(?:\r?\n){2,}/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll(/\r?\n/g, '<br />\n')}</p>\n`)
    .join('');
}
