/** What several filters say of the same comments, in this thread or beside it. */

import type { ScorableComment } from '../../core/comment.ts';
import type { Metrics } from '../../core/evaluation/evaluation.ts';
import {
  type ComparedComment,
  type Comparison,
  compareModels,
} from '../../core/evaluation/model-comparison.ts';
import { type Score, scoreByAll } from '../../core/filter/classifier.ts';
import type { Model } from '../../core/filter/model.ts';
import type { Service, TrainingThread } from '../../service.ts';
import type { StoredSample } from '../../storage/learn/samples.ts';
import { batchesOf } from '../batches.ts';
import { loadModel, readModelFile } from '../site/load-model.ts';
import { mapInTurns } from '../yield-between.ts';

/** One list of scores for each comment, in the order of the filters. */
export type ScoreAll = (comments: readonly ScorableComment[]) => Promise<readonly (readonly Score[])[]>;

/** Two filters' answers to the same labelled comments, with intervals: it takes the processor for seconds. */
export type Compare = (comments: readonly ComparedComment[]) => Promise<Comparison>;

/** In one message: more would hold up whoever waits for an answer while they are copied. */
const BATCH = 250;

const turns = new WeakMap<Service['db'], Promise<unknown>>();

/**
 * Work with what scores by these versions: in a thread where there are threads, one such work after the other, else
 * here, a few comments at a time.
 */
export async function withScores<Result>(
  service: Service,
  siteId: string,
  versions: readonly string[],
  work: (score: ScoreAll, compare: Compare) => Promise<Result>,
): Promise<Result> {
  const { trainInThread } = service;
  if (trainInThread === null) {
    const models: Model[] = [];
    for (const version of versions) models.push(await loadModel(service, siteId, version));
    return await work(
      (comments) => mapInTurns(comments, (comment) => scoreByAll(models, comment)),
      (comments) => Promise.resolve(compareModels(comments)),
    );
  }
  const before = turns.get(service.db) ?? Promise.resolve();
  const now = before.then(() => workBeside(service, trainInThread, siteId, versions, work));
  turns.set(
    service.db,
    now.catch(() => undefined),
  );
  return await now;
}

async function workBeside<Result>(
  service: Service,
  trainInThread: NonNullable<Service['trainInThread']>,
  siteId: string,
  versions: readonly string[],
  work: (score: ScoreAll, compare: Compare) => Promise<Result>,
): Promise<Result> {
  const thread = trainInThread({ version: 'scores', starter: null, provenance: {} });
  try {
    for (const version of versions) await thread.hold(version, await readModelFile(service, siteId, version));
    return await work(scoreBeside(thread, versions), thread.compare);
  } finally {
    await thread.close();
  }
}

/** In the thread of a training, by filters that it holds. */
export function scoreBeside(thread: Pick<TrainingThread, 'score'>, names: readonly string[]): ScoreAll {
  return async (comments) => {
    const scores: (readonly Score[])[] = [];
    for (const batch of batchesOf(comments, BATCH)) {
      scores.push(...(await thread.score(names, batch.map(toScorable))));
    }
    return scores;
  };
}

/** The figures on labelled samples of filters that the thread of a training holds. */
export async function measureBeside(
  thread: Pick<TrainingThread, 'tally' | 'measure'>,
  names: readonly string[],
  samples: readonly StoredSample[],
): Promise<readonly Metrics[]> {
  for (const batch of batchesOf(samples, BATCH)) {
    await thread.tally(
      names,
      batch.map((sample) => ({ ...toScorable(sample), label: sample.label })),
    );
  }
  return await thread.measure();
}

/** The active filter's and the candidate's answers on labelled samples, from scores in this order. */
export async function scoreBoth(
  score: ScoreAll,
  samples: readonly StoredSample[],
): Promise<ComparedComment[]> {
  const scores = await score(samples);
  return samples.map(({ label }, at) => {
    const [active, candidate] = scores[at] as readonly [Score, Score];
    return { label, active, candidate };
  });
}

function toScorable({ content, authorName, authorUrl }: ScorableComment): ScorableComment {
  return { content, authorName, authorUrl };
}
