/** The published comments as nested lists of plain HTML. */
import type { PublicComment } from '../../moderation/queue/public-comments.ts';
import { escapeHtml } from '../routing/html.ts';

/** As in the form's own thread: deeper replies stand beside the one they answer. */
const DEEPEST = 4;

/** `replyTo` gives the address of the form that answers a comment. Comments come oldest first. */
export function renderThread(
  comments: readonly PublicComment[],
  replyTo: (comment: PublicComment) => string,
): string {
  const known = new Set(comments.map(({ id }) => id));
  const below = new Map<string | null, PublicComment[]>();
  for (const comment of comments) {
    const parent = comment.parent !== null && known.has(comment.parent) ? comment.parent : null;
    const siblings = below.get(parent);
    if (siblings) siblings.push(comment);
    else below.set(parent, [comment]);
  }
  const items = (parent: string | null, level: number): string =>
    (below.get(parent) ?? [])
      .map((comment) => {
        const replies = items(comment.id, Math.min(level + 1, DEEPEST));
        const article = renderComment(comment, replyTo(comment));
        const nested = replies !== '' && level < DEEPEST ? `<ol>${replies}</ol>` : '';
        return `<li id="comment-${comment.id}">${article}${nested}</li>${level < DEEPEST ? '' : replies}`;
      })
      .join('\n');
  return comments.length === 0 ? '<p>No comments yet.</p>' : `<ol>\n${items(null, 0)}\n</ol>`;
}

function renderComment(comment: PublicComment, reply: string): string {
  const name = escapeHtml(comment.author_name);
  const date = escapeHtml(comment.date_gmt);
  const shown = escapeHtml(`${comment.date_gmt.slice(0, 16).replace('T', ' ')} UTC`);
  return `<article><p><b><bdi>${name}</bdi></b> <time datetime="${date}">${shown}</time></p>
<p class="content" dir="auto">${escapeHtml(comment.content)}</p>
<p><a href="${escapeHtml(reply)}" aria-label="Reply to ${name}">Reply</a></p></article>`;
}
