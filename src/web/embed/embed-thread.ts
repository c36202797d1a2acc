/** The published comments as a thread. */

import { type Strings, withName } from '../../strings/form-strings.ts';
import type { PublicComment } from './embed-api.ts';
import { make } from './embed-dom.ts';

/** Deeper replies stand beside the one they answer: on a phone nothing else is left of the line. */
const DEEPEST = 4;

interface Place {
  readonly level: number;
  /** The list that the comment stands in. */
  readonly list: HTMLOListElement;
  readonly item: HTMLLIElement;
  below: HTMLOListElement | null;
}

export interface Thread {
  readonly element: HTMLElement;
  /** Adds a comment where it belongs; `waiting`: only its author sees it. Answers the element. */
  readonly add: (comment: PublicComment, waiting: boolean) => HTMLElement;
  readonly has: (id: string) => boolean;
}

/** An empty thread. `language`: a tag that Intl takes. `onReply` is told which comment a reader wants to answer. */
export function createThread(
  strings: Strings,
  language: string,
  onReply: (comment: PublicComment) => void,
): Thread {
  const root = make('ol', { part: 'thread' });
  const none = make('p', { part: 'none' }, strings.none);
  const heading = make('h2', { part: 'heading' }, strings.comments);
  const element = make('section', { part: 'comments' }, heading, none, root);
  const places = new Map<string, Place>();
  const add = (comment: PublicComment, waiting: boolean) => {
    none.hidden = true;
    const above = comment.parent === null ? undefined : places.get(comment.parent);
    const level = above ? Math.min(above.level + 1, DEEPEST) : 0;
    const list = above ? listBelow(above) : root;
    const item = make(
      'li',
      { part: waiting ? 'comment waiting' : 'comment', id: `comment-${comment.id}`, tabindex: '-1' },
      showComment(comment, waiting, strings, language, onReply),
    );
    list.append(item);
    places.set(comment.id, { level, list, item, below: null });
    return item;
  };
  return { element, add, has: (id) => places.has(id) };
}

function listBelow(above: Place): HTMLOListElement {
  if (above.level === DEEPEST) return above.list;
  if (above.below === null) {
    above.below = make('ol', { part: 'replies' });
    above.item.append(above.below);
  }
  return above.below;
}

function showComment(
  comment: PublicComment,
  waiting: boolean,
  strings: Strings,
  language: string,
  onReply: (comment: PublicComment) => void,
): HTMLElement {
  if (comment.removed !== undefined) {
    return make('article', {}, make('p', { part: 'removed' }, strings[comment.removed]));
  }
  const date = new Date(comment.date_gmt);
  const when = date.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  const header = make(
    'header',
    { part: 'meta' },
    showAuthor(comment),
    ' ',
    make('time', { part: 'date', datetime: comment.date_gmt }, when),
  );
  const article = make('article', {}, header);
  if (waiting) article.append(make('p', { part: 'note' }, strings.waiting));
  article.append(make('p', { part: 'content', dir: 'auto' }, comment.content));
  if (!waiting) {
    const label = withName(strings.replyTo, comment.author_name);
    const button = make('button', { type: 'button', part: 'reply', 'aria-label': label }, strings.reply);
    button.addEventListener('click', () => onReply(comment));
    article.append(button);
  }
  return article;
}

/** A name may hold what turns the direction of a line: it is kept apart. */
function showAuthor({ author_name, author_url }: PublicComment): HTMLElement {
  const name = make('bdi', { part: 'author' }, author_name);
  if (author_url === null || !/^https?:\/\//i.test(author_url)) return name;
  return make('a', { href: author_url, rel: 'nofollow ugc noopener noreferrer' }, name);
}

/** The same comments, each after the one it answers: two of one millisecond may come in either order. */
export function parentsFirst(comments: readonly PublicComment[]): PublicComment[] {
  const left = new Map(comments.map((comment) => [comment.id, comment]));
  const sorted: PublicComment[] = [];
  for (const comment of comments) {
    const chain: PublicComment[] = [];
    for (let next: PublicComment | undefined = comment; next && left.delete(next.id); ) {
      chain.push(next);
      next = next.parent === null ? undefined : left.get(next.parent);
    }
    sorted.push(...chain.reverse());
  }
  return sorted;
}
