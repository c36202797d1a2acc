/**
 * Opens the way to the data: over HTTP when a service runs on the DATA_DIR (two processes there would lose rows),
 * else by opening the database itself and calling the same app in this process. Both ways speak the public API.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { z } from 'zod';
import { type Config, readConfig } from '../config.ts';
import { neverTwice } from '../node/background.ts';
import { createNodeLog } from '../node/logging-node.ts';
import { DataDirInUseError, findLiveOwner } from '../storage/connection/data-dir-lock.ts';
import { explainError } from './explain-error.ts';

export interface Door {
  /** `the service at http://…` or `the database`, for messages. */
  readonly where: string;
  /**
   * Calls the API and reads the answer as `schema`. A body of bytes is sent as it is, any other as JSON.
   *
   * @throws {CallError} for an answer that is no success.
   */
  readonly call: <T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown) => Promise<T>;
  /**
   * The body of an answer as it comes; a pause of a minute between two pieces of it breaks it off.
   *
   * @throws {CallError} for an answer that is no success.
   */
  readonly stream: (path: string) => Promise<AsyncIterable<Uint8Array>>;
  /** Begins the jobs that wait, unless it is at it; null where a service does them. */
  readonly doJobs: (() => void) | null;
  readonly close: () => Promise<void>;
}

/** The API said no; `code` is the problem's stable code, `job` the one that stands in the way, if one does. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: number;
  readonly code: string;
  readonly job: string | undefined;

  constructor(status: number, code: string, message: string, job?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.job = job;
  }
}

export interface DoorOptions {
  /** An admin key for a running service; `ADMIN_API_KEY` when not given. */
  readonly key?: string;
}

const CALL_TIMEOUT_MS = 60_000;

const KEY_REFUSED =
  'the service refused this key. Give an admin key of this service with --key or ADMIN_API_KEY. If it is lost, see docs/lost-admin-key.md';

const problem = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  job: z.string().optional(),
});

/** Adds `--key` to a command that opens a {@link Door}. */
export function addDoorOptions(command: Command): Command {
  return command.option(
    '--key <key>',
    'an admin key, for when a service runs on the DATA_DIR (default: ADMIN_API_KEY)',
  );
}

/** Opens the way to the data. Close it in the end. */
export async function openDoor(config: Config, options: DoorOptions): Promise<Door> {
  const owner = config.databaseUrl === undefined ? await findLiveOwner(config.dataDir) : null;
  if (owner === null) return await openDatabaseDoor(config);
  if (owner.url === null) throw new DataDirInUseError(config.dataDir, owner);
  const key = options.key ?? config.adminApiKey;
  if (key === undefined) {
    throw new Error(
      `a service runs on ${config.dataDir} (process ${owner.pid}, ${owner.url}), and this command goes through it: ` +
        'give an admin key with --key or ADMIN_API_KEY, or stop the service',
    );
  }
  return openHttpDoor(owner.url, key);
}

function openHttpDoor(url: string, key: string): Door {
  const where = `the service at ${url}`;
  return {
    where,
    call: async (schema, method, path, body) => {
      const request = new Request(new URL(path, url), {
        ...requestInit(method, key, body),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      const response = await fetch(request).catch((error: unknown) => {
        throw new Error(`${where} does not answer: ${explainError(error)}`);
      });
      return await readAnswer(schema, response);
    },
    stream: async (path) => {
      const stop = new AbortController();
      const response = await fetch(new URL(path, url), {
        ...requestInit('GET', key, undefined),
        signal: stop.signal,
      });
      return withPauses(await readStream(response), () =>
        stop.abort(new Error(`${where} has stopped sending`)),
      );
    },
    doJobs: null,
    close: () => Promise.resolve(),
  };
}

/** The service is loaded here alone: a command that goes through a running one, or only explains itself, takes half the time. */
async function openDatabaseDoor(config: Config): Promise<Door> {
  const [{ createApp }, { openService }, { doJobs }, { ensureDefaultSite }] = await Promise.all([
    import('../http/app.ts'),
    import('../node/open-service.ts'),
    import('../moderation/background/job-kinds.ts'),
    import('../moderation/site/sites.ts'),
  ]);
  // Good in this process alone, for as long as it lives.
  const key = `cli_${randomBytes(32).toString('base64url')}`;
  const log = createNodeLog(config.logLevel === 'silent' ? 'silent' : 'warn');
  const opened = await openService({ ...config, adminApiKey: key }, log, () => process.exit(1));
  await ensureDefaultSite(opened.service);
  const app = createApp(() => opened.service);
  // Links in answers begin as they would from `serve`.
  const base = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;
  return {
    where: 'the database',
    call: async (schema, method, path, body) =>
      await readAnswer(schema, await app.request(new URL(path, base).href, requestInit(method, key, body))),
    stream: async (path) =>
      await readStream(await app.request(new URL(path, base).href, requestInit('GET', key, undefined))),
    doJobs: neverTwice(opened.service.background, () => doJobs(opened.service)),
    close: () => opened.close(60),
  };
}

function requestInit(method: string, key: string, body: unknown): RequestInit {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  if (body instanceof Uint8Array) {
    const type = { 'content-type': 'application/octet-stream' };
    return { method, headers: { ...headers, ...type }, body: new Uint8Array(body) };
  }
  return body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
}

async function readStream(response: Response): Promise<AsyncIterable<Uint8Array>> {
  if (!response.ok) await readAnswer(z.never(), response);
  return response.body ?? Readable.from([]);
}

async function* withPauses(
  source: AsyncIterable<Uint8Array>,
  onPause: () => void,
): AsyncGenerator<Uint8Array> {
  let timer = setTimeout(onPause, CALL_TIMEOUT_MS);
  try {
    for await (const piece of source) {
      clearTimeout(timer);
      yield piece;
      timer = setTimeout(onPause, CALL_TIMEOUT_MS);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function readAnswer<T>(schema: z.ZodType<T>, response: Response): Promise<T> {
  const text = await response.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  if (response.ok) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new Error('the service answered in an unknown form: use the command line of the version that runs');
  }
  const told = problem.safeParse(body);
  if (!told.success)
    throw new CallError(response.status, 'unknown', `the service answered with HTTP ${response.status}`);
  const { code, title, detail, errors = [], job } = told.data;
  if (code === 'site_required')
    throw new CallError(response.status, code, 'there are several sites: name one with --site');
  if (code === 'unauthenticated') throw new CallError(response.status, code, KEY_REFUSED);
  const fields = errors.map((error) => `\n  ${error.pointer}: ${error.detail}`).join('');
  // Fields say what is wrong with them; the general sentence is for callers of the API.
  const explained = fields === '' && detail ? `: ${detail}` : fields;
  const message = `${title}${explained}`;
  throw new CallError(response.status, code, message, job);
}

/** Opens a door for the environment's configuration, works, and closes it whatever happens. */
export async function withDoor<T>(options: DoorOptions, work: (door: Door) => Promise<T>): Promise<T> {
  const door = await openDoor(readConfig(process.env), options);
  try {
    return await work(door);
  } finally {
    await door.close();
  }
}
