/** A request that is repeated with the same Idempotency-Key happens once and is answered alike for a day. */
import { createHmac } from 'node:crypto';
import type { PseudonymKey } from '../../config.ts';
import type { Service } from '../../service.ts';
import { deleteReservation, findReservation, releaseKey, reserveKey } from '../../storage/idempotency.ts';
import type { KeptAnswer } from '../../storage/submissions.ts';
import { ANSWER_KEPT_MS } from '../../storage/trim.ts';
import { purposeKey } from '../privacy/seal.ts';
import { RefusedError } from '../refused-error.ts';

export interface IdempotentCall {
  readonly keyId: string;
  readonly idempotencyKey: string;
  /** What must be the same when it is repeated: the whole request, with the addresses in clear. */
  readonly content: string;
}

export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly body: string;
}

/** What is to be stored with what is answered, either both or neither; undefined: nothing is to be kept. */
export type KeepAnswer = (answer: Answer) => KeptAnswer | undefined;

/** A first call that has not answered for this long was lost with its process. */
const LOST_MS = 60_000;

/**
 * Runs `work`, or answers as it did the first time. `work` gets a function that says what to store with what it answers.
 * A failure gives the key back.
 *
 * @throws {RefusedError} `idempotency_key_reused` for another body, `idempotency_key_in_use` while the first runs.
 */
export async function runOnce(
  service: Service,
  call: IdempotentCall | null,
  work: (keep: KeepAnswer) => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  if (call === null) return { ...(await work(() => undefined)), replayed: false };
  const kept = await reserve(service, call);
  if (kept) return { ...kept, replayed: true };
  try {
    const { keyId, idempotencyKey } = call;
    return { ...(await work((answer) => ({ keyId, idempotencyKey, ...answer }))), replayed: false };
  } catch (error) {
    await releaseKey(service.db, call.keyId, call.idempotencyKey);
    throw error;
  }
}

async function reserve(service: Service, call: IdempotentCall): Promise<Answer | null> {
  const { keyId, idempotencyKey, content } = call;
  const fingerprints = service.config.pseudonymKeys.map((key) => fingerprintOf(key, content));
  const [fingerprint] = fingerprints;
  if (fingerprint === undefined) throw new Error('an Idempotency-Key needs a pseudonym key');
  const now = service.now();
  if (await reserveKey(service.db, keyId, idempotencyKey, fingerprint, now)) return null;
  const found = await findReservation(service.db, keyId, idempotencyKey);
  if (!found) return await reserve(service, call);
  const age = now.getTime() - found.created_at.getTime();
  if (age > ANSWER_KEPT_MS || (found.status === null && age > LOST_MS)) {
    await deleteReservation(service.db, keyId, idempotencyKey, found.created_at);
    return await reserve(service, call);
  }
  if (!fingerprints.includes(found.fingerprint)) {
    throw new RefusedError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another body: take a new one.',
    );
  }
  if (found.status === null || found.body === null) {
    throw new RefusedError(
      'idempotency_key_in_use',
      'The first call with this key still runs: repeat this one shortly.',
      {
        retry_after: 1,
      },
    );
  }
  return { status: found.status, location: found.location, body: found.body };
}

/** Keyed: a plain hash of a body whose comment is public would tell the addresses in it to whoever tries addresses. */
function fingerprintOf(key: PseudonymKey, content: string): string {
  return `${key.kid}:${createHmac('sha256', purposeKey(key, 'idempotency')).update(content).digest('base64url')}`;
}
