/** Bytes to a port and whatever comes back, for requests that no HTTP client would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  readonly text: string;
  /** How many answers came: two mean that one request was taken for two. */
  readonly answers: number;
}

/** Sends the parts one after the other and reads until the server ends the connection. */
export function sendRaw(url: string, ...parts: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname);
    // The server may close while there is still something to send: what it answered counts.
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () =>
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
        text,
        answers: [...text.matchAll(/^HTTP\/1\.1 /gm)].length,
      }),
    );
    const [first = '', ...later] = parts;
    socket.write(first);
    const next = () => {
      const part = later.shift();
      if (part !== undefined && !socket.destroyed) socket.write(part, next);
    };
    next();
  });
}

/** A request with `Connection: close`, so that the answer's end is the connection's. */
export function rawRequest(
  method: string,
  target: string,
  headers: readonly string[] = [],
  body = '',
): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', body].join('\r\n');
}
