/** The calls of a public key: read what is published, submit a comment, with a proof of work when that is asked for. */
import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';

export interface PublicComment {
  readonly id: string;
  readonly parent: string | null;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly content: string;
  readonly date_gmt: string;
  /** Of a comment that is not shown, but answered. */
  readonly removed?: 'held' | 'removed';
}

/** As the service tells of one. */
interface Removed {
  readonly id: string;
  readonly parent: string | null;
  readonly date_gmt: string;
  readonly held: boolean;
}

export interface Connection {
  /** The origin of the service. */
  readonly api: string;
  /** The public key. */
  readonly key: string;
  readonly post: string;
}

/** A problem document, as far as the form needs it. */
export interface Problem {
  readonly code: string;
  readonly errors: readonly { readonly pointer: string; readonly code: string }[];
}

export type Sent = { readonly id: string; readonly status: string } | Problem;

/** Ten pages of 200 at a time: what a page can show without becoming unusable. */
const MOST_PAGES = 10;

export interface CommentList {
  readonly comments: readonly PublicComment[];
  /** Where to go on; null when these were the last. */
  readonly next: string | null;
}

/** The published comments of the post from a place on, oldest first. Rejects when they cannot be had. */
export async function listComments(
  { api, key, post }: Connection,
  from: string | null = null,
): Promise<CommentList> {
  const comments: PublicComment[] = [];
  let cursor = from;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query: URLSearchParams = new URLSearchParams({
      post,
      limit: '200',
      ...(cursor !== null && { cursor }),
    });
    const answer = await fetch(`${api}/v1/comments?${query}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const body: { items: PublicComment[]; removed?: Removed[]; next_cursor: string | null } =
      await answer.json();
    comments.push(...(body.removed ?? []).map(toPlace), ...body.items);
    cursor = body.next_cursor;
    if (cursor === null) break;
  }
  return { comments, next: cursor };
}

function toPlace({ held, ...place }: Removed): PublicComment {
  return { ...place, author_name: '', author_url: null, content: '', removed: held ? 'held' : 'removed' };
}

/**
 * Sends a comment, with a proof of work when the site asks for one. `idempotencyKey` makes sending the same fields again
 * harmless. Rejects when nothing answers, or when the proof is not found.
 */
export async function sendComment(
  connection: Connection,
  fields: Readonly<Record<string, unknown>>,
  idempotencyKey: string,
): Promise<Sent> {
  const sent = await post(connection, '/v1/comments', fields, idempotencyKey);
  if (!('code' in sent) || sent.code !== 'proof_of_work_required') return sent;
  const challenge = await post<Challenge>(connection, '/v1/challenges', {});
  if ('code' in challenge) return challenge;
  const altcha = await prove(challenge);
  return await post(connection, '/v1/comments', { ...fields, altcha }, idempotencyKey);
}

async function post<Answer = { readonly id: string; readonly status: string }>(
  { api, key }: Connection,
  path: string,
  body: Readonly<Record<string, unknown>>,
  idempotencyKey?: string,
): Promise<Answer | Problem> {
  const answer = await fetch(api + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify(body),
  });
  const data = await answer.json();
  return answer.ok ? data : { code: String(data.code), errors: data.errors ?? [] };
}

/** Rejects where the browser has no `crypto.subtle`, which it has on https and on loopback alone. */
async function prove(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error('no proof was found in time');
  return btoa(JSON.stringify({ challenge, solution }));
}

/** `crypto.randomUUID` is there on https alone. */
export function createIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
