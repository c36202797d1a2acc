/** What this browser remembers: who writes here (if wanted), and what still waits. Works without storage, too. */
import type { PublicComment } from './embed-api.ts';

export interface Author {
  readonly author_name: string;
  readonly author_email: string;
  readonly author_url: string;
}

const AUTHOR = 'leave-a-reply:author';
const MOST_WAITING = 20;
/** Longer than any queue should be. */
const WAITING_DAYS = 14;

function read(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}

function write(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Private windows and full disks: the form works all the same.
  }
}

export function readAuthor(): Author | null {
  const stored = read(AUTHOR) as Partial<Author> | null;
  if (typeof stored?.author_name !== 'string') return null;
  return {
    author_name: stored.author_name,
    author_email: String(stored.author_email ?? ''),
    author_url: String(stored.author_url ?? ''),
  };
}

export function writeAuthor(author: Author | null): void {
  write(AUTHOR, author);
}

/** What this browser sent to the post and is not published yet. */
export function readWaiting(post: string): PublicComment[] {
  const stored = read(`leave-a-reply:waiting:${post}`);
  if (!Array.isArray(stored)) return [];
  const oldest = Date.now() - WAITING_DAYS * 86_400_000;
  return (stored as PublicComment[]).filter((comment) => Date.parse(comment.date_gmt) > oldest);
}

export function writeWaiting(post: string, comments: readonly PublicComment[]): void {
  write(`leave-a-reply:waiting:${post}`, comments.length === 0 ? null : comments.slice(-MOST_WAITING));
}
