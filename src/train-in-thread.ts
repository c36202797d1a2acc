/** Trainings in a worker thread, so that a service answers at full speed while it learns. */
import { Worker } from 'node:worker_threads';
import type { TrainingOptions } from './core/training.ts';
import type { TrainingThread } from './service.ts';
import type { TrainingAnswer, TrainingRequest } from './training-thread.ts';

/** Samples wait in the thread's queue: one batch is learnt while the next is there already. */
const MOST_BATCHES = 2;

interface Waiting {
  readonly resolve: (answer: TrainingAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Begins a training in a thread of its own.
 *
 * @param program the compiled `training-thread`; the tests and benchmarks, which run the sources, bundle one.
 */
export function trainInThread(
  options: TrainingOptions,
  program = new URL('./training-thread.js', import.meta.url),
): TrainingThread {
  // It must not die of a heap limit that was meant for the service, nor print or read what the service does.
  const worker = new Worker(program, { workerData: options, execArgv: [], env: {}, stdin: false });
  const waiting: Waiting[] = [];
  let failure: Error | null = null;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on('message', (answer: TrainingAnswer) => waiting.shift()?.resolve(answer));
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => fail(new Error('the thread of the training has ended')));
  const ask = (request: TrainingRequest): Promise<TrainingAnswer> =>
    new Promise((resolve, reject) => {
      if (failure !== null) {
        reject(failure);
        return;
      }
      waiting.push({ resolve, reject });
      worker.postMessage(request);
    });
  const unlearnt: Promise<TrainingAnswer>[] = [];
  return {
    begin: async (next) => {
      unlearnt.length = 0;
      await ask({ kind: 'begin', options: next });
    },
    add: async (samples) => {
      const added = ask({ kind: 'add', samples });
      // Whoever adds or finishes next hears of a failure.
      added.catch(() => undefined);
      unlearnt.push(added);
      if (unlearnt.length >= MOST_BATCHES) await unlearnt.shift();
    },
    finish: async () => {
      const answer = await ask({ kind: 'finish' });
      if (answer.kind !== 'finished') throw new Error('the thread of the training answered out of turn');
      return { bytes: answer.bytes, report: answer.report };
    },
    close: async () => {
      fail(new Error('the training was ended'));
      await worker.terminate();
    },
  };
}
