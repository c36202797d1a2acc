/** A wire to a server that a test can cut or freeze: what a network and a dying machine do, to a real PostgreSQL. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { findFreePort } from './postgres-server.ts';

export interface TcpProxy {
  /** The URL it was made for, by way of the proxy. */
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  readonly cut: () => Promise<void>;
  /** Keeps every connection, and passes nothing on; new ones are taken and not answered. */
  readonly freeze: () => void;
  /** All is well again. */
  readonly mend: () => Promise<void>;
}

export async function createTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const port = await findFreePort();
  const sockets = new Set<Socket>();
  let frozen = false;
  const accept = (near: Socket) => {
    const far = connect(Number(targetPort), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (chunk) => to.write(chunk));
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (frozen) from.pause();
    }
  };
  let server = await listen(port, accept);
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: url.href,
    cut,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    mend: async () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
      if (!server.listening) server = await listen(port, accept);
    },
  };
}

function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
