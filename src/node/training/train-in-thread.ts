/** Trainings in a worker thread, so that a service answers at full speed while it learns. */
import { Worker } from 'node:worker_threads';
import type { TrainingOptions } from '../../core/filter/training.ts';
import type { TrainingThread } from '../../service.ts';
import { buffersOf, toColumns } from './compared-columns.ts';
import { toGroupedColumns } from './grouped-columns.ts';
import { stepBack } from './requests-in-flight.ts';
import type { TrainingAnswer, TrainingRequest } from './training-thread.ts';

/** So many wait in the thread's queue. */
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
  const { ask, fail } = converse(worker);
  const unlearnt: Promise<TrainingAnswer>[] = [];
  const send = createSender(ask, unlearnt);
  return {
    begin: async (starterWeight) => {
      unlearnt.length = 0;
      await ask({ kind: 'begin', starterWeight });
    },
    hold: async (name, bytes) => {
      await ask({ kind: 'hold', name, bytes });
    },
    score: async (names, comments) => {
      return expectKind(await ask({ kind: 'score', names, comments }), 'scored').scores;
    },
    tally: async (names, samples) => {
      await ask({ kind: 'tally', names, samples });
    },
    measure: async () => {
      return expectKind(await ask({ kind: 'measure' }), 'measured').metrics;
    },
    compare: async (comments) => {
      const columns = toColumns(comments);
      return expectKind(await ask({ kind: 'compare', columns }, buffersOf(columns)), 'compared').comparison;
    },
    add: (samples) => send({ kind: 'add', samples: toGroupedColumns(samples) }),
    look: (samples) => send({ kind: 'look', samples }),
    listSuspicions: async (mostEvidence) => {
      return expectKind(await ask({ kind: 'suspicions', mostEvidence }), 'suspicions').found;
    },
    finish: async (provenance = {}) => {
      const { bytes, facts, report } = expectKind(await ask({ kind: 'finish', provenance }), 'finished');
      return { bytes, facts, report };
    },
    close: async () => {
      fail(new Error('the training was ended'));
      await worker.terminate();
    },
  };
}

/** One batch is worked on while the next is there already. */
function createSender(
  ask: (request: TrainingRequest) => Promise<TrainingAnswer>,
  unlearnt: Promise<TrainingAnswer>[],
): (request: TrainingRequest) => Promise<void> {
  return async (request) => {
    stepBack();
    const done = ask(request);
    // Whoever sends or finishes next hears of a failure.
    done.catch(() => undefined);
    unlearnt.push(done);
    if (unlearnt.length >= MOST_BATCHES) await unlearnt.shift();
  };
}

/** Asks the thread one thing after another; what is asked after a failure fails at once. */
function converse(worker: Worker) {
  const waiting: Waiting[] = [];
  let failure: Error | null = null;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on('message', (answer: TrainingAnswer) => waiting.shift()?.resolve(answer));
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => fail(new Error('the thread of the training has ended')));
  const ask = (request: TrainingRequest, handedOver: ArrayBuffer[] = []): Promise<TrainingAnswer> =>
    new Promise((resolve, reject) => {
      if (failure !== null) {
        reject(failure);
        return;
      }
      waiting.push({ resolve, reject });
      worker.postMessage(request, handedOver);
    });
  return { ask, fail };
}

type AnswerOf<K extends TrainingAnswer['kind']> = Extract<TrainingAnswer, { readonly kind: K }>;

function expectKind<K extends TrainingAnswer['kind']>(answer: TrainingAnswer, kind: K): AnswerOf<K> {
  const isExpected = (one: TrainingAnswer): one is AnswerOf<K> => one.kind === kind;
  if (!isExpected(answer)) throw new Error('the thread of the training answered out of turn');
  return answer;
}
