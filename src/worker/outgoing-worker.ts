/**
 * Outgoing requests on Workers. `fetch` does not tell which address it connects to, so a name can be checked but not
 * where it leads; what keeps a request out of a private network there is that Cloudflare's edge has no way into one.
 */
import type { Config } from '../config.ts';
import { findUrlFault } from '../core/network-address.ts';
import {
  OUTGOING_BODY_BYTES,
  OUTGOING_MS,
  type OutgoingAnswer,
  OutgoingError,
  type SendOutgoing,
} from '../outgoing.ts';

export function createWorkerOutgoing({
  outgoingPrivateRanges: allowed,
}: Pick<Config, 'outgoingPrivateRanges'>): SendOutgoing {
  return async ({ url, method, headers, body }) => {
    const fault = findUrlFault(url, allowed);
    if (fault !== null) throw new OutgoingError('address_refused', fault);
    const signal = AbortSignal.timeout(OUTGOING_MS);
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal,
        ...(body !== undefined && { body }),
      });
      return await readAnswer(response);
    } catch {
      if (signal.aborted)
        throw new OutgoingError('timed_out', `No whole answer within ${OUTGOING_MS / 1000} s.`);
      throw new OutgoingError('unreachable', 'The address cannot be reached.');
    }
  };
}

async function readAnswer(response: Response): Promise<OutgoingAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader && size < OUTGOING_BODY_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
  }
  await reader?.cancel();
  const body = Buffer.concat(chunks).subarray(0, OUTGOING_BODY_BYTES).toString('utf8');
  return { status: response.status, headers: response.headers, body };
}
