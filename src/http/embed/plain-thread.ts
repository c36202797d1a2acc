/** Renders the published comments as nested lists of plain HTML. */
import type { PublicComment, PublicPage, RemovedComment } from '../../moderation/queue/public-comments.ts';
import { escapeHtml } from '../routing/html.ts';
import type { PlainStrings } from './plain-strings.ts';

/** As in the form's own thread: deeper replies stand beside the one they answer. */
const DEEPEST = 4;

type Entry = PublicComment | RemovedComment;

/** What is not shown but answered has its place, so that its answers answer something. */
export function renderThread(
  { items, removed }: Pick<PublicPage, 'items' | 'removed'>,
  strings: Pick<PlainStrings, 'removed' | 'held'>,
  replyTo: (comment: PublicComment) => string,
): string {
  // Ids are in the order of arrival.
  const entries: Entry[] = [...items, ...removed].sort((one, other) => (one.id < other.id ? -1 : 1));
  const known = new Set(entries.map(({ id }) => id));
  const below = new Map<string | null, Entry[]>();
  for (const entry of entries) {
    const parent = entry.parent !== null && known.has(entry.parent) ? entry.parent : null;
    const siblings = below.get(parent);
    if (siblings) siblings.push(entry);
    else below.set(parent, [entry]);
  }
  const render = (entry: Entry): string =>
    'held' in entry
      ? `<article><p class="removed">${entry.held ? strings.held : strings.removed}</p></article>`
      : renderComment(entry, replyTo(entry));
  const list = (parent: string | null, level: number): string =>
    (below.get(parent) ?? [])
      .map((entry) => {
        const replies = list(entry.id, Math.min(level + 1, DEEPEST));
        const nested = replies !== '' && level < DEEPEST ? `<ol>${replies}</ol>` : '';
        return `<li id="comment-${entry.id}">${render(entry)}${nested}</li>${level < DEEPEST ? '' : replies}`;
      })
      .join('\n');
  return entries.length === 0 ? '<p>No comments yet.</p>' : `<ol>\n${list(null, 0)}\n</ol>`;
}

function renderComment(comment: PublicComment, reply: string): string {
  const name = escapeHtml(comment.author_name);
  const date = escapeHtml(comment.date_gmt);
  const shown = escapeHtml(`${comment.date_gmt.slice(0, 16).replace('T', ' ')} UTC`);
  return `<article><p><b><bdi>${name}</bdi></b> <time datetime="${date}">${shown}</time></p>
<p class="content" dir="auto">${escapeHtml(comment.content)}</p>
<p><a href="${escapeHtml(reply)}" aria-label="Reply to ${name}">Reply</a></p></article>`;
}
