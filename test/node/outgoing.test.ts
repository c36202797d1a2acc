import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNodeOutgoing, type Resolve } from '../../src/node/outgoing-node.ts';
import { OUTGOING_BODY_BYTES, type OutgoingRequest, type SendOutgoing } from '../../src/outgoing.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const permitting = createNodeOutgoing({ outgoingPrivateRanges: ['127.0.0.0/8'] });
const strict = createNodeOutgoing({ outgoingPrivateRanges: [] });

function get(url: string): OutgoingRequest {
  return { url, method: 'GET', headers: {} };
}

/** The name leads to these addresses, one list for each time it is asked for. */
function leadingTo(...answers: readonly (readonly string[])[]): { resolve: Resolve; asked: () => number } {
  let count = 0;
  return {
    resolve: (_, done) => {
      const addresses = answers[Math.min(count, answers.length - 1)] ?? [];
      count += 1;
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
    asked: () => count,
  };
}

async function failureOf(send: SendOutgoing, url: string): Promise<unknown> {
  return await send(get(url)).then(
    ({ status }) => status,
    (error) => error.code,
  );
}

describe('a request that the service sends', () => {
  test('arrives with method, headers and body, and its answer comes back', async () => {
    receiver.answer((response) => response.writeHead(202, { 'retry-after': '7' }).end('välkommen'));
    const before = receiver.received.length;
    const answer = await permitting({
      url: `${receiver.url}/hook?x=1`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-own': 'yes' },
      body: '{"name":"Zoë"}',
    });
    expect([answer.status, answer.headers.get('retry-after'), answer.body]).toEqual([202, '7', 'välkommen']);
    expect(receiver.received[before]).toMatchObject({
      method: 'POST',
      path: '/hook?x=1',
      headers: { 'content-type': 'application/json', 'x-own': 'yes', 'content-length': '15' },
      body: '{"name":"Zoë"}',
    });
  });

  test('does not reach this machine unless the operator permits it', async () => {
    const before = receiver.received.length;
    expect(await failureOf(strict, `${receiver.url}/`)).toBe('address_refused');
    expect(await failureOf(strict, `http://localhost:${receiver.port}/`)).toBe('address_refused');
    expect(await failureOf(strict, `http://[::ffff:127.0.0.1]:${receiver.port}/`)).toBe('address_refused');
    expect(receiver.received.length).toBe(before);
  });

  test('does not reach it by a name that leads here, nor by one that also leads elsewhere', async () => {
    const before = receiver.received.length;
    for (const addresses of [['127.0.0.1'], ['::1'], ['::ffff:7f00:1'], ['1.1.1.1', '127.0.0.1'], []]) {
      const { resolve } = leadingTo(addresses);
      const send = createNodeOutgoing({ outgoingPrivateRanges: [] }, resolve);
      const expected = addresses.length === 0 ? 'unreachable' : 'address_refused';
      expect(await failureOf(send, `http://news.example:${receiver.port}/`)).toBe(expected);
    }
    expect(receiver.received.length).toBe(before);
  });

  test('goes to the addresses that were checked: a name that changes in between is not asked again', async () => {
    receiver.answer((response) => response.writeHead(204).end());
    const before = receiver.received.length;
    const { resolve, asked } = leadingTo(['127.0.0.1'], ['127.0.0.2']);
    const send = createNodeOutgoing({ outgoingPrivateRanges: ['127.0.0.1/32'] }, resolve);
    expect(await failureOf(send, `http://news.example:${receiver.port}/`)).toBe(204);
    expect(asked()).toBe(1);
    expect(await failureOf(send, `http://news.example:${receiver.port}/`)).toBe('address_refused');
    expect(receiver.received.length).toBe(before + 1);
  });

  test('does not follow a redirect', async () => {
    receiver.answer((response) => response.writeHead(302, { location: `${receiver.url}/inside` }).end());
    const before = receiver.received.length;
    const { status } = await permitting(get(`${receiver.url}/outside`));
    expect(status).toBe(302);
    expect(receiver.received.slice(before).map(({ path }) => path)).toEqual(['/outside']);
  });

  test('is over after 5 s when nothing comes, and when one byte comes after the other', async () => {
    const dripping = new Set<NodeJS.Timeout>();
    receiver.answer((response, { path }) => {
      if (path === '/drip') dripping.add(setInterval(() => response.write('.'), 300));
    });
    const failures = await Promise.all(
      ['/hang', '/drip'].map((path) => failureOf(permitting, `${receiver.url}${path}`)),
    );
    for (const timer of dripping) clearInterval(timer);
    expect(failures).toEqual(['timed_out', 'timed_out']);
  });

  test('reads no more than the cap of an answer without end', async () => {
    receiver.answer((response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', more).on('error', () => undefined);
      more();
    });
    const { body } = await permitting(get(`${receiver.url}/`));
    expect(body.length).toBe(OUTGOING_BODY_BYTES);
  });

  test('that nobody answers says so, and one to no TLS server, too', async () => {
    const closed = await startReceiver();
    await closed.close();
    expect(await failureOf(permitting, closed.url)).toBe('unreachable');
    expect(await failureOf(permitting, `https://127.0.0.1:${receiver.port}/`)).toMatch(
      /tls_failed|unreachable/,
    );
  });
});
