/** What runs in the thread of a training: it is sent batches of samples, and asked for the model in the end. */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { serialiseModel } from './core/model-format.ts';
import { beginTraining, type TrainingOptions, type TrainingReport } from './core/training.ts';
import type { GroupedSample } from './service.ts';

export type TrainingRequest =
  | { readonly kind: 'begin'; readonly options: TrainingOptions }
  | { readonly kind: 'add'; readonly samples: readonly GroupedSample[] }
  | { readonly kind: 'finish' };

/** One for each request, in their order. */
export type TrainingAnswer =
  | { readonly kind: 'begun' | 'added' }
  | { readonly kind: 'finished'; readonly bytes: Uint8Array; readonly report: TrainingReport };

/** A third of what an equal gets while others want the processor; at 10, a machine with ten busy neighbours starved it. */
const NICENESS = 5;

if (parentPort !== null) serve(parentPort, workerData as TrainingOptions);

function serve(port: NonNullable<typeof parentPort>, options: TrainingOptions): void {
  yieldToRequests();
  let training = beginTraining(options);
  port.on('message', (request: TrainingRequest) => {
    if (request.kind === 'begin') {
      training = beginTraining(request.options);
      port.postMessage({ kind: 'begun' } satisfies TrainingAnswer);
      return;
    }
    if (request.kind === 'add') {
      for (const sample of request.samples) training.add(sample, { groupKey: sample.group });
      port.postMessage({ kind: 'added' } satisfies TrainingAnswer);
      return;
    }
    const { model, report } = training.finish();
    const bytes = serialiseModel(model);
    port.postMessage({ kind: 'finished', bytes, report } satisfies TrainingAnswer, [
      bytes.buffer as ArrayBuffer,
    ]);
  });
}

/**
 * Leaves the processor to the requests. Linux has priorities by thread, and this file tells which thread
 * it is; elsewhere the training competes as an equal.
 */
function yieldToRequests(): void {
  try {
    const thread = /\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1];
    if (thread !== undefined) setPriority(Number(thread), NICENESS);
  } catch {
    // No /proc, or no right to change a priority: slower answers while it trains, and nothing else.
  }
}
