/** The two calls of a public key: read what is published, submit a comment. */

export interface PublicComment {
  readonly id: string;
  readonly parent: string | null;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly content: string;
  readonly date_gmt: string;
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

/** Ten pages of 200: what a page can show without becoming unusable. */
const MOST_PAGES = 10;

/** The published comments of the post, oldest first. Rejects when they cannot be had. */
export async function listComments({ api, key, post }: Connection): Promise<PublicComment[]> {
  const found: PublicComment[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams({ post, limit: '200', ...(cursor !== null && { cursor }) });
    const answer = await fetch(`${api}/v1/comments?${query}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const body: { items: PublicComment[]; next_cursor: string | null } = await answer.json();
    found.push(...body.items);
    cursor = body.next_cursor;
    if (cursor === null) break;
  }
  return found;
}

/** Sends a comment. `idempotencyKey` makes sending the same body again harmless. Rejects when nothing answers. */
export async function sendComment(
  { api, key }: Connection,
  body: string,
  idempotencyKey: string,
): Promise<Sent> {
  const answer = await fetch(`${api}/v1/comments`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
    body,
  });
  const data = await answer.json();
  return answer.ok ? data : { code: String(data.code), errors: data.errors ?? [] };
}

/** `crypto.randomUUID` is there on https alone. */
export function createIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
