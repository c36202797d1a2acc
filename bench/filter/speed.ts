/** How fast a contestant answers, trains and loads. Ratios count: all are measured in one run, in turns. */
import type { Contestant, Trained } from './contestant.ts';
import type { Row } from './corpora.ts';

export interface Speed {
  readonly contestant: string;
  /** Answers a second on YouTube comments and on news comments, the median of the rounds. */
  readonly youtube: number;
  readonly news: number;
  readonly trainMilliseconds: number;
  readonly loadMilliseconds: number;
  readonly savedBytes: number;
}

const ROUNDS = 3;
const ROUND_MILLISECONDS = 800;

/**
 * Trains each contestant on `youtube`, then lets each answer all of `youtube` and of `news` again and again, in turns,
 * so that a slow minute of the machine hits all. Not the first 200 rows over and over: a cache would know them all.
 */
export async function measureSpeeds(
  contestants: readonly Contestant[],
  youtube: readonly Row[],
  news: readonly Row[],
): Promise<Speed[]> {
  const trained: { contestant: Contestant; trained: Trained; trainMilliseconds: number }[] = [];
  for (const contestant of contestants) {
    const start = performance.now();
    trained.push({
      contestant,
      trained: await contestant.train(youtube),
      trainMilliseconds: performance.now() - start,
    });
  }
  const rates = trained.map(() => ({ youtube: [] as number[], news: [] as number[] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [number, one] of trained.entries()) {
      rates[number]?.youtube.push(await answersPerSecond(one.trained, youtube));
      rates[number]?.news.push(await answersPerSecond(one.trained, news));
    }
  }
  return await Promise.all(
    trained.map(async ({ contestant, trained, trainMilliseconds }, number) => {
      const saved = trained.save();
      return {
        contestant: contestant.name,
        youtube: median(rates[number]?.youtube ?? []),
        news: median(rates[number]?.news ?? []),
        trainMilliseconds,
        loadMilliseconds: timeLoad(trained, saved),
        savedBytes: Buffer.byteLength(saved),
      };
    }),
  );
}

async function answersPerSecond(trained: Trained, rows: readonly Row[]): Promise<number> {
  const start = performance.now();
  let answered = 0;
  while (performance.now() - start < ROUND_MILLISECONDS) {
    for (let within = 0; within < 50; within += 1) {
      const answer = trained.classify(rows[(answered + within) % rows.length]?.text ?? '');
      if (answer instanceof Promise) await answer;
    }
    answered += 50;
  }
  return (answered / (performance.now() - start)) * 1000;
}

/** The median of five: the first one also compiles the code. */
function timeLoad(trained: Trained, saved: string | Uint8Array): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    trained.load(saved);
    return performance.now() - start;
  });
  return median(times);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
