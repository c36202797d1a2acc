import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpServer, HTTP_LIMITS } from '../../src/node/http-server.ts';
import { type ListeningApp, listen } from '../support/browser.ts';
import { createTestService, type TestService } from '../support/databases.ts';
import { rawRequest, sendRaw } from '../support/raw-request.ts';
import { createTestSite, submission } from '../support/site.ts';

describe('bytes on a real connection', () => {
  let service: TestService;
  let app: ListeningApp;
  let key: string;
  let auth: string[];
  beforeAll(async () => {
    service = await createTestService('pglite');
    const site = await createTestSite(service);
    key = await site.keyFor(['submit', 'read', 'moderate']);
    auth = [`Authorization: Bearer ${key}`, 'Content-Type: application/json'];
    app = await listen(service);
  });
  afterAll(async () => {
    await app.close();
    await service.close();
  });

  async function countComments(): Promise<number> {
    return (await service.db.selectFrom('comment').select('id').execute()).length;
  }

  const hidden = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
  test.each<[string, () => string]>([
    [
      'a length and a chunked coding',
      () => post(['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`),
    ],
    ['two lengths', () => post(['Content-Length: 4', 'Content-Length: 5'], `{}{}${hidden}`)],
    ['the same length twice', () => post(['Content-Length: 4', 'Content-Length: 4'], `{}{}${hidden}`)],
    ['a list of lengths', () => post(['Content-Length: 4, 4'], `{}{}${hidden}`)],
    ['a signed length', () => post(['Content-Length: +4'], `{}{}${hidden}`)],
    ['a coding after chunked', () => post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${hidden}`)],
    ['a coding that looks like chunked', () => post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${hidden}`)],
    ['a space before the colon', () => post(['Content-Length : 4'], `{}{}${hidden}`)],
    ['a negative chunk', () => post(['Transfer-Encoding: chunked'], `-1\r\n${hidden}`)],
    ['bare line feeds', () => 'GET /livez HTTP/1.1\nHost: x\n\n'],
    ['a bare carriage return', () => 'GET /livez HTTP/1.1\r\nHost: x\rX: y\r\n\r\n'],
    ['a folded header', () => 'GET /livez HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n'],
    ['a NUL in a header', () => 'GET /livez HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n'],
    ['two hosts', () => 'GET /livez HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n'],
    ['no host', () => 'GET /livez HTTP/1.1\r\n\r\n'],
    ['a host that is none', () => 'GET /livez HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n'],
    ['a user before the host', () => 'GET /livez HTTP/1.1\r\nHost: a@b\r\nConnection: close\r\n\r\n'],
    ['a target that is none', () => rawRequest('OPTIONS', '*')],
    ['a TLS handshake', () => '\u0016\u0003\u0001\u0002\u0000\u0001'],
  ])('%s: bad_request, one answer, and the connection ends', async (_what, request) => {
    const before = await countComments();
    const { status, answers, text } = await sendRaw(app.url, request());
    expect([status, answers]).toEqual([400, 1]);
    if (text.includes('problem+json')) expect(text).toContain('"code":"bad_request"');
    expect(await countComments()).toBe(before);
  });

  function post(headers: readonly string[], rest: string): string {
    return ['POST /v1/comments HTTP/1.1', 'Host: x', ...auth, ...headers, '', rest].join('\r\n');
  }

  test('what node:http refuses is a problem document with an id, like every other refusal', async () => {
    const { text } = await sendRaw(app.url, 'GET /livez HTTP/1.1\nHost: x\n\n');
    const body = JSON.parse(text.slice(text.indexOf('{')));
    expect(body).toMatchObject({
      status: 400,
      code: 'bad_request',
      instance: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(text).toMatch(/content-type: application\/problem\+json/i);
  });

  test('100 kB of headers, or an address of 20 kB, are headers_too_large', async () => {
    for (const request of [
      rawRequest('GET', '/livez', [`X: ${'y'.repeat(100_000)}`]),
      rawRequest('GET', `/${'x'.repeat(20_000)}`),
    ]) {
      const { status, text } = await sendRaw(app.url, request);
      expect(status).toBe(431);
      expect(text).toContain('headers_too_large');
    }
  });

  test('an endless chunk extension is cut off', async () => {
    const { status } = await sendRaw(
      app.url,
      post(['Transfer-Encoding: chunked'], `1;${'a'.repeat(60_000)}\r\n{\r\n`),
    );
    expect(status).toBe(413);
  });

  test.each([
    '//v1/comments',
    '//evil.example/',
    '/\\evil.example',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2fpackage.json',
    '/v1/comments%00',
    '/v1/comments/%00',
    '/v1/comments/%E0%A4',
    '/v1/comments/%',
    '/%',
    '/%FF%FE',
    '/v1/comments/;a=b',
    '/v1//comments',
    '/v1/comments/',
    '/V1/COMMENTS',
    '/v1/comments?post=1&post=2',
    '/v1/comments?%00=1',
    '/demo/../v1/queue/x',
    `/${'x'.repeat(16_000)}`,
    'http://evil.example/v1/nothing',
  ])('the address %# fails as a client’s fault, never as the service’s', async (target) => {
    const { status, answers } = await sendRaw(app.url, rawRequest('GET', target, auth));
    expect(answers).toBe(1);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test.each([
    ['of a stated length', [`Content-Length: ${10 * 1024 * 1024}`], (piece: string) => piece],
    [
      'in chunks',
      ['Transfer-Encoding: chunked'],
      (piece: string) => `${piece.length.toString(16)}\r\n${piece}\r\n`,
    ],
  ] as const)('a body of 10 MB %s gets its 413 all the same', async (_how, framing, frame) => {
    const piece = frame('x'.repeat(1024 * 1024));
    const { status, text } = await sendRaw(
      app.url,
      post([...framing, 'Connection: close'], ''),
      ...Array.from({ length: 10 }, () => piece),
    );
    expect(status).toBe(413);
    expect(text).toContain('body_too_large');
  });

  test('a client that goes away in the middle of its body is no fault of the service', async () => {
    const known = service.logged.length;
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write(post(['Content-Length: 400', 'Expect: 100-continue'], ''));
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('{"post"');
    socket.destroy();
    await expect
      .poll(() => service.logged.slice(known).find((line) => line.route === '/v1/comments'))
      .toBeDefined();
    expect(service.logged.slice(known).filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('a body that ends early is body_incomplete', async () => {
    const { client } = await createTestSite(service, 'early');
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    const answer = await client.app.request('/v1/comments', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'body_incomplete' }),
    ]);
  });

  test('a compressed body is refused unread, however small', async () => {
    const { status } = await sendRaw(
      app.url,
      post(['Content-Encoding: gzip', 'Content-Length: 2', 'Connection: close'], '\u001f\u008b'),
    );
    expect(status).toBe(415);
  });

  test('whoever sends a byte now and then is told request_timeout and let go', async () => {
    expect(HTTP_LIMITS.requestMs + HTTP_LIMITS.checkMs).toBeLessThanOrEqual(60_000);
    const { server } = createHttpServer(service, {
      headersMs: 200,
      requestMs: 400,
      keepAliveMs: 200,
      checkMs: 50,
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    for (const begun of [
      'POST /v1/comments HTTP/1.1\r\nHost: x\r\n',
      post(['Content-Length: 400'], '{"post"'),
    ]) {
      const { status, text } = await sendRaw(url, begun);
      expect(status).toBe(408);
      expect(text).toContain('request_timeout');
    }
    await new Promise((resolve) => server.close(resolve));
  });

  test('after all of this it still takes a comment', async () => {
    const body = JSON.stringify(submission());
    const { status } = await sendRaw(
      app.url,
      post([`Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'], body),
    );
    expect(status).toBe(201);
  });
});
