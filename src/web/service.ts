/** The service as the pages call it: JSON, the session's cookie, and problems as errors. */

interface CallOptions {
  /** The request outlives the page. */
  readonly keepalive?: boolean;
  /** An API key, for what nobody is signed in for. */
  readonly key?: string;
}

/** The service said no. */
export class ProblemAnswer extends Error {
  override readonly name = 'ProblemAnswer';
  readonly status: number;
  readonly code: string;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(typeof body.detail === 'string' ? body.detail : `HTTP ${status}`);
    this.status = status;
    this.code = typeof body.code === 'string' ? body.code : '';
    this.body = body;
  }
}

/**
 * Calls the service.
 *
 * @throws {ProblemAnswer} for an answer that is no success; TypeError when the service cannot be reached.
 */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  { keepalive = false, key }: CallOptions = {},
): Promise<T> {
  const response = await fetch(path, {
    method,
    keepalive,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = /^application\/([a-z]+\+)?json/.test(response.headers.get('content-type') ?? '');
  const data = json && text !== '' ? JSON.parse(text) : {};
  if (!response.ok) throw new ProblemAnswer(response.status, data);
  return data;
}
