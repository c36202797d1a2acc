/** The real threads of a training, but each waits at one place until it is let go. */
import { inject } from 'vitest';
import { trainInThread } from '../../src/node/training/train-in-thread.ts';
import type { Service } from '../../src/service.ts';

export function gatedThreads(where: 'add' | 'finish') {
  let open: () => void = () => undefined;
  let reached: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const atGate = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const begin: NonNullable<Service['trainInThread']> = (options) => {
    const thread = trainInThread(options, new URL(inject('trainingThread')));
    const pass = async <T>(go: () => Promise<T>): Promise<T> => {
      reached();
      await gate;
      return await go();
    };
    return where === 'add'
      ? { ...thread, add: (samples) => pass(() => thread.add(samples)) }
      : { ...thread, finish: (provenance) => pass(() => thread.finish(provenance)) };
  };
  return { begin, open, atGate };
}
