/**
 * A pool of PostgreSQL connections that tells being busy from being stuck. Kysely's dialect takes it as its pool.
 *
 * - Busy: whoever waits for a connection waits as long as connections come free; when none did for
 *   {@link STALL_MS}, it is refused at once with PostgreSQL's "too many connections" (the answer is then 503).
 * - Stuck: a query that is not answered for {@link SLOW_MS} starts a probe, a new connection. Any answer to it means
 *   that the query is merely slow. None means that the server is away without having said so (a frozen machine, a cut
 *   network): the connections that wait on it are ended, instead of hanging for the two hours that TCP takes.
 */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Client, Pool, PoolClient } from 'pg';
import { DatabaseBusyError } from './database-busy-error.ts';
import { sqlState } from './transaction.ts';

const STALL_MS = 900;
/** With progress, but too little of it: nobody waits longer. */
const LONGEST_WAIT_MS = 10_000;
const SLOW_MS = 800;
/** How long the probe may take, and a new connection: with {@link SLOW_MS} under the 2 s that a caller is promised. */
export const CONNECT_TIMEOUT_MS = 900;
const TICK_MS = 100;
/** The server only reads: after a fail-over a new connection finds the one that writes, and this one never would. */
const READ_ONLY = '25006';
/** A tick that comes so late means that this process was the slow one: the probe's own time ran out unseen. */
const LATE_TICK_MS = 300;
const PROBE_EVERY_MS = 1_000;

interface Running {
  readonly client: PoolClient;
  readonly startedAt: number;
  /** Ends the connection; the query fails with "Connection terminated". */
  readonly cut: () => void;
}

/**
 * @param pool with as many connections as `connections` says.
 * @param createProbe a client like those of the pool, not connected yet.
 * @param nameOf which statements to prepare.
 */
export function createPatientPool(
  pool: Pool,
  connections: number,
  createProbe: () => Client,
  nameOf: NameOf,
): PostgresPool {
  const slots = createSlots(connections);
  const watchdog = createWatchdog(createProbe);
  // pg listens on idle connections alone: one that ends between two queries of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    connect: async () => {
      await slots.take();
      try {
        return wrap(await pool.connect(), watchdog, slots.give, nameOf);
      } catch (error) {
        slots.give();
        throw error;
      }
    },
    end: async () => {
      watchdog.end();
      await pool.end();
    },
  };
}

/** The name to prepare a statement under, undefined for one that is not prepared. */
export type NameOf = (text: string) => string | undefined;

function wrap(client: PoolClient, watchdog: Watchdog, give: () => void, nameOf: NameOf): PostgresPoolClient {
  let cut = false;
  let demoted = false;
  const running = (): Running => ({
    client,
    startedAt: Date.now(),
    cut: () => {
      if (cut) return;
      cut = true;
      client.release(true);
    },
  });
  const query = async (text: string, values: readonly unknown[]) => {
    const entry = running();
    watchdog.add(entry);
    try {
      const name = nameOf(text);
      return await client.query({ text, values: [...values], ...(name !== undefined && { name }) });
    } catch (error) {
      if (sqlState(error) === READ_ONLY) demoted = true;
      throw error;
    } finally {
      watchdog.remove(entry);
    }
  };
  return {
    // Cursors, the interface's other overload, are not used here: Kysely asks for them only when it streams.
    query: query as unknown as PostgresPoolClient['query'],
    release: () => {
      if (!cut) client.release(demoted);
      give();
    },
  };
}

interface Slots {
  readonly take: () => Promise<void>;
  readonly give: () => void;
}

/** First come, first served. */
function createSlots(count: number): Slots {
  let free = count;
  let lastGiven = 0;
  const waiting: (() => void)[] = [];
  const wait = () =>
    new Promise<void>((resolve, reject) => {
      const since = Date.now();
      const look = () => {
        const now = Date.now();
        const stalled = now - Math.max(since, lastGiven);
        if (stalled < STALL_MS && now - since < LONGEST_WAIT_MS) {
          timer = setTimeout(look, STALL_MS - stalled);
          return;
        }
        waiting.splice(waiting.indexOf(turn), 1);
        reject(new DatabaseBusyError(`all ${count} connections to the database were in use`));
      };
      let timer = setTimeout(look, STALL_MS);
      const turn = () => {
        clearTimeout(timer);
        resolve();
      };
      waiting.push(turn);
    });
  return {
    take: async () => {
      if (free === 0) return await wait();
      free -= 1;
    },
    give: () => {
      lastGiven = Date.now();
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}

interface Watchdog {
  readonly add: (entry: Running) => void;
  readonly remove: (entry: Running) => void;
  readonly end: () => void;
}

function createWatchdog(createProbe: () => Client): Watchdog {
  const running = new Set<Running>();
  let timer: NodeJS.Timeout | undefined;
  let probing = false;
  let probedAt = 0;
  let tickedAt = 0;
  let sleptAt = 0;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const look = async () => {
    const now = Date.now();
    if (now - tickedAt > LATE_TICK_MS) sleptAt = now;
    tickedAt = now;
    const [oldest] = running;
    if (oldest === undefined) stop();
    else if (!probing && now - oldest.startedAt >= SLOW_MS && now - probedAt >= PROBE_EVERY_MS) {
      probing = true;
      probedAt = now;
      const alive = await answers(createProbe());
      probing = false;
      if (alive || sleptAt > now) return;
      for (const entry of running) if (entry.startedAt <= now) entry.cut();
    }
  };
  const start = () => {
    tickedAt = Date.now();
    timer = setInterval(() => void look(), TICK_MS);
    timer.unref();
  };
  return {
    add: (entry) => {
      running.add(entry);
      if (timer === undefined) start();
    },
    remove: (entry) => {
      running.delete(entry);
    },
    end: stop,
  };
}

/** Whether the server says anything at all to a new connection, be it "too many" or "starting up". */
async function answers(probe: Client): Promise<boolean> {
  probe.on('error', () => undefined);
  try {
    await probe.connect();
    return true;
  } catch (error) {
    return error instanceof Error && 'severity' in error;
  } finally {
    // Not awaited: a server that does not answer does not answer a goodbye either.
    void probe.end().catch(() => undefined);
  }
}
