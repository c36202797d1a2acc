/** config → Service, on Node: locks the folder, connects, migrates, loads the starter filter. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { Model } from '../core/filter/model.ts';
import { parseModel } from '../core/filter/model-format.ts';
import { describeError, type Log } from '../logging.ts';
import { requireKnownKeys } from '../moderation/privacy/known-keys.ts';
import type { Service } from '../service.ts';
import {
  type Connection,
  connectPglite,
  connectPostgres,
  findDatabaseProblem,
  type PostgresOptions,
} from '../storage/connection/connect-node.ts';
import { type DataDirLock, lockDataDir } from '../storage/connection/data-dir-lock.ts';
import { migrateToLatest } from '../storage/connection/migrate.ts';
import { releaseJobs } from '../storage/jobs.ts';
import { createBackground } from './background.ts';
import { ensurePseudonymKeys } from './data-dir.ts';
import { createJobsThread, type JobsThread } from './jobs-in-thread.ts';
import { createNodeOutgoing } from './outgoing-node.ts';
import { createAssetReader, SHIPPED_STARTER } from './package-files.ts';
import { createProcessFigures } from './process-figures.ts';
import { trainInThread } from './training/train-in-thread.ts';

/** The service cannot start. The message says why and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export interface OpenService {
  readonly service: Service;
  /** Names of the migrations that ran while opening. */
  readonly migrated: readonly string[];
  /** Puts where the service listens into the lock, so that the command line finds it. */
  readonly announce: (url: string) => Promise<void>;
  /** Tells endless answers and background work to end. */
  readonly beginStop: () => void;
  /** Waits for background work up to the grace, then closes the database and frees the folder. May be called twice. */
  readonly close: (graceSeconds: number) => Promise<void>;
}

/**
 * Opens everything that a use case needs.
 *
 * @param onLockLost told when the folder's lock was removed by somebody else: stop writing at once.
 * @throws {StartError} database unreachable or too old, starter filter unusable.
 * @throws {DataDirInUseError} another process has the folder.
 * @throws {PseudonymKeyError} another pseudonym key than the database was made with.
 * @throws {MigrationError} {ConfigError}
 */
export async function openService(config: Config, log: Log, onLockLost: () => void): Promise<OpenService> {
  const starter = await loadStarter(config.starterModel ?? SHIPPED_STARTER);
  const lock = config.databaseUrl === undefined ? await lockFolder(config.dataDir, onLockLost) : null;
  let connection: Connection | undefined;
  try {
    const pseudonymKeys =
      config.pseudonymKeys.length > 0 ? config.pseudonymKeys : await ensurePseudonymKeys(config.dataDir);
    connection = await connect(config, log);
    const migrated = await migrateToLatest(connection.db);
    await requireKnownKeys(connection.db, pseudonymKeys, new Date());
    // Whoever has the folder's lock is alone: what runs there by the database was left by a lost process.
    if (lock !== null) await releaseJobs(connection.db);
    const stopping = new AbortController();
    const complete = { ...config, pseudonymKeys };
    // An embedded database belongs to one thread.
    const jobsThread = lock === null ? createJobsThread(complete, log, stopping.signal) : undefined;
    return assemble({ config: complete, log, starter, connection, lock, migrated, stopping, jobsThread });
  } catch (error) {
    await connection?.close().catch(() => undefined);
    await lock?.release();
    throw error;
  }
}

/**
 * Opens a service beside one that is open, for the thread that does its jobs: nothing is locked or migrated.
 *
 * @param config with a `databaseUrl`.
 * @throws {StartError}
 */
export async function openBeside(config: Config, log: Log): Promise<OpenService> {
  const starter = await loadStarter(config.starterModel ?? SHIPPED_STARTER);
  const connection = await connect(config, log, { oneCoreEach: true });
  return assemble({
    config,
    log,
    starter,
    connection,
    lock: null,
    migrated: [],
    stopping: new AbortController(),
  });
}

interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly starter: Model;
  readonly connection: Connection;
  readonly lock: DataDirLock | null;
  readonly migrated: readonly string[];
  readonly stopping: AbortController;
  /** Where jobs are done; left out: where requests are answered. */
  readonly jobsThread?: JobsThread | undefined;
}

function assemble(parts: Parts): OpenService {
  const { config, log, starter, connection, lock, migrated, stopping, jobsThread } = parts;
  const background = createBackground(log);
  const service: Service = Object.freeze({
    db: connection.db,
    config: Object.freeze(config),
    now: () => new Date(),
    random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
    log,
    starter,
    readAsset: createAssetReader(),
    readProcess: createProcessFigures(),
    background: background.run,
    sendOutgoing: createNodeOutgoing(config),
    trainInThread,
    doJobsBeside: jobsThread?.work ?? null,
    stopping: stopping.signal,
  });
  const close = async (graceSeconds: number) => {
    stopping.abort();
    if (!(await within(background.settled(), graceSeconds))) log.warn('background-cut-short');
    await jobsThread?.terminate();
    await connection.close();
    await lock?.release();
  };
  return {
    service,
    migrated,
    announce: async (url) => await lock?.announce(url),
    beginStop: () => stopping.abort(),
    close,
  };
}

/** Whether the promise resolved within the seconds. */
export async function within(promise: Promise<unknown>, seconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws {StartError} when DATA_DIR cannot be a folder of this user. */
async function lockFolder(dataDir: string, onLockLost: () => void): Promise<DataDirLock> {
  try {
    return await lockDataDir(dataDir, onLockLost);
  } catch (error) {
    const why = FOLDER_FAULTS.get(codeOf(error));
    if (why === undefined) throw error;
    throw new StartError(`DATA_DIR ${resolve(dataDir)} cannot be used: ${why}`);
  }
}

const FOLDER_FAULTS = new Map<string, string>([
  ['EACCES', 'this user may not write there. Change its owner, or choose another folder'],
  ['EEXIST', 'it is a file. Choose a folder'],
  ['ENOENT', 'it cannot be created there. Choose another folder'],
  ['ENOTDIR', 'part of the path is a file. Choose a folder'],
  ['EPERM', 'this user may not write there. Change its owner, or choose another folder'],
  ['EROFS', 'the file system is read-only. Choose another folder, or mount it writable'],
]);

/** What PGlite says of files that it cannot read. */
const DAMAGED = /PGlite failed to initialize|Aborted|PANIC|RuntimeError|unreachable|exit\(/;

/** @throws {StartError} when PGlite refuses the folder: its own text names neither the folder nor a remedy. */
async function openEmbedded(dataDir: string): Promise<Connection> {
  try {
    return await connectPglite(dataDir);
  } catch (error) {
    if (!(error instanceof Error) || !DAMAGED.test(`${error.name} ${error.message}`)) throw error;
    throw new StartError(
      `the embedded database in ${resolve(dataDir, 'pglite')} is damaged and cannot be opened: restore DATA_DIR from a backup of the ` +
        'whole folder, or start with another DATA_DIR',
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function loadStarter(path: string): Promise<Model> {
  try {
    return parseModel(new Uint8Array(await readFile(path)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `the starter filter ${path} cannot be used (${why}): reinstall leave-a-reply, or correct STARTER_MODEL`,
    );
  }
}

async function connect(
  config: Config,
  log: Log,
  options: Pick<PostgresOptions, 'oneCoreEach'> = {},
): Promise<Connection> {
  const { databaseUrl } = config;
  if (databaseUrl === undefined) return await openEmbedded(config.dataDir);
  const connection = await connectPostgres(databaseUrl, {
    ...options,
    connections: config.databaseConnections,
    prepare: config.databasePrepare,
    onIdleError: (error) => log.warn('database-connection-lost', describeError(error)),
  });
  const problem = await findDatabaseProblem(connection.db);
  if (problem === null) return connection;
  await connection.close();
  throw new StartError(`the database at ${new URL(databaseUrl).host} ${problem}`);
}
