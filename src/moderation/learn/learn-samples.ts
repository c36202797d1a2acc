/** Samples, page by page through a training thread, into the bytes of a model. */
import { setTimeout as wait } from 'node:timers/promises';
import type { TrainingThread } from '../../service.ts';
import type { StoredSample } from '../../storage/learn/samples.ts';
import { batchesOf } from '../batches.ts';

/** Samples in one message: more would hold up whoever waits for an answer while they are copied. */
const BATCH = 1000;
/** How often a training that fits, and so has nothing to count, asks whether it is still wanted. */
const STILL_WANTED_MS = 1000;

/** What throws in one of these ends the training. */
export interface Learning {
  /** Left out: every sample. */
  readonly wanted?: (sample: StoredSample) => boolean;
  /** Told how many samples were read. */
  readonly reading?: (done: number) => Promise<void>;
  /** Told when everything was read and the fit begins, and every second from then on. */
  readonly fitting?: () => Promise<void>;
  /** What is known when everything was read, for the model's provenance. */
  readonly provenance?: () => Readonly<Record<string, unknown>>;
}

/**
 * Learns the wanted samples; the same ones give the same model, bit for bit.
 *
 * @param thread with a training that has begun and learnt nothing.
 */
export async function learnSamples(
  thread: TrainingThread,
  pages: AsyncIterable<readonly StoredSample[]> | Iterable<readonly StoredSample[]>,
  { wanted = () => true, reading, fitting, provenance }: Learning,
): ReturnType<TrainingThread['finish']> {
  let done = 0;
  let told = 0;
  for await (const page of pages) {
    const samples = page.filter(wanted).map(toGrouped);
    for (const batch of batchesOf(samples, BATCH)) await thread.add(batch);
    done += page.length;
    if (done - told < BATCH) continue;
    told = done;
    await reading?.(done);
  }
  await reading?.(done);
  await fitting?.();
  return await finish(thread, provenance?.(), fitting);
}

function toGrouped({ content, authorName, authorUrl, label, group }: StoredSample) {
  return { content, authorName, authorUrl, label, group };
}

async function finish(
  thread: TrainingThread,
  provenance: Readonly<Record<string, unknown>> | undefined,
  stillWanted: Learning['fitting'],
): ReturnType<TrainingThread['finish']> {
  const finished = thread.finish(provenance);
  // When it is no longer wanted, nobody hears how it ended.
  finished.catch(() => undefined);
  for (;;) {
    const over = new AbortController();
    const tick = wait(STILL_WANTED_MS, null, { signal: over.signal }).catch(() => null);
    const result = await Promise.race([finished, tick]).finally(() => over.abort());
    if (result !== null) return result;
    await stillWanted?.();
  }
}
