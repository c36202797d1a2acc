/** A load generator on raw keep-alive sockets: fetch() alone would cost more than the service it measures. */
import { connect, type Socket } from 'node:net';

export interface Target {
  readonly url: string;
  readonly key: string;
}

export interface Wanted {
  readonly method?: string;
  readonly path: string;
  /** The body of each request; null for none. */
  readonly body?: () => string | null;
  readonly contentType?: string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second, sent whether answers come or not; left out: each connection sends as soon as it was answered. */
  readonly perSecond?: number;
}

export interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Sends requests for some seconds, after one tenth of the time that does not count. */
export async function drive({ url, key }: Target, wanted: Wanted): Promise<Measured> {
  const { hostname, port } = new URL(url);
  const begun = performance.now();
  const countFrom = begun + wanted.seconds * 100;
  const end = countFrom + wanted.seconds * 1000;
  const taken: number[] = [];
  const statuses: Record<string, number> = {};
  const note = (status: string, since: number) => {
    const now = performance.now();
    if (since < countFrom || now > end) return;
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status.startsWith('2')) taken.push(now - since);
  };
  const head =
    `${wanted.method ?? 'POST'} ${wanted.path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n` +
    `authorization: Bearer ${key}\r\ncontent-type: ${wanted.contentType ?? 'application/json'}\r\n`;
  const request = () => {
    const body = wanted.body?.() ?? null;
    return body === null ? `${head}\r\n` : `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
  const due = paced(wanted.perSecond, begun);
  await Promise.all(
    Array.from({ length: wanted.connections }, () =>
      converse(hostname, Number(port), request, { due, end, note }),
    ),
  );
  const sorted = taken.sort((a, b) => a - b);
  const quantile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { perSecond: taken.length / wanted.seconds, p50: quantile(0.5), p99: quantile(0.99), statuses };
}

/** When the next request is due; its latency counts from then, so that a slow answer does not hide the ones behind it. */
function paced(perSecond: number | undefined, begun: number): () => number {
  if (perSecond === undefined) return () => performance.now();
  let sent = 0;
  return () => begun + (sent++ * 1000) / perSecond;
}

interface Course {
  readonly due: () => number;
  readonly end: number;
  readonly note: (status: string, since: number) => void;
}

/** One connection: a request, its answer, the next request. */
async function converse(host: string, port: number, request: () => string, course: Course): Promise<void> {
  const socket = connect(port, host);
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const read = reader(socket);
  for (let due = course.due(); due < course.end; due = course.due()) {
    const early = due - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    socket.write(request());
    course.note(await read(), due);
  }
  socket.destroy();
}

/** Resolves with the status of the next answer. */
function reader(socket: Socket): () => Promise<string> {
  let text = '';
  let wake: ((status: string) => void) | undefined;
  const look = () => {
    const end = text.indexOf('\r\n\r\n');
    if (end < 0 || wake === undefined) return;
    const head = text.slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (/transfer-encoding: chunked/i.test(head)) {
      const over = text.indexOf('\r\n0\r\n\r\n', end);
      if (over < 0) return;
      text = text.slice(over + 7);
    } else {
      if (text.length < end + 4 + length) return;
      text = text.slice(end + 4 + length);
    }
    const give = wake;
    wake = undefined;
    give(head.slice(9, 12));
  };
  // latin1: a character for each byte, so that lengths agree.
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    look();
  });
  socket.on('close', () => wake?.('cut'));
  return () =>
    new Promise((resolve) => {
      wake = resolve;
      look();
    });
}
