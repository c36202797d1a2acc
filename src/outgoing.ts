/** Requests that the service sends to addresses that others named. Each entry gives the one function that does. */

export interface OutgoingRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutgoingAnswer {
  /** A redirect is an answer like others: it is not followed. */
  readonly status: number;
  readonly headers: Headers;
  /** The first {@link OUTGOING_BODY_BYTES} of it, decoded as UTF-8. */
  readonly body: string;
}

/**
 * Sends one request, without following redirects, and reads its answer: {@link OUTGOING_MS} in all.
 *
 * @throws {OutgoingError} when there is no answer.
 */
export type SendOutgoing = (request: OutgoingRequest) => Promise<OutgoingAnswer>;

/** From the look-up of the name to the last byte that is read. */
export const OUTGOING_MS = 5_000;
export const OUTGOING_BODY_BYTES = 64 * 1024;

/**
 * `address_refused`: the address is, or its name leads to, one that the service may not talk to; `timed_out`: no whole
 * answer in time; `tls_failed`: the certificate is not good; `unreachable`: all else.
 */
export type OutgoingFailure = 'address_refused' | 'timed_out' | 'tls_failed' | 'unreachable';

/** A request went unanswered. The message is fit to be shown to whoever named the address. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly code: OutgoingFailure;

  constructor(code: OutgoingFailure, message: string) {
    super(message);
    this.code = code;
  }
}
