/**
 * Calls a leave-a-reply service from Node, Workers or a browser. It is the package `leave-a-reply-client`, without dependencies.
 *
 * @example
 * const client = createClient({ url: 'https://comments.example', key: 'lar_…' });
 * const { id, status } = await client.submit({ post: '1', author_name: 'Ada', author_email: 'ada@example.org', content: 'Yes.' });
 */
import type { Api } from './api-types.ts';
import { NoAnswerError, ProblemError } from './problem.ts';

export type * from './api-types.ts';
export { type FieldProblem, NoAnswerError, ProblemError } from './problem.ts';

/** A route, such as `GET /v1/queue`. */
export type Route = keyof Api;

/** What a route takes besides its path: `path`, `query`, `body`. */
export type RouteInput<R extends Route> = Api[R]['in'];

export interface CallOptions {
  /** Makes a repeated request happen once: 1 to 255 visible ASCII characters. */
  readonly idempotencyKey?: string;
  /** For keys that are good for several sites: the slug. */
  readonly site?: string;
  readonly signal?: AbortSignal;
}

export interface ClientOptions {
  /** Where the service is, such as `https://comments.example`. */
  readonly url: string;
  readonly key: string;
  /** The slug of the site, for keys that are good for several. */
  readonly site?: string;
  /** How often a request is repeated that may be (0 to 10); 2 unless given. */
  readonly retries?: number;
  /** How long one attempt may take; 10,000 unless given. */
  readonly timeoutMs?: number;
  /** Longest wait before a repetition; when the service asks for more, its refusal is thrown. 30,000 unless given. */
  readonly longestWaitMs?: number;
  /** Another `fetch` than the runtime's. */
  readonly fetch?: typeof fetch;
}

export interface Client {
  /**
   * Calls a route.
   *
   * Repeated are: what the rate limit refused; and where the network failed or the service was away, requests that
   * happen once however often they are sent (GET, and those with an `idempotencyKey`).
   *
   * @throws {ProblemError} the service refused. @throws {NoAnswerError} no answer came.
   */
  readonly call: <R extends Route>(
    route: R,
    input: RouteInput<R>,
    options?: CallOptions,
  ) => Promise<Api[R]['out']>;
  /** Submits a comment once, however often the network makes it repeat that: with an Idempotency-Key of its own. */
  readonly submit: (
    comment: RouteInput<'POST /v1/comments'>['body'],
    options?: CallOptions,
  ) => Promise<Api['POST /v1/comments']['out']>;
  /** Every item of a list, page by page as they are asked for. */
  readonly list: <R extends ListRoute>(
    route: R,
    input: RouteInput<R>,
    options?: CallOptions,
  ) => AsyncGenerator<Api[R]['out']['items'][number], void>;
}

/** The routes that give pages. */
export type ListRoute = {
  [R in Route]: Api[R]['out'] extends { items: unknown[]; next_cursor: string | null } ? R : never;
}[Route];

interface AnyInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: unknown;
}

/** Makes a client; nothing is sent yet. */
export function createClient(options: ClientOptions): Client {
  const call = async <R extends Route>(
    route: R,
    input: RouteInput<R>,
    how: CallOptions = {},
  ): Promise<Api[R]['out']> => await send(options, route, input, how);
  return {
    call,
    submit: (body, how = {}) =>
      call('POST /v1/comments', { body }, { idempotencyKey: crypto.randomUUID(), ...how }),
    list: async function* <R extends ListRoute>(route: R, input: RouteInput<R>, how: CallOptions = {}) {
      let cursor: string | null | undefined;
      do {
        const { query }: AnyInput = input;
        const page: Api[R]['out'] = await call(
          route,
          { ...input, query: { ...query, ...(cursor != null && { cursor }) } },
          how,
        );
        yield* page.items;
        cursor = page.next_cursor;
      } while (cursor !== null);
    },
  };
}

const FIRST_WAIT_MS = 500;

async function send<T>(options: ClientOptions, route: string, input: AnyInput, how: CallOptions): Promise<T> {
  const [method = 'GET', template = ''] = route.split(' ');
  const url = addressOf(options, template, input, how.site ?? options.site);
  const init = requestOf(options, method, input.body, how.idempotencyKey);
  const once = method === 'GET' || how.idempotencyKey !== undefined;
  const { retries = 2, longestWaitMs = 30_000 } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await readAnswer(await ask(options, url, init, how.signal));
    } catch (error) {
      const waitMs = waitBefore(attempt, error, once);
      if (how.signal?.aborted || waitMs === null || attempt >= retries || waitMs > longestWaitMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** How long to wait before the request may be repeated; null when it may not. */
function waitBefore(attempt: number, error: unknown, once: boolean): number | null {
  const backOffMs = FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random());
  if (error instanceof NoAnswerError) return once ? backOffMs : null;
  if (!(error instanceof ProblemError)) return null;
  const askedMs = (error.retryAfterSeconds ?? 0) * 1000;
  // Refused before anything was done.
  if (error.code === 'rate_limited') return Math.max(askedMs, backOffMs);
  const passes = [502, 503, 504].includes(error.status);
  return once && passes ? Math.max(askedMs, backOffMs) : null;
}

function addressOf(
  { url }: ClientOptions,
  template: string,
  { path, query }: AnyInput,
  site: string | undefined,
): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path?.[name] ?? ''),
  );
  const search = new URLSearchParams();
  if (site !== undefined) search.set('site', site);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (Array.isArray(value)) for (const one of value) search.append(name, one);
    else if (value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return `${url.replace(/\/+$/, '')}${filled}${text === '' ? '' : `?${text}`}`;
}

function requestOf(
  { key }: ClientOptions,
  method: string,
  body: unknown,
  idempotencyKey: string | undefined,
): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    method,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${key}`,
      ...(body !== undefined && {
        'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json',
      }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: text }),
  };
}

/** One attempt, its answer read within the time. @throws {NoAnswerError} */
async function ask(
  { fetch: ownFetch, timeoutMs = 10_000 }: ClientOptions,
  url: string,
  init: RequestInit,
  signal: AbortSignal | undefined,
): Promise<{ response: Response; text: string }> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await (ownFetch ?? fetch)(url, {
      ...init,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    return { response, text: await response.text() };
  } catch (error) {
    if (signal?.aborted) throw error;
    const why = timeout.aborted ? `no answer within ${timeoutMs} ms` : 'the service cannot be reached';
    throw new NoAnswerError(why, { cause: error });
  }
}

async function readAnswer<T>({ response, text }: { response: Response; text: string }): Promise<T> {
  const data = readJson(response, text);
  if (!response.ok) throw new ProblemError(response, isDocument(data) ? data : {});
  // The document of the API says what this is; the service's tests hold every answer against it.
  return data as T;
}

function readJson(response: Response, text: string): unknown {
  if (text === '') return undefined;
  if (!/^application\/([a-z]+\+)?json\b/.test(response.headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isDocument(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
