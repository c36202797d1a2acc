/** The app on node:http, with what node:http leaves open: limits of time, ambiguous requests, errors that say why. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createId } from '../core/id.ts';
import { createApp } from '../http/app.ts';
import { ProblemError, problemBody } from '../http/routing/problem.ts';
import type { Service } from '../service.ts';
import { whileAnswering } from './training/requests-in-flight.ts';

export interface HttpLimits {
  /** A request's headers have to be there within this time. */
  readonly headersMs: number;
  /** And all of it within this one: a client that sends a byte a second must not hold a connection for good. */
  readonly requestMs: number;
  readonly keepAliveMs: number;
  /** How often connections are held against the limits. */
  readonly checkMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersMs: 15_000,
  requestMs: 30_000,
  keepAliveMs: 20_000,
  checkMs: 5_000,
};

export interface HttpServer {
  readonly server: Server;
  /** The answers that are not finished. */
  readonly answering: ReadonlySet<ServerResponse>;
  /** Lets requests that come from now on wait, until the function that it returns is called. */
  readonly hold: () => () => void;
  /** Whether every answer that is not finished waits in {@link hold}. */
  readonly isQuiet: () => boolean;
}

/** A server that is not listening yet. What node:http refuses by itself is answered as a problem document, too. */
export function createHttpServer(service: Service, limits: HttpLimits = HTTP_LIMITS): HttpServer {
  const app = createApp(() => service);
  const respond = getRequestListener((...request) => whileAnswering(() => app.fetch(...request)), {
    errorHandler: (error) => answerUnreadable(service, error),
  });
  const answering = new Set<ServerResponse>();
  const held = new Map<ServerResponse, () => void>();
  let holding = false;
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    (request, response) => {
      if (service.stopping.aborted) response.setHeader('connection', 'close');
      answering.add(response);
      response.once('close', () => {
        answering.delete(response);
        held.delete(response);
      });
      if (hasSeveralHosts(request)) return refuse(service, response);
      if (!holding) return respond(request, response);
      held.set(response, () => void respond(request, response));
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    answerBroken(service, error, socket),
  );
  const hold = () => {
    holding = true;
    return () => {
      holding = false;
      for (const begin of held.values()) begin();
      held.clear();
    };
  };
  return { server, answering, hold, isQuiet: () => answering.size === held.size };
}

/** node:http takes the first of two Host headers; a proxy before it may have taken the second. */
function hasSeveralHosts({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length > 1;
}

const UNREADABLE = new ProblemError('bad_request', 'Send a well-formed HTTP/1.1 request.');

function refuse(service: Service, response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/problem+json', connection: 'close' });
  response.end(documentOf(service, UNREADABLE));
}

/** A Host or a target that makes no address. The app itself never throws. */
function answerUnreadable(service: Service, error: unknown): Response {
  const unreadable = error instanceof Error && error.name === 'RequestError';
  const problem = unreadable ? UNREADABLE : new ProblemError('internal', 'This is a fault of the service.');
  return new Response(documentOf(service, problem), {
    status: unreadable ? 400 : 500,
    headers: { 'content-type': 'application/problem+json', connection: 'close' },
  });
}

const BROKEN: ReadonlyMap<string, readonly [reason: string, problem: ProblemError]> = new Map(
  Object.entries({
    HPE_HEADER_OVERFLOW: [
      '431 Request Header Fields Too Large',
      new ProblemError('headers_too_large', 'Address and headers may have 16 KiB together.'),
    ],
    HPE_CHUNK_EXTENSIONS_OVERFLOW: [
      '413 Payload Too Large',
      new ProblemError('body_too_large', 'The body’s framing is larger than the body.'),
    ],
    ERR_HTTP_REQUEST_TIMEOUT: [
      '408 Request Timeout',
      new ProblemError('request_timeout', 'The request did not arrive in time: send it again.'),
    ],
  }),
);

/** Bytes that are no request, or none in time: one answer, and the connection ends, for where the next begins is unknown. */
function answerBroken(service: Service, error: NodeJS.ErrnoException, socket: Socket): void {
  const begun = '_httpMessage' in socket && (socket._httpMessage as ServerResponse | null)?.headersSent;
  if (!socket.writable || begun) {
    socket.destroy();
    return;
  }
  const [reason, problem] = BROKEN.get(error.code ?? '') ?? ['400 Bad Request', UNREADABLE];
  service.log.info('request-unreadable', { status: Number(reason.slice(0, 3)), errorCode: error.code });
  const body = documentOf(service, problem);
  const headers = `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.write(`HTTP/1.1 ${reason}\r\n${headers}\r\n\r\n${body}`);
  socket.destroySoon();
}

function documentOf(service: Service, problem: ProblemError): string {
  const requestId = createId(service.now().getTime(), service.random(10));
  return JSON.stringify({ ...problemBody(problem), instance: requestId });
}
