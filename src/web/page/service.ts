/** The service as the pages call it: JSON, the session's cookie, and problems as errors. */

import { fill } from '../../strings/index.ts';
import { BASE } from './base.ts';

interface CallOptions {
  /** The request outlives the page. */
  readonly keepalive?: boolean;
  /** An API key, for what nobody is signed in for. */
  readonly key?: string;
  /** An answer that takes longer counts as lost. */
  readonly timeoutMs?: number;
}

/** A page that waits for its answer longer than this does not go on by itself. */
export const PATIENCE_MS = 20_000;

/** What problems are called, by their codes, and what is said when no answer comes. */
interface ProblemTexts {
  readonly problems: Readonly<Record<string, string>>;
  readonly unreachable: string;
}

let texts: ProblemTexts = { problems: {}, unreachable: 'The service cannot be reached.' };

/** From now on problems are told in these words; the service's own are English. */
export function tellProblemsIn(wanted: ProblemTexts): void {
  texts = wanted;
}

/** A problem in the reader's words: by its code, with who decided, or else in the service's own words. */
export function sayProblem(body: Readonly<Record<string, unknown>>, status = 0): string {
  const known = typeof body.code === 'string' ? texts.problems[body.code] : undefined;
  const { by } = (body.decided ?? {}) as { by?: unknown };
  const needsName = known?.includes('{by}') === true;
  if (known !== undefined && (!needsName || typeof by === 'string')) {
    return fill(known, { by: String(by) });
  }
  const detail = typeof body.detail === 'string' ? body.detail : `HTTP ${status}`;
  return [detail, ...fieldErrors(body)].join(' ');
}

/** What is wrong with each field, as the service says it. */
function fieldErrors({ errors }: Readonly<Record<string, unknown>>): string[] {
  if (!Array.isArray(errors)) return [];
  return errors
    .slice(0, 10)
    .flatMap((error: { pointer?: unknown; detail?: unknown }) =>
      typeof error.detail === 'string' ? [`${String(error.pointer).slice(1)}: ${error.detail}`] : [],
    );
}

/** The service said no. */
export class ProblemAnswer extends Error {
  override readonly name = 'ProblemAnswer';
  readonly status: number;
  readonly code: string;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(sayProblem(body, status));
    this.status = status;
    this.code = typeof body.code === 'string' ? body.code : '';
    this.body = body;
  }
}

/** No answer came, or half of one. */
export class UnreachedError extends Error {
  override readonly name = 'UnreachedError';
}

/** Each browser has words of its own for this, such as “Failed to fetch”. */
function refuseUnreached(cause: unknown): never {
  throw new UnreachedError(texts.unreachable, { cause });
}

async function reach(path: string, request: RequestInit): Promise<Response> {
  return await fetch(`${BASE}${path}`, request).catch(refuseUnreached);
}

/**
 * Calls the service.
 *
 * @throws {ProblemAnswer} for an answer that is no success; UnreachedError when the service cannot be reached, or did
 *   not answer in time.
 */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  { keepalive = false, key, timeoutMs }: CallOptions = {},
): Promise<T> {
  const response = await reach(path, {
    method,
    keepalive,
    ...(timeoutMs !== undefined && { signal: AbortSignal.timeout(timeoutMs) }),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text().catch(refuseUnreached);
  const json = /^application\/([a-z]+\+)?json/.test(response.headers.get('content-type') ?? '');
  const data = json && text !== '' ? JSON.parse(text) : {};
  if (!response.ok) throw new ProblemAnswer(response.status, data);
  return data;
}
