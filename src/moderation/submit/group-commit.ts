/** Lets pieces of work that arrive together share a transaction, fairly between sites and without queueing endlessly. */
import { setImmediate } from 'node:timers/promises';
import { DatabaseBusyError } from '../../storage/connection/database-busy-error.ts';
import { sqlState } from '../../storage/connection/transaction.ts';

export interface GroupCommit<Work, Result> {
  /**
   * Does these together and in their order, perhaps with others; resolves when all of it is committed.
   *
   * @throws {DatabaseBusyError} at once when too much waits already
   */
  readonly submit: (siteId: string, works: readonly Work[]) => Promise<readonly Result[]>;
}

export interface GroupLimits {
  /** Most works in a group; a larger submission is a group of its own. */
  readonly groupSize: number;
  /** Most groups at a time, each of other sites: a site's own are stored one after another, in their order. */
  readonly groupsAtOnce: number;
  /** Most works that wait, of one site and of all. */
  readonly waitingOfSite: number;
  readonly waiting: number;
  /** A site whose oldest work waits longer gets no more: the answer would come too late. */
  readonly waitMs: number;
}

export const GROUP_LIMITS: GroupLimits = {
  groupSize: 64,
  groupsAtOnce: 2,
  waitingOfSite: 1_000,
  waiting: 4_000,
  waitMs: 5_000,
};

/** What waited this long when a group lost its database would only lose it, too: it is refused with it. */
const LOST_WITH_GROUP_MS = 500;

interface Waiting<Work, Result> {
  readonly units: Unit<Work, Result>[];
  /** How many works the units have together. */
  works: number;
}

interface Unit<Work, Result> {
  readonly works: readonly Work[];
  readonly since: number;
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * @param run does works in one transaction and returns a result for each; its failure undoes all of them. What fails for
 *   a reason of its own should be a result: a failure has each tried again by itself.
 */
export function createGroupCommit<Work, Result>(
  run: (works: readonly Work[]) => Promise<readonly Result[]>,
  limits: GroupLimits = GROUP_LIMITS,
): GroupCommit<Work, Result> {
  /** By site; the site that comes next is the first. */
  const waiting = new Map<string, Waiting<Work, Result>>();
  /** The sites of each group that is being stored. */
  const running = new Set<ReadonlySet<string>>();
  let count = 0;
  let starting = false;
  const isRunning = (siteId: string) => [...running].some((sites) => sites.has(siteId));

  const take = () => {
    const group: Unit<Work, Result>[] = [];
    const sites = new Set<string>();
    let size = 0;
    // In turns: a site that sends a thousand does not delay another's one by more than a group.
    for (const [siteId, line] of waiting) {
      if (isRunning(siteId)) continue;
      const [unit] = line.units;
      if (unit === undefined || (size > 0 && size + unit.works.length > limits.groupSize)) break;
      group.push(unit);
      sites.add(siteId);
      size += unit.works.length;
      line.units.shift();
      line.works -= unit.works.length;
      waiting.delete(siteId);
      // A Map walks what is set again after all others.
      if (line.units.length > 0) waiting.set(siteId, line);
    }
    count -= size;
    return { group, sites };
  };

  const loseWaiting = (error: unknown) => {
    const before = Date.now() - LOST_WITH_GROUP_MS;
    for (const [siteId, line] of waiting) {
      // In the order in which they came.
      const kept = line.units.findIndex(({ since }) => since >= before);
      for (const unit of line.units.splice(0, kept < 0 ? line.units.length : kept)) {
        line.works -= unit.works.length;
        count -= unit.works.length;
        unit.reject(error);
      }
      if (line.units.length === 0) waiting.delete(siteId);
    }
  };

  const work = async (group: readonly Unit<Work, Result>[]): Promise<void> => {
    try {
      const results = await run(group.flatMap(({ works }) => works));
      let at = 0;
      for (const { works, resolve } of group) {
        resolve(results.slice(at, at + works.length));
        at += works.length;
      }
    } catch (error) {
      const [only, ...others] = group;
      if (only && others.length > 0 && isOfOneWork(error)) {
        for (const unit of group) await work([unit]);
        return;
      }
      for (const { reject } of group) reject(error);
      if (!isOfOneWork(error)) loseWaiting(error);
    }
  };

  const start = async (): Promise<void> => {
    if (starting || running.size >= limits.groupsAtOnce || count === 0) return;
    starting = true;
    // What arrives in the same turn of the event loop goes together; nothing waits for what might come.
    await setImmediate();
    starting = false;
    const { group, sites } = take();
    if (group.length === 0) return;
    running.add(sites);
    void start();
    await work(group);
    running.delete(sites);
    void start();
  };

  return {
    submit: async (siteId, works) => {
      const line = waiting.get(siteId) ?? { units: [], works: 0 };
      const [oldest] = line.units;
      const tooMany = line.works >= limits.waitingOfSite || count >= limits.waiting;
      if (tooMany || (oldest && Date.now() - oldest.since > limits.waitMs)) {
        throw new DatabaseBusyError('more comments wait to be checked than the database takes');
      }
      return await new Promise((resolve, reject) => {
        line.units.push({ works, since: Date.now(), resolve, reject });
        line.works += works.length;
        waiting.set(siteId, line);
        count += works.length;
        void start();
      });
    },
  };
}

/** The data of one work is at fault (classes 21 to 23), or a transaction that failed before it (25P02). */
function isOfOneWork(error: unknown): boolean {
  return /^(2[1235]|P0|54)/.test(sqlState(error));
}
