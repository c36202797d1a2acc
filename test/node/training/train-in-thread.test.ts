/** The thread of a training: what comes out of it, and how it ends. */
import { getEnvironmentData } from 'node:worker_threads';
import { describe, expect, inject, test } from 'vitest';
import { parseModel, serialiseModel } from '../../../src/core/filter/model-format.ts';
import { beginTraining } from '../../../src/core/filter/training.ts';
import { GAUGE, whileAnswering } from '../../../src/node/training/requests-in-flight.ts';
import { trainInThread } from '../../../src/node/training/train-in-thread.ts';
import type { GroupedSample } from '../../../src/service.ts';
import { plainSamples } from '../../support/trained-site.ts';

const options = {
  version: 'thread-1',
  starter: null,
  promisedBound: { maxHamBlocked: 0.05, confidence: 0.95 },
  provenance: { site: 'daily' },
};
const program = new URL(inject('trainingThread'));
const samples: GroupedSample[] = plainSamples(600).map((sample, at) => ({ ...sample, group: String(at) }));

describe('a training in a thread', () => {
  test('gives the bytes and the report that it gives in this one, whatever the batches', async () => {
    const here = beginTraining(options);
    for (const sample of samples) here.add(sample, { groupKey: sample.group });
    const { model, report } = here.finish();
    const thread = trainInThread(options, program);
    for (let at = 0; at < samples.length; at += 70) await thread.add(samples.slice(at, at + 70));
    const finished = await thread.finish();
    await thread.close();
    expect(Buffer.from(finished.bytes).equals(serialiseModel(model))).toBe(true);
    expect(finished.report).toEqual(report);
    expect(parseModel(finished.bytes).version).toBe('thread-1');
  });

  test('leaves the thread that asked free: a timer ticks while it fits', async () => {
    const thread = trainInThread(options, program);
    await thread.add(samples);
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    await thread.finish();
    clearInterval(timer);
    await thread.close();
    expect(ticks).toBeGreaterThan(5);
  });

  test('steps back while a request is being answered, and no longer', async () => {
    const thread = trainInThread(options, program);
    await thread.begin(1);
    const counts = new Int32Array(getEnvironmentData(GAUGE) as SharedArrayBuffer);
    let waiting = 0;
    const answered = whileAnswering(async () => {
      await thread.add(samples);
      // Whoever waits is woken and counted, finds the request still there, and waits again.
      await expect.poll(() => (waiting += Atomics.notify(counts, 0)), { interval: 1 }).toBeGreaterThan(0);
    });
    await answered;
    expect(Atomics.load(counts, 0)).toBe(0);
    await thread.finish();
    await thread.close();
    expect(waiting).toBeGreaterThan(0);
  });

  test('goes on beside a request that takes long, and after one that fails', async () => {
    const counts = new Int32Array(getEnvironmentData(GAUGE) as SharedArrayBuffer);
    const thread = trainInThread(options, program);
    const { report } = await whileAnswering(async () => {
      await thread.add(samples);
      return await thread.finish();
    });
    await thread.close();
    expect(report.samples).toBe(samples.length);
    await expect(
      whileAnswering(() => {
        throw new Error('no answer');
      }),
    ).rejects.toThrow('no answer');
    expect(Atomics.load(counts, 0)).toBe(0);
  });

  test('that is closed, whose program is missing, or that is sent nonsense, says so to whoever waits', async () => {
    const closed = trainInThread(options, program);
    await closed.add(samples);
    const ended = expect(closed.finish()).rejects.toThrow(/ended/);
    await closed.close();
    await ended;
    await closed.close();
    await expect(closed.add(samples)).rejects.toThrow(/ended/);

    const missing = trainInThread(options, new URL('../../entries/no-such-program.js', program));
    await expect(missing.finish()).rejects.toThrow(/no-such-program/);
    await missing.close();

    const broken = trainInThread(options, program);
    await broken.add([{ content: null } as never]);
    await expect(broken.finish()).rejects.toThrow();
    await broken.close();
  });
});
