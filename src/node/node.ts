/** The Node entry: one HTTP server over one Service. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { describeError, type Log } from '../logging.ts';
import { ensureFirstAdminKey } from '../moderation/access/keys.ts';
import { doJobs } from '../moderation/background/job-kinds.ts';
import { seeToTime, takeUpWork } from '../moderation/background/maintenance.ts';
import { deliverCallbacks } from '../moderation/outgoing/akismet-callbacks.ts';
import { deliverDue } from '../moderation/outgoing/webhook-delivery.ts';
import { ensureDefaultSite } from '../moderation/site/sites.ts';
import type { Service } from '../service.ts';
import { neverTwice } from './background.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { type OpenService, openService, StartError, within } from './open-service.ts';

/** A stop is over in 10 s: requests get the first 7, background work the next 2, closing the database what is left. */
const REQUEST_GRACE_SECONDS = 7;
const BACKGROUND_GRACE_SECONDS = 2;
/** Requests that were on their way when the stop began are still answered, and their clients told to go. */
const LAST_REQUESTS_MS = 200;
/** A request that began and whose body does not come must not delay the rest for longer. */
const LONGEST_QUIET_MS = 1_000;
/** A database that is silent may keep its connections open for ever: then the process ends without its goodbye. */
const STOP_SECONDS = 9.5;

export interface RunningServer {
  readonly service: Service;
  /** Where it listens, e.g. `http://127.0.0.1:8787`; an address that means "all" is shown as this machine's own. */
  readonly url: string;
  /** The first admin key of a new database, to be shown once; else null. */
  readonly firstAdminKey: string | null;
  /** Stops accepting, answers what runs, closes the database: under 10 s. False when something had to be cut off. */
  readonly stop: () => Promise<boolean>;
}

/**
 * Opens the service and listens.
 *
 * @param onLockLost told when another process may have taken DATA_DIR: end at once.
 * @throws {StartError} when the port is taken, and what {@link openService} throws.
 */
export async function startServer(config: Config, log: Log, onLockLost: () => void): Promise<RunningServer> {
  const opened = await openService(config, log, onLockLost);
  let listening: Server | undefined;
  try {
    await ensureDefaultSite(opened.service);
    await takeUpWork(opened.service);
    const http = createHttpServer(opened.service);
    const { server } = http;
    await listen(server, config);
    listening = server;
    // Not before the port is ours: a key that is stored by a start that fails is never shown, and never made again.
    const firstAdminKey = await ensureFirstAdminKey(opened.service);
    const url = urlOf(server.address() as AddressInfo);
    await opened.announce(url);
    repeat(opened.service, JOB_POLL_MS, doJobs);
    repeat(opened.service, WEBHOOK_POLL_MS, deliverDue);
    repeat(opened.service, JOB_POLL_MS, deliverCallbacks);
    repeat(opened.service, TIME_POLL_MS, seeToTime);
    log.info('listening', { address: url, pid: process.pid });
    return {
      service: opened.service,
      url,
      firstAdminKey,
      stop: once(() => stopInTime(stop(http, opened, log), log)),
    };
  } catch (error) {
    listening?.close();
    listening?.closeAllConnections();
    await opened.close(0);
    throw error;
  }
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explainListenError(error, config)));
    server.listen(config.port, config.host, () => resolve());
  });
}

function explainListenError(error: NodeJS.ErrnoException, { host, port }: Config): Error {
  const remedies: ReadonlyMap<string, string> = new Map(
    Object.entries({
      EADDRINUSE: `port ${port} on ${host} is in use: stop what listens there, or choose another with PORT`,
      EACCES: `port ${port} on ${host} may not be used by this user: choose one above 1023 with PORT`,
      EADDRNOTAVAIL: `this machine has no address ${host}: correct HOST (0.0.0.0 listens on all)`,
      ENOTFOUND: `the name ${host} is unknown: correct HOST (0.0.0.0 listens on all)`,
    }),
  );
  const remedy = remedies.get(error.code ?? '');
  return remedy === undefined ? error : new StartError(remedy);
}

function urlOf({ address, port, family }: AddressInfo): string {
  const reachable = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${family === 'IPv6' ? `[${reachable}]` : reachable}:${port}`;
}

async function stopInTime(stopped: Promise<boolean>, log: Log): Promise<boolean> {
  if (await within(stopped, STOP_SECONDS)) return await stopped;
  log.error('stop-cut-short', { pid: process.pid });
  return false;
}

async function stop(http: HttpServer, opened: OpenService, log: Log): Promise<boolean> {
  const { server, answering } = http;
  log.info('stopping', { pid: process.pid });
  opened.beginStop();
  // A keep-alive client that is told so does not send its next request into a connection that is about to close.
  for (const response of answering) if (!response.headersSent) response.setHeader('connection', 'close');
  const goOn = http.hold();
  await untilQuiet(http);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  goOn();
  // A connection that becomes idle while the server closes would otherwise wait for its keep-alive to run out.
  const sweep = setInterval(() => setImmediate(() => server.closeIdleConnections()), 50);
  const drained = await within(closed, REQUEST_GRACE_SECONDS);
  clearInterval(sweep);
  if (!drained) {
    log.warn('requests-cut-short');
    server.closeAllConnections();
  }
  try {
    await opened.close(BACKGROUND_GRACE_SECONDS);
  } catch (error) {
    log.error('close-failed', describeError(error));
    return false;
  }
  log.info('stopped', { pid: process.pid });
  return drained;
}

/**
 * Waits for a moment in which no request lies unread. While PGlite had the thread, requests and connections piled up in
 * the kernel, and closing lost them (14 to 24 of 72): new requests are held meanwhile, so that the thread is free to read.
 */
async function untilQuiet({ isQuiet }: HttpServer): Promise<void> {
  for (let waited = 0; waited < LAST_REQUESTS_MS || (waited < LONGEST_QUIET_MS && !isQuiet()); waited += 20) {
    await wait(20);
  }
  // Behind the reading of what has arrived.
  await new Promise((resolve) => setImmediate(resolve));
}

/** Jobs and callbacks that a lost process left, or that are due again, are found within this time. */
const JOB_POLL_MS = 5_000;
/** An event is on its way to its webhooks within this time. */
const WEBHOOK_POLL_MS = 1_000;
/** What nobody does but the time that passes, such as a comment that has waited too long, is noticed within this time. */
const TIME_POLL_MS = 30_000;

/** Does work again and again until the service stops, never twice at once. */
function repeat(service: Service, everyMs: number, work: (service: Service) => Promise<unknown>): void {
  const look = neverTwice(service.background, () => work(service));
  const timer = setInterval(look, everyMs);
  timer.unref();
  service.stopping.addEventListener('abort', () => clearInterval(timer));
  look();
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
