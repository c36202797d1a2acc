/** Jobs in a thread with a database connection of its own, so that a service answers at full speed meanwhile. */
import { Worker } from 'node:worker_threads';
import type { Config } from '../config.ts';
import type { Log } from '../logging.ts';
import type { JobsAnswer, JobsRequest } from './jobs-messages.ts';

export interface JobsThread {
  /** Does the jobs that wait. Resolves when none is left; rejects when the thread is lost. */
  readonly work: () => Promise<void>;
  /** Ends the thread at once, whatever it does. */
  readonly terminate: () => Promise<void>;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The thread begins with the first work and ends with the last: what a training held in memory is given back.
 *
 * @param config with a `databaseUrl`: an embedded database belongs to one thread.
 * @param stopping aborted: what runs is put back.
 */
export function createJobsThread(config: Config, log: Log, stopping: AbortSignal): JobsThread {
  let open: OpenThread | null = null;
  return {
    work: async () => {
      if (stopping.aborted) return;
      open ??= startThread(config, log, stopping);
      const thread = open;
      await thread.work().finally(() => {
        if (thread.isBusy()) return;
        if (open === thread) open = null;
        thread.close();
      });
    },
    terminate: async () => {
      await open?.terminate();
    },
  };
}

interface OpenThread {
  readonly work: () => Promise<void>;
  readonly isBusy: () => boolean;
  readonly close: () => void;
  readonly terminate: () => Promise<void>;
}

function startThread(config: Config, log: Log, stopping: AbortSignal): OpenThread {
  // It must not die of a heap limit that was meant for the service, nor read what is typed.
  const worker = new Worker(new URL('./jobs-thread.js', import.meta.url), {
    workerData: config,
    execArgv: [],
    stdin: false,
  });
  const send = (request: JobsRequest) => worker.postMessage(request);
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (answer: JobsAnswer) => {
    if (answer.kind === 'log') {
      log[answer.level](answer.event, answer.fields);
      return;
    }
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.kind === 'worked') asker?.resolve();
    else asker?.reject(answer.error);
  });
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  const stop = () => send({ kind: 'stop' });
  stopping.addEventListener('abort', stop, { once: true });
  worker.on('exit', () => {
    stopping.removeEventListener('abort', stop);
    fail(new Error('the thread of the jobs has ended'));
  });
  return {
    work: () =>
      new Promise((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        send({ kind: 'work', id });
      }),
    isBusy: () => waiting.size > 0,
    close: () => send({ kind: 'close' }),
    terminate: async () => {
      await worker.terminate();
    },
  };
}
