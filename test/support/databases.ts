/**
 * A service on a fresh database, with the clock in the test's hand:
 *
 *     describe.each(DATABASES)('on %s', (kind) => {
 *       let service: TestService;
 *       beforeAll(async () => { service = await createTestService(kind); });
 *       afterAll(() => service.close());
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import type { Model } from '../../src/core/filter/model.ts';
import { parseModel } from '../../src/core/filter/model-format.ts';
import { createLog } from '../../src/logging.ts';
import { takeUpWork } from '../../src/moderation/background/maintenance.ts';
import { createBackground } from '../../src/node/background.ts';
import { createNodeOutgoing } from '../../src/node/outgoing-node.ts';
import { createAssetReader, SHIPPED_STARTER } from '../../src/node/package-files.ts';
import { trainInThread } from '../../src/node/training/train-in-thread.ts';
import type { Service } from '../../src/service.ts';
import {
  type Connection,
  connectPglite,
  connectPostgres,
} from '../../src/storage/connection/connect-node.ts';
import { createPostgresDatabase } from './postgres-database.ts';

export type DatabaseKind = 'pglite' | 'postgres';

export const DATABASES: readonly DatabaseKind[] = ['pglite', 'postgres'];

/** Stands still until told otherwise. */
export interface TestClock {
  readonly set: (date: Date | string) => void;
  readonly advance: (seconds: number) => void;
}

export interface TestService extends Service {
  readonly kind: DatabaseKind;
  readonly clock: TestClock;
  /** Every line that was logged, in order. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  /** Where PostgreSQL has this service's database; undefined on PGlite. */
  readonly databaseUrl: string | undefined;
  /** Waits for what runs in the background. */
  readonly settled: () => Promise<void>;
  /** A second process on the same database: its own clock, log, caches and (on PostgreSQL) connections. */
  readonly joined: () => Promise<TestService>;
  readonly close: () => Promise<void>;
}

/** With `now` the clock of the test is not used. */
export type TestServiceOverrides = Partial<Omit<Service, 'db' | 'config' | 'log' | 'background'>> & {
  readonly config?: Partial<Config>;
};

/** When the clock starts. */
export const TEST_START = '2026-03-01T12:00:00.000Z';

const TEST_CONFIG = readConfig({
  PSEUDONYM_KEYS: `t1:${Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256)).toString('base64')}`,
  LOG_LEVEL: 'debug',
  DATABASE_CONNECTIONS: '4',
});

let starter: Model | undefined;

/** Random bytes, but every decision is drawn for a second look where a site wants any: its draw takes six. */
export const drawingAll = (bytes: number): Uint8Array<ArrayBuffer> =>
  bytes === 6 ? new Uint8Array(6) : new Uint8Array(randomBytes(bytes));

/** A fresh migrated database with a service on it. The starter filter is the shipped one unless overridden. */
export async function createTestService(
  kind: DatabaseKind,
  overrides: TestServiceOverrides = {},
): Promise<TestService> {
  if (kind === 'pglite') {
    const dump = new Blob([readFileSync(inject('pgliteDump'))], { type: 'application/x-gzip' });
    const connection = await connectPglite(undefined, dump);
    return await begin(assemble(connection, undefined, overrides, connection.close));
  }
  const { url, drop } = await createPostgresDatabase();
  const connection = await connectTo(url);
  const service = assemble(connection, url, overrides, async () => {
    await connection.close();
    await drop();
  });
  return await begin(service);
}

/**
 * What production does before it listens: a fault that only shows in a database on which a service has run must not
 * hide from the tests. The default site is left out: a test makes the sites that it names.
 */
async function begin(service: TestService): Promise<TestService> {
  await takeUpWork(service);
  await service.settled();
  return service;
}

/** A service on the database at a URL, with connections of its own; whoever made the database drops it. */
export async function createServiceAt(
  url: string,
  overrides: TestServiceOverrides = {},
): Promise<TestService> {
  const connection = await connectTo(url, overrides.config?.databaseConnections);
  return await begin(assemble(connection, url, overrides, connection.close));
}

function connectTo(url: string, connections = TEST_CONFIG.databaseConnections): Promise<Connection> {
  return connectPostgres(url, { connections, onIdleError: () => undefined });
}

function assemble(
  connection: Connection,
  databaseUrl: string | undefined,
  overrides: TestServiceOverrides,
  end: () => Promise<void>,
): TestService {
  let time = new Date(TEST_START);
  const logged: Record<string, unknown>[] = [];
  const log = createLog('debug', (line, level) => logged.push({ level, ...line }));
  const background = createBackground(log);
  const guests: TestService[] = [];
  const stopping = new AbortController();
  return {
    db: connection.db,
    now: () => new Date(time),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    get starter() {
      starter ??= parseModel(new Uint8Array(readFileSync(SHIPPED_STARTER)));
      return starter;
    },
    readAsset: createAssetReader(),
    sendOutgoing: createNodeOutgoing({ ...TEST_CONFIG, ...overrides.config }),
    trainInThread: (options) => trainInThread(options, new URL(inject('trainingThread'))),
    doJobsBeside: null,
    stopping: stopping.signal,
    ...overrides,
    config: Object.freeze({ ...TEST_CONFIG, ...overrides.config }),
    log,
    background: background.run,
    kind: connection.kind,
    clock: {
      set: (date) => {
        time = new Date(date);
      },
      advance: (seconds) => {
        time = new Date(time.getTime() + seconds * 1000);
      },
    },
    logged,
    databaseUrl,
    settled: background.settled,
    joined: async () => {
      const own = databaseUrl === undefined ? connection : await connectTo(databaseUrl);
      const guest = assemble(own, databaseUrl, overrides, async () => {
        if (own !== connection) await own.close();
      });
      guests.push(guest);
      return await begin(guest);
    },
    close: async () => {
      stopping.abort();
      for (const guest of guests) await guest.close();
      await background.settled();
      await end();
    },
  };
}
