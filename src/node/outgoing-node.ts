/** Outgoing requests on Node: what is checked is the address that is connected to, at the moment it is. */
import { type LookupAddress, lookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Config } from '../config.ts';
import { findUrlFault, isPublicAddress } from '../core/network-address.ts';
import {
  OUTGOING_BODY_BYTES,
  OUTGOING_MS,
  type OutgoingAnswer,
  OutgoingError,
  type OutgoingRequest,
  type SendOutgoing,
} from '../outgoing.ts';

/** How a name is looked up; the system's resolver unless a test puts another in its place. */
export type Resolve = (
  hostname: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const resolveBySystem: Resolve = (hostname, done) =>
  lookup(hostname, { all: true }, (error, addresses) => done(error, addresses ?? []));

/**
 * The sender of a Node process. A name is looked up once and the connection goes to the very addresses that were
 * checked, so that a name that leads elsewhere a moment later (DNS rebinding) gains nothing.
 */
export function createNodeOutgoing(
  { outgoingPrivateRanges: allowed }: Pick<Config, 'outgoingPrivateRanges'>,
  resolve: Resolve = resolveBySystem,
): SendOutgoing {
  const lookupPublic = createLookup(allowed, resolve);
  return async (request) => {
    const fault = findUrlFault(request.url, allowed);
    if (fault !== null) throw new OutgoingError('address_refused', fault);
    // Not AbortSignal.timeout(): its timer would not keep a process alive that waits for nothing else.
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), OUTGOING_MS);
    try {
      return await exchange(request, lookupPublic, abort.signal);
    } catch (error) {
      throw explain(error, abort.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  };
}

function createLookup(allowed: readonly string[], resolve: Resolve): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses;
      if (error || !first) return done(error ?? new Error('the name has no address'), '', 0);
      // One private address among public ones is no accident either.
      if (addresses.some(({ address }) => !isPublicAddress(address, allowed))) {
        const message = 'The name leads to an address that is not on the public Internet.';
        return done(new OutgoingError('address_refused', message), '', 0);
      }
      if (options.all) return done(null, [...addresses]);
      done(null, first.address, first.family);
    });
  };
}

function exchange(
  { url, method, headers, body }: OutgoingRequest,
  lookupPublic: LookupFunction,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const send = new URL(url).protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(
      url,
      {
        method,
        headers: { ...headers, ...(bytes && { 'content-length': bytes.length }) },
        // A connection of its own: a kept one would have been checked for another moment.
        agent: false,
        lookup: lookupPublic,
        signal,
      },
      (response) => readAnswer(response).then(resolve, reject),
    );
    request.once('error', reject);
    request.end(bytes);
  });
}

async function readAnswer(response: IncomingMessage): Promise<OutgoingAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= OUTGOING_BODY_BYTES) break;
  }
  response.destroy();
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const body = Buffer.concat(chunks).subarray(0, OUTGOING_BODY_BYTES).toString('utf8');
  return { status: response.statusCode ?? 0, headers, body };
}

function explain(error: unknown, late: boolean): OutgoingError {
  if (error instanceof OutgoingError) return error;
  if (late) return new OutgoingError('timed_out', `No whole answer within ${OUTGOING_MS / 1000} s.`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SSL|TLS|ALTNAME|EPROTO/.test(code))
    return new OutgoingError('tls_failed', `TLS could not be agreed on (${code}).`);
  return new OutgoingError('unreachable', `The address cannot be reached (${code || 'no answer'}).`);
}
