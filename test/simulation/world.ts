/**
 * A service in a world of its own: its clock, its ids, its database and what goes wrong all come from a seed, so that every
 * failure can be seen again. Faults happen at three seams: outgoing requests, database statements, and steps of jobs.
 */
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, sql } from 'kysely';
import { type Config, readConfig } from '../../src/config.ts';
import { type Random, seededRandom } from '../../src/core/evaluation/seeded-random.ts';
import { createApp } from '../../src/http/app.ts';
import { createLog } from '../../src/logging.ts';
import { createKey } from '../../src/moderation/access/keys.ts';
import type { Actor } from '../../src/moderation/actor.ts';
import { jobHandlersOf } from '../../src/moderation/background/job-kinds.ts';
import { seeToTime, takeUpWork } from '../../src/moderation/background/maintenance.ts';
import { runJobs } from '../../src/moderation/jobs.ts';
import { deliverDue } from '../../src/moderation/outgoing/webhook-delivery.ts';
import { createSite } from '../../src/moderation/site/sites.ts';
import { createBackground } from '../../src/node/background.ts';
import type { SendOutgoing } from '../../src/outgoing.ts';
import { OutgoingError } from '../../src/outgoing.ts';
import type { Service } from '../../src/service.ts';
import { releaseJobs } from '../../src/storage/jobs.ts';
import type { Database } from '../../src/storage/schema/database.ts';
import { SMALL_SAMPLES, trainOn } from '../support/small-filter.ts';
import { ConflictError, CrashError, createFaultyDialect, type Fault, type Gate } from './faulty-dialect.ts';

const START = Date.parse('2026-03-01T12:00:00.000Z');
const starter = trainOn(SMALL_SAMPLES);
const system: Actor = { kind: 'system', id: 'world', name: 'world', siteId: null, scopes: ['admin'] };

/** `unknown`: no answer, or one that says that nothing can be said. */
export type Outcome<T> =
  | { readonly kind: 'done' | 'refused'; readonly status: number; readonly body: T }
  | { readonly kind: 'unknown' };

export interface WorldOptions {
  readonly trainInThread: Service['trainInThread'];
}

export class World {
  readonly random: Random;
  readonly gate: Gate;
  readonly db: Kysely<Database>;
  /** Ids of messages that the receiver has answered with success. */
  readonly received = new Set<string>();
  service: Service;
  siteId = '';
  readonly #keys: Record<string, string> = {};
  readonly #options: WorldOptions;
  #pseudonymKeys: string[];
  #app: ReturnType<typeof createApp>;
  #settled: () => Promise<void> = () => Promise.resolve();
  #now = START;

  private constructor(pglite: PGlite, seed: number, options: WorldOptions) {
    this.random = seededRandom(seed);
    this.#options = options;
    const { dialect, gate } = createFaultyDialect(pglite);
    this.gate = gate;
    this.db = new Kysely<Database>({ dialect });
    this.#pseudonymKeys = [`w1:${Buffer.from(this.#bytes(32)).toString('base64')}`];
    this.service = this.#serve();
    this.#app = createApp(() => this.service);
  }

  /** @param pglite migrated; whatever is in it is emptied. */
  static async create(pglite: PGlite, seed: number, options: WorldOptions): Promise<World> {
    const world = new World(pglite, seed, options);
    await emptyTables(world.db);
    await takeUpWork(world.service);
    const settings = { audit_share: 0, flood_seconds: 0, premoderate: true };
    const site = await createSite(world.service, system, { slug: 'daily', name: 'Daily', settings });
    world.siteId = site.id;
    for (const name of ['ada', 'ben'] as const) {
      const scopes = ['submit', 'read', 'moderate', 'train', 'admin'] as const;
      world.#keys[name] = (await createKey(world.service, system, { siteId: site.id, name, scopes })).key;
    }
    await world.call('ada', 'POST', '/v1/webhooks', {
      url: 'https://hooks.example/messages',
      events: ['comment.received', 'comment.decided'],
    });
    await world.#settled();
    return world;
  }

  now(): number {
    return this.#now;
  }

  pass(seconds: number): void {
    this.#now += Math.round(seconds * 1000);
  }

