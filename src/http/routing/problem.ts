/** Errors as RFC 9457 problem documents with a stable `code`. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type RefusalCode, RefusedError } from '../../moderation/refused-error.ts';

export type ProblemCode =
  | RefusalCode
  | 'bad_request'
  | 'body_incomplete'
  | 'request_timeout'
  | 'headers_too_large'
  | 'bad_json'
  | 'bad_form'
  | 'bad_utf8'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'unsupported_encoding'
  | 'invalid'
  | 'unauthenticated'
  | 'cross_site'
  | 'insecure'
  | 'key_in_query'
  | 'forbidden'
  | 'origin_not_allowed'
  | 'method_not_allowed'
  | 'idempotency_key_invalid'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** One field that is wrong: where (RFC 6901 pointer), a stable code, and what to do about it. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

const problems: Record<ProblemCode, readonly [status: ContentfulStatusCode, title: string]> = {
  bad_request: [400, 'The request cannot be read'],
  body_incomplete: [400, 'The body ended early'],
  bad_json: [400, 'The body is not JSON'],
  bad_form: [400, 'The body is not a form'],
  bad_utf8: [400, 'The body is not UTF-8'],
  idempotency_key_invalid: [400, 'The Idempotency-Key cannot be used'],
  key_in_query: [400, 'A key in the address would be logged everywhere'],
  wrong_password: [401, 'The sign-in is not right'],
  invitation_over: [410, 'The invitation is over'],
  too_many_failures: [429, 'Too many failed attempts'],
  cross_site: [403, 'Asked from another site'],
  insecure: [403, 'This needs https'],
  unauthenticated: [401, 'A valid key is needed'],
  forbidden: [403, 'The key may not do this'],
  origin_not_allowed: [403, 'The key is not for this origin'],
  post_closed: [403, 'The post is closed'],
  proof_of_work_required: [403, 'A proof of work is needed'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'The method is not allowed here'],
  request_timeout: [408, 'The request took too long to arrive'],
  already_decided: [409, 'Decided already'],
  conflict: [409, 'Conflict'],
  duplicate: [409, 'Duplicate comment'],
  gate_unmet: [409, 'The gate is not met'],
  idempotency_key_in_use: [409, 'The first call with this Idempotency-Key still runs'],
  model_not_usable: [409, 'The model cannot be used'],
  not_undoable: [409, 'Cannot be undone'],
  training_running: [409, 'A training runs already'],
  version_conflict: [409, 'The comment has changed'],
  body_too_large: [413, 'The body is too large'],
  unsupported_encoding: [415, 'The content encoding is not supported'],
  unsupported_media_type: [415, 'The media type is not supported'],
  idempotency_key_reused: [422, 'The Idempotency-Key was used for another body'],
  invalid: [422, 'Some fields are not valid'],
  invalid_value: [422, 'A value is not valid'],
  address_refused: [422, 'The service does not send to this address'],
  parent_not_found: [422, 'The parent is not there'],
  reason_required: [422, 'A reason is needed'],
  site_required: [422, 'A site is needed'],
  flood: [429, 'Too quick'],
  headers_too_large: [431, 'The headers are too large'],
  rate_limited: [429, 'The key asks too often'],
  internal: [500, 'The service failed'],
  too_many_listeners: [503, 'Too many listen already'],
  unavailable: [503, 'Try again shortly'],
};

/** The HTTP status of a problem's code. */
export function problemStatus(code: ProblemCode): ContentfulStatusCode {
  return problems[code][0];
}

/** Every code with its status and title, for the API page. */
export const problemCatalogue: Readonly<Record<string, readonly [number, string]>> = problems;

/** A failure that becomes a problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    errors: readonly FieldError[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The problem document of a refusal, as it also stands for one item of a bulk answer. */
export function problemBody(error: ProblemError | RefusedError): Record<string, unknown> {
  const [status, title] = problems[error.code];
  return {
    ...(error instanceof ProblemError ? error.errors.length > 0 && { errors: error.errors } : error.members),
    type: `/docs/problems#${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
  };
}

/** The answer to a failed request. Never echoes the input; `instance` is the request's id. */
export function problemResponse(c: Context, error: ProblemError | RefusedError, requestId: string): Response {
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    ...headersOf(error),
  };
  const body = { ...problemBody(error), instance: requestId };
  return c.body(JSON.stringify(body), problemStatus(error.code), headers);
}

/** What a failure adds to the headers of its answer, such as `retry-after`. */
export function headersOf(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof ProblemError) return error.headers;
  const seconds = error instanceof RefusedError ? error.members.retry_after : undefined;
  return typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {};
}

/** Turns whatever was thrown into a problem: an unreachable database is `unavailable`, all else `internal`. */
export function toProblem(error: unknown): ProblemError | RefusedError {
  if (error instanceof ProblemError || error instanceof RefusedError) return error;
  if (isDatabaseAway(error)) {
    return new ProblemError(
      'unavailable',
      'The database cannot be reached or is overloaded. Repeat the request; with the Idempotency-Key it had, nothing happens twice.',
      [],
      { 'retry-after': '2' },
    );
  }
  if (UNSTORABLE_SQLSTATES.has(codeOf(error))) {
    return new ProblemError(
      'invalid',
      'A value cannot be kept: it holds NUL, or is outside what is possible.',
    );
  }
  return new ProblemError('internal', 'This is a fault of the service. Its log has the request id.');
}

/**
 * What the database refuses of a value: NUL, a text that is none of its type, a number or a date out of range. The
 * schemas refuse these by their field; what none of them has thought of is the caller's all the same.
 */
const UNSTORABLE_SQLSTATES = new Set(['22021', '22P05', '22P02', '22003', '22008', '22009']);

/**
 * SQLSTATE classes: connection, resources, operator intervention, system error; 40: still conflicting after retries;
 * and a server that only reads (a standby after a failover), a lock or a transaction that took too long.
 */
const AWAY_SQLSTATE = /^(08|53|57|58|40|25006|25P0[34]|55P03)/;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN']);
/** What pg says without a code. */
const AWAY_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|connection timeout|Query read timeout|Client has encountered a connection error|PGlite is closed|driver has already been destroyed|Cannot use a pool after calling end/i;

function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true;
  const code = codeOf(error);
  return (
    AWAY_CODES.has(code) ||
    (code.length === 5 && AWAY_SQLSTATE.test(code)) ||
    AWAY_MESSAGE.test(error.message)
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
