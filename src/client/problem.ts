import type { ProblemCode } from './api-types.ts';

/** One field that is wrong: where (RFC 6901 pointer), a stable code, and what to do about it. */
export interface FieldProblem {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** The service refused a request: an RFC 9457 problem document. Branch on `code`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** The HTTP status. */
  readonly status: number;
  /** `unexpected` for an answer that is no problem document, such as a proxy's. */
  readonly code: ProblemCode | 'unexpected';
  /** For `invalid`: each field and what is wrong with it. */
  readonly errors: readonly FieldProblem[];
  /** How long to wait, when the service says so. */
  readonly retryAfterSeconds: number | null;
  /** What the service's log calls this request. */
  readonly requestId: string | null;
  /** The whole document; further members depend on the code. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(response: Response, document: Readonly<Record<string, unknown>>) {
    super(typeof document.detail === 'string' ? document.detail : `The service answered ${response.status}.`);
    this.status = response.status;
    // The service may know codes that this version of the client does not: they pass as they are.
    this.code = typeof document.code === 'string' ? (document.code as ProblemCode) : 'unexpected';
    this.errors = Array.isArray(document.errors) ? document.errors : [];
    this.retryAfterSeconds = readSeconds(response.headers.get('retry-after'));
    this.requestId = response.headers.get('x-request-id');
    this.document = document;
  }
}

/** No answer came: the network failed, or the time was up. What was asked may have happened or not. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

function readSeconds(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
