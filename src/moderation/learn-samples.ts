/** Samples, page by page through a training thread, into a model. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Model } from '../core/model.ts';
import { parseModel } from '../core/model-format.ts';
import type { TrainingReport } from '../core/training.ts';
import type { TrainingThread } from '../service.ts';
import type { StoredSample } from '../storage/samples.ts';

/** Samples in one message: more would hold up whoever waits for an answer while they are copied. */
const BATCH = 1000;
/** How often a training that fits, and so has nothing to count, asks whether it is still wanted. */
const STILL_WANTED_MS = 1000;

/**
 * Learns the wanted samples; the same ones give the same model, bit for bit.
 *
 * @param thread with a training that has begun and learnt nothing.
 * @param progress told how many samples were read; what it throws ends the training.
 */
export async function learnSamples(
  thread: TrainingThread,
  pages: AsyncIterable<readonly StoredSample[]> | Iterable<readonly StoredSample[]>,
  wanted: (sample: StoredSample) => boolean,
  progress: (done: number) => Promise<void>,
): Promise<{ model: Model; report: TrainingReport }> {
  let done = 0;
  for await (const page of pages) {
    const samples = page.filter(wanted).map(toGrouped);
    for (let at = 0; at < samples.length; at += BATCH) await thread.add(samples.slice(at, at + BATCH));
    done += page.length;
    await progress(done);
  }
  const { bytes, report } = await finish(thread, () => progress(done));
  return { model: parseModel(bytes), report };
}

function toGrouped({ content, authorName, authorUrl, label, group }: StoredSample) {
  return { content, authorName, authorUrl, label, group };
}

async function finish(
  thread: TrainingThread,
  stillWanted: () => Promise<void>,
): ReturnType<TrainingThread['finish']> {
  const finished = thread.finish();
  // When it is no longer wanted, nobody hears how it ended.
  finished.catch(() => undefined);
  for (;;) {
    const over = new AbortController();
    const tick = wait(STILL_WANTED_MS, null, { signal: over.signal }).catch(() => null);
    const result = await Promise.race([finished, tick]).finally(() => over.abort());
    if (result !== null) return result;
    await stillWanted();
  }
}
