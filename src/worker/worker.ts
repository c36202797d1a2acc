/**
 * The Workers entry: the same app, a Service for each request, because a Worker's sockets end with the request that
 * opened them. What holds no socket (configuration, starter filter, log) is made once an isolate.
 *
 * It does not migrate: run `leave-a-reply migrate` with the database's own URL before a deployment.
 */
import starterBytes from '../../models/starter.bin';
import { type Config, ConfigError, readConfig } from '../config.ts';
import type { Model } from '../core/filter/model.ts';
import { parseModel } from '../core/filter/model-format.ts';
import { createApp } from '../http/app.ts';
import { createLog, describeError, type Log } from '../logging.ts';
import { seeToTime } from '../moderation/background/maintenance.ts';
import { deliverCallbacks } from '../moderation/outgoing/akismet-callbacks.ts';
import { deliverDue } from '../moderation/outgoing/webhook-delivery.ts';
import { PseudonymKeyError, requireKnownKeys } from '../moderation/privacy/known-keys.ts';
import { createBackground } from '../node/background.ts';
import type { Asset, Service } from '../service.ts';
import { connectWorker, type Hyperdrive } from '../storage/connection/connect-worker.ts';
import { createWorkerOutgoing } from './outgoing-worker.ts';

/** The bindings of wrangler.toml; the other variables are those of `readConfig`. */
interface Bindings {
  readonly HYPERDRIVE: Hyperdrive;
  readonly ASSETS: { readonly fetch: (request: Request) => Promise<Response> };
  readonly [variable: string]: unknown;
}

/** The part of Workers' execution context that is needed. */
interface ExecutionContext {
  readonly waitUntil: (promise: Promise<unknown>) => void;
}

interface Isolate {
  readonly config: Config;
  readonly log: Log;
  readonly starter: Model;
}

const services = new WeakMap<Request, Service>();
const app = createApp((c) => {
  const service = services.get(c.req.raw);
  if (service === undefined) throw new Error('a request came past the entry');
  return service;
});
let isolate: Isolate | undefined;

export default {
  async fetch(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response> {
    let opened: Opened;
    try {
      opened = open(bindings);
    } catch (error) {
      return answerMisconfigured(error);
    }
    const { service, close } = opened;
    try {
      await requireKeysOnce(service);
    } catch (error) {
      context.waitUntil(close());
      return answerMisconfigured(error);
    }
    services.set(request, service);
    const response = await app.fetch(request);
    const owesMessages = request.method !== 'GET' && response.ok;
    return onceSent(response, () =>
      context.waitUntil((owesMessages ? deliverDue(service) : Promise.resolve()).finally(close)),
    );
  },

  /** By the trigger in wrangler.toml: what nobody asks for but the time that passes. */
  async scheduled(_event: unknown, bindings: Bindings): Promise<void> {
    const { service, close } = open(bindings);
    try {
      await seeToTime(service);
      await deliverDue(service);
      await deliverCallbacks(service);
    } finally {
      await close();
    }
  },
};

interface Opened {
  readonly service: Service;
  /** Waits for the background, then closes the connection. */
  readonly close: () => Promise<void>;
}

/** @throws {ConfigError} */
function open(bindings: Bindings): Opened {
  isolate ??= openIsolate(bindings);
  const background = createBackground(isolate.log);
  const stopping = new AbortController();
  const db = connectWorker(bindings.HYPERDRIVE);
  const service: Service = {
    ...isolate,
    db,
    now: () => new Date(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    readAsset: (name) => readAsset(bindings, name),
    background: background.run,
    sendOutgoing: createWorkerOutgoing(isolate.config),
    trainInThread: null,
    doJobsBeside: null,
    stopping: stopping.signal,
  };
  const close = async () => {
    stopping.abort();
    await background.settled();
    await db.destroy();
  };
  return { service, close };
}

let keysAreKnown = false;

/** Once an isolate, which has one configuration. @throws {PseudonymKeyError} */
async function requireKeysOnce(service: Service): Promise<void> {
  if (keysAreKnown) return;
  try {
    await requireKnownKeys(service.db, service.config.pseudonymKeys, service.now());
    keysAreKnown = true;
  } catch (error) {
    if (error instanceof PseudonymKeyError) throw error;
    // The database is away: the request says so by itself, and the next one asks again.
    service.log.warn('pseudonym-keys-unchecked', describeError(error));
  }
}

function openIsolate(bindings: Bindings): Isolate {
  const variables = Object.entries(bindings).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const config = readConfig({
    ...Object.fromEntries(variables),
    DATABASE_URL: bindings.HYPERDRIVE.connectionString,
  });
  const log = createLog(config.logLevel, (line, level) =>
    console.log(JSON.stringify({ level, time: new Date().toISOString(), ...line })),
  );
  return { config, log, starter: parseModel(new Uint8Array(starterBytes)) };
}

function answerMisconfigured(error: unknown): Response {
  const why = error instanceof ConfigError ? { problems: error.problems } : describeError(error);
  console.log(JSON.stringify({ level: 'error', event: 'misconfigured', ...why }));
  const body = {
    type: 'about:blank',
    title: 'The service is not configured: see its log',
    status: 500,
    code: 'internal',
  };
  return Response.json(body, { status: 500, headers: { 'content-type': 'application/problem+json' } });
}

async function readAsset(bindings: Bindings, name: string): Promise<Asset | null> {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) return null;
  const response = await bindings.ASSETS.fetch(new Request(`https://assets.invalid/${name}`));
  if (!response.ok) return null;
  return {
    body: new Uint8Array(await response.arrayBuffer()),
    contentType: response.headers.get('content-type') ?? 'application/octet-stream',
  };
}

/** The same answer; `sent` is called when its body has gone out or the client has gone away. */
function onceSent(response: Response, sent: () => void): Response {
  if (response.body === null) {
    sent();
    return response;
  }
  const { readable, writable } = new TransformStream();
  response.body.pipeTo(writable).then(sent, sent);
  return new Response(readable, response);
}
