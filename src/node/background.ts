import { describeError, type Log } from '../logging.ts';

/** Work that outlives the request that asked for it. */
export interface Background {
  /** Starts a task; a failure is logged as `background-failed`. */
  readonly run: (task: () => Promise<void>) => void;
  /** Resolves when no task is left, those that tasks started included. Never rejects. */
  readonly settled: () => Promise<void>;
}

/**
 * Work that is begun whenever it is asked for, but never twice at once.
 *
 * @param run as {@link Background} does.
 * @example
 * const deliver = neverTwice(background.run, () => deliverDue(service));
 * setInterval(deliver, 1000);
 */
export function neverTwice(run: Background['run'], work: () => Promise<unknown>): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    run(async () => {
      await work().finally(() => {
        running = false;
      });
    });
  };
}

/**
 * @example
 * const background = createBackground(log);
 * background.run(() => deliver(webhook));
 * await background.settled();
 */
export function createBackground(log: Log): Background {
  const running = new Set<Promise<void>>();
  return {
    run: (task) => {
      const one = Promise.resolve()
        .then(task)
        .catch((error: unknown) => log.error('background-failed', describeError(error)))
        .finally(() => running.delete(one));
      running.add(one);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