  /** A number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.random() * bound);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }

  /** Asks as one of the two moderators, and waits for the background. A dead process gives no answer. */
  async call<T = Record<string, unknown>>(
    who: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Outcome<T>> {
    const lines = typeof body === 'string';
    const response = await this.#app.request(path, {
      method,
      headers: {
        authorization: `Bearer ${this.#keys[who] ?? ''}`,
        ...(body === undefined
          ? {}
          : { 'content-type': lines ? 'application/x-ndjson' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: lines ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    await this.#settled();
    const { status } = response;
    if (this.gate.isDead() || status === 503) return { kind: 'unknown' };
    if (status >= 500) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return { kind: status < 300 ? 'done' : 'refused', status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Runs work in which one statement has a fault; a process that died of it is started again. */
  async withFault<T>(fault: Fault, statement: number, work: () => Promise<T>): Promise<T> {
    this.gate.arm(fault, statement);
    try {
      return await work();
    } finally {
      await this.#settled();
      this.gate.disarm();
      if (this.gate.isDead()) await this.reopen();
    }
  }

  /**
   * Another process on the same database: nothing is left of what the one before had in memory. A start that fails is
   * begun again, as whoever looks after the process does.
   */
  async reopen(): Promise<void> {
    for (;;) {
      try {
        await this.#start();
        return;
      } catch (error) {
        if (!(error instanceof CrashError || error instanceof ConflictError)) throw error;
      }
    }
  }

  async #start(): Promise<void> {
    this.gate.revive();
    this.service = this.#serve();
    this.#app = createApp(() => this.service);
    await releaseJobs(this.db);
    await takeUpWork(this.service);
    await this.#settled();
  }

  /** A new pseudonym key in front of the others. */
  async rotateKeys(): Promise<void> {
    const kid = `w${this.#pseudonymKeys.length + 1}`;
    this.#pseudonymKeys = [
      `${kid}:${Buffer.from(this.#bytes(32)).toString('base64')}`,
      ...this.#pseudonymKeys,
    ];
    await this.reopen();
  }

  /** What a process does by itself: jobs, messages, and what is due because time has passed. */
  async work(): Promise<void> {
    // As the background does: it logs a failure, and comes back for the rest.
    const dies = (error: unknown) => {
      if (!(error instanceof CrashError || error instanceof ConflictError)) throw error;
    };
    await runJobs(this.service, jobHandlersOf(this.service)).catch(dies);
    await deliverDue(this.service).catch(dies);
    await seeToTime(this.service).catch(dies);
    await this.#settled();
  }

  #serve(): Service {
    const config: Config = readConfig({ PSEUDONYM_KEYS: this.#pseudonymKeys.join(','), LOG_LEVEL: 'silent' });
    const log = createLog('silent', () => undefined);
    const background = createBackground(log);
    this.#settled = background.settled;
    return Object.freeze({
      db: this.db,
      config: Object.freeze(config),
      now: () => new Date(this.#now),
      random: (bytes: number) => this.#bytes(bytes),
      log,
      starter,
      readAsset: () => Promise.resolve(null),
      background: background.run,
      sendOutgoing: this.#receive,
      trainInThread: this.#options.trainInThread,
      doJobsBeside: null,
      stopping: new AbortController().signal,
    });
  }

  #bytes(count: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  /** The receiver of the webhook: it takes a message, fails, is not there, or takes it and nobody hears of that. */
  readonly #receive: SendOutgoing = ({ headers }) => {
    const id = headers['webhook-id'] ?? '';
    const chance = this.random();
    if (chance < 0.1) return Promise.reject(new OutgoingError('unreachable', 'nobody is there'));
    if (chance < 0.2) return Promise.resolve({ status: 500, headers: new Headers(), body: '' });
    this.received.add(id);
    if (chance < 0.3) return Promise.reject(new OutgoingError('timed_out', 'the answer was lost'));
    return Promise.resolve({ status: 200, headers: new Headers(), body: '' });
  };
}

/** Every table, the append-only ones, too. */
async function emptyTables(db: Kysely<Database>): Promise<void> {
  const tables = await listTables(db);
  await db.connection().execute(async (connection) => {
    await sql`set session_replication_role = replica`.execute(connection);
    await sql`truncate ${sql.join(tables.map((name) => sql.table(name)))} restart identity`.execute(
      connection,
    );
    await sql`set session_replication_role = origin`.execute(connection);
  });
}

export async function listTables(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables
    where schemaname = 'public' and tablename not like 'kysely%' order by 1`.execute(db);
  return rows.map(({ name }) => name);
}
