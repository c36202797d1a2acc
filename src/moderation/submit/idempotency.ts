/** A request that is repeated with the same Idempotency-Key happens once and is answered alike for a day. */
import { createHmac } from 'node:crypto';
import type { PseudonymKey } from '../../config.ts';
import type { Service } from '../../service.ts';
import type { Answer, KeptAnswer, RepeatableRequest } from '../../storage/submissions.ts';
import { ANSWER_KEPT_MS } from '../../storage/trim.ts';
import { purposeKey } from '../privacy/seal.ts';
import { RefusedError } from '../refused-error.ts';
import type { CheckResult } from './check-result.ts';

/** A request that may be repeated. */
export interface IdempotentCall extends RepeatableRequest {
  /** What must be the same when it is repeated: the whole request, with the addresses in clear. */
  readonly content: string;
  readonly answerTo: (result: CheckResult) => Answer;
}

/** The same without what it says. */
export interface Repeatable extends RepeatableRequest {
  /** Of its content under every live key, newest first. */
  readonly fingerprints: readonly string[];
  readonly answerTo: (result: CheckResult) => Answer;
}

/** The request was answered before; nothing is stored. */
export class RepeatedError extends Error {
  override readonly name = 'RepeatedError';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('this request was answered before');
    this.answer = answer;
  }
}

export function toRepeatable(service: Service, { content, ...call }: IdempotentCall): Repeatable {
  return { ...call, fingerprints: service.config.pseudonymKeys.map((key) => fingerprintOf(key, content)) };
}

/**
 * Refuses to check again what was answered.
 *
 * @throws {RepeatedError} with the answer
 * @throws {RefusedError} `idempotency_key_reused` when another request had the key
 */
export function refuseRepeated({ fingerprints }: Repeatable, kept: KeptAnswer | null, now: Date): void {
  if (kept === null || now.getTime() - kept.at.getTime() > ANSWER_KEPT_MS) return;
  if (fingerprints.includes(kept.fingerprint)) throw new RepeatedError(kept.answer);
  throw new RefusedError(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another body: take a new one.',
  );
}

export function keepAnswer(
  { keyId, idempotencyKey, fingerprints, answerTo }: Repeatable,
  result: CheckResult,
  at: Date,
): RepeatableRequest & KeptAnswer {
  const [fingerprint] = fingerprints;
  if (fingerprint === undefined) throw new Error('an Idempotency-Key needs a pseudonym key');
  return { keyId, idempotencyKey, fingerprint, answer: answerTo(result), at };
}

/** Keyed: a plain hash of a body whose comment is public would tell the addresses in it to whoever tries addresses. */
function fingerprintOf(key: PseudonymKey, content: string): string {
  return `${key.kid}:${createHmac('sha256', purposeKey(key, 'idempotency')).update(content).digest('base64url')}`;
}
