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

interface ProblemKind {
  readonly status: ContentfulStatusCode;
  /** The same in every answer with this code. */
  readonly title: string;
  /** What the caller does about it, for the page of problems. */
  readonly remedy: string;
}

const problems: Record<ProblemCode, ProblemKind> = {
  bad_request: {
    status: 400,
    title: 'The request cannot be read',
    remedy: 'Send a well-formed HTTP request.',
  },
  body_incomplete: {
    status: 400,
    title: 'The body ended early',
    remedy: 'Send the request again with its whole body.',
  },
  bad_json: { status: 400, title: 'The body is not JSON', remedy: 'Send one JSON value, encoded as UTF-8.' },
  bad_form: {
    status: 400,
    title: 'The body is not a form',
    remedy: 'Send each field of the form once, percent-encoded.',
  },
  bad_utf8: { status: 400, title: 'The body is not UTF-8', remedy: 'Encode the body as UTF-8.' },
  idempotency_key_invalid: {
    status: 400,
    title: 'The Idempotency-Key cannot be used',
    remedy: 'Use 1 to 255 visible ASCII characters, such as a UUID.',
  },
  key_in_query: {
    status: 400,
    title: 'A key in the address would be logged everywhere',
    remedy: 'Send the key in the Authorization header, and replace it: it may be in logs already.',
  },
  wrong_password: {
    status: 401,
    title: 'E-mail address or password is wrong',
    remedy: 'Check both. An admin can send a new invitation.',
  },
  invitation_over: {
    status: 410,
    title: 'The invitation is no longer valid',
    remedy: 'Ask an admin for a new invitation. It works once, within 7 days.',
  },
  too_many_failures: {
    status: 429,
    title: 'Too many failed attempts',
    remedy: 'Wait for the seconds in Retry-After.',
  },
  cross_site: {
    status: 403,
    title: 'The request came from another site',
    remedy: 'Use the pages of this service, or an API key.',
  },
  insecure: {
    status: 403,
    title: 'This needs https',
    remedy:
      'Open the page over https. Behind a proxy that ends TLS, set TRUSTED_PROXIES and send X-Forwarded-Proto.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid key is needed',
    remedy: 'Send “Authorization: Bearer KEY” with a key that is neither expired nor revoked.',
  },
  forbidden: {
    status: 403,
    title: 'The key may not do this',
    remedy: 'Use a key with the scope that the detail names.',
  },
  origin_not_allowed: {
    status: 403,
    title: 'The key is not for this origin',
    remedy: 'Add the origin of the page to the allowed origins of the key.',
  },
  post_closed: {
    status: 403,
    title: 'The post is closed',
    remedy: 'Open the post with PATCH /v1/posts/{post}, or raise the setting close_after_days.',
  },
  proof_of_work_required: {
    status: 403,
    title: 'A proof of work is needed',
    remedy: 'Fetch a challenge from POST /v1/challenges and send its solution in altcha.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    remedy: 'Check the id and the path. Another site’s resources are not visible to a key.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed here',
    remedy: 'Use a method of the Allow header.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    remedy: 'Send the request again.',
  },
  already_decided: {
    status: 409,
    title: 'Already decided',
    remedy: 'Read the decision in decided. To replace it, send the version you looked at, or undo it.',
  },
  conflict: { status: 409, title: 'Conflict', remedy: 'Read the detail: it names what exists already.' },
  duplicate: {
    status: 409,
    title: 'Duplicate comment',
    remedy: 'The author sent the same text to this post before. Show that it was received.',
  },
  gate_unmet: {
    status: 409,
    title: 'Quality gate not passed',
    remedy: 'Read the findings of the model’s report. With force an admin can activate it nevertheless.',
  },
  model_not_usable: {
    status: 409,
    title: 'The model cannot be used',
    remedy: 'Choose another version, or train again.',
  },
  not_undoable: {
    status: 409,
    title: 'Cannot be undone',
    remedy: 'Only the last decision on a comment can be undone. Decide on it again instead.',
  },
  training_running: {
    status: 409,
    title: 'A training is already running',
    remedy: 'Follow the job that the answer names, or cancel it.',
  },
  version_conflict: {
    status: 409,
    title: 'The comment has changed',
    remedy: 'Read the comment again and decide with its new version.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send fewer bytes than the detail names.',
  },
  unsupported_encoding: {
    status: 415,
    title: 'The content encoding is not supported',
    remedy: 'Send the body without Content-Encoding.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The media type is not supported',
    remedy: 'Set Content-Type as the detail names.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for another body',
    remedy: 'Use a new Idempotency-Key for each comment.',
  },
  invalid: {
    status: 422,
    title: 'Some fields are not valid',
    remedy: 'Correct the fields in errors: each has a pointer and says what to send.',
  },
  invalid_value: {
    status: 422,
    title: 'A value is not valid',
    remedy: 'Read the detail: it names the value and what is possible.',
  },
  address_refused: {
    status: 422,
    title: 'The service does not send to this address',
    remedy: 'Use a public address, or permit the range with OUTGOING_PRIVATE_RANGES.',
  },
  parent_not_found: {
    status: 422,
    title: 'Parent comment not found',
    remedy: 'parent must be the id of a comment on the same post.',
  },
  reason_required: { status: 422, title: 'A reason is needed', remedy: 'Send reason with a rejection.' },
  site_required: {
    status: 422,
    title: 'A site is needed',
    remedy: 'Add ?site=SLUG, because the key is for several sites.',
  },
  flood: {
    status: 429,
    title: 'Commenting too fast',
    remedy: 'Wait for the seconds in Retry-After. The setting flood_seconds is the limit.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    remedy: 'Send fewer or shorter headers.',
  },
  rate_limited: {
    status: 429,
    title: 'The key sends too many requests',
    remedy: 'Wait for the seconds in Retry-After, or raise rate_limit of the key.',
  },
  internal: {
    status: 500,
    title: 'The service failed',
    remedy: 'Report the request id in instance to the operator: the log has the cause.',
  },
  too_many_listeners: {
    status: 503,
    title: 'Too many event streams are open',
    remedy: 'Close unused streams, or poll GET /v1/stats instead.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    remedy: 'Send the request again after Retry-After, with the same Idempotency-Key.',
  },
};

/** The HTTP status of a problem's code. */
export function problemStatus(code: ProblemCode): ContentfulStatusCode {
  return problems[code].status;
}

/** Every code with its status, title and remedy, for the page of problems and docs/problems.md. */
export const problemCatalogue: Readonly<Record<string, ProblemKind>> = problems;

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
  const { status, title } = problems[error.code];
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
      'The database cannot be reached or is overloaded. Send the request again with the same Idempotency-Key: it is stored once.',
      [],
      { 'retry-after': '2' },
    );
  }
  if (UNSTORABLE_SQLSTATES.has(codeOf(error))) {
    return new ProblemError(
      'invalid',
      'A value cannot be stored: it contains a NUL character or is out of range.',
    );
  }
  return new ProblemError(
    'internal',
    'The service has a fault. Its log has the cause under the request id in `instance`.',
  );
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
