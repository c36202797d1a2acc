/** What runs in the thread of a training: it is sent batches of samples, asked for the model, and for comparisons. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Sample, ScorableComment } from '../../core/comment.ts';
import type { Metrics } from '../../core/evaluation/evaluation.ts';
import { type Comparison, compareModels, measureAnswers } from '../../core/evaluation/model-comparison.ts';
import { type Score, scoreByAll } from '../../core/filter/classifier.ts';
import type { Model, ModelFacts } from '../../core/filter/model.ts';
import { parseModel, serialiseModel } from '../../core/filter/model-format.ts';
import { createSuspicionSearch, type SuspicionSearch } from '../../core/filter/suspicious.ts';
import { beginTraining, type TrainingOptions, type TrainingReport } from '../../core/filter/training.ts';
import type { FoundSuspicions } from '../../service.ts';
import type { StoredSample } from '../../storage/learn/samples.ts';
import { type ComparedColumns, fromColumns } from './compared-columns.ts';
import { fromGroupedColumns, type GroupedColumns } from './grouped-columns.ts';
import { yieldToRequests } from './lower-thread-priority.ts';
import { stepBack } from './requests-in-flight.ts';

export type TrainingRequest =
  | { readonly kind: 'begin'; readonly starterWeight: number }
  | { readonly kind: 'add'; readonly samples: GroupedColumns }
  | { readonly kind: 'finish'; readonly provenance: Readonly<Record<string, unknown>> }
  | { readonly kind: 'look'; readonly samples: readonly StoredSample[] }
  | { readonly kind: 'suspicions'; readonly mostEvidence: number }
  | { readonly kind: 'hold'; readonly name: string; readonly bytes: Uint8Array }
  | {
      readonly kind: 'score';
      readonly names: readonly string[];
      readonly comments: readonly ScorableComment[];
    }
  | {
      readonly kind: 'tally';
      readonly names: readonly string[];
      readonly samples: readonly Sample[];
    }
  | { readonly kind: 'measure' }
  | { readonly kind: 'compare'; readonly columns: ComparedColumns };

/** One for each request, in their order. */
export type TrainingAnswer =
  | { readonly kind: 'begun' | 'added' | 'looked' | 'held' | 'tallied' }
  | { readonly kind: 'scored'; readonly scores: readonly (readonly Score[])[] }
  | { readonly kind: 'measured'; readonly metrics: readonly Metrics[] }
  | {
      readonly kind: 'finished';
      readonly bytes: Uint8Array;
      readonly facts: ModelFacts;
      readonly report: TrainingReport;
    }
  | { readonly kind: 'compared'; readonly comparison: Comparison }
  | { readonly kind: 'suspicions'; readonly found: FoundSuspicions };

if (parentPort !== null) serve(parentPort, workerData as TrainingOptions);

function serve(port: NonNullable<typeof parentPort>, options: TrainingOptions): void {
  yieldToRequests();
  let training = beginTraining(options);
  let search: SuspicionSearch<StoredSample> | null = null;
  const models = createHeldModels();
  const answer = (message: TrainingAnswer, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);
  port.on('message', (request: TrainingRequest) => {
    switch (request.kind) {
      case 'begin':
        training = beginTraining({ ...options, starterWeight: request.starterWeight });
        return answer({ kind: 'begun' });
      case 'add':
        for (const sample of fromGroupedColumns(request.samples)) {
          training.add(sample, { groupKey: sample.group });
          stepBack();
        }
        return answer({ kind: 'added' });
      case 'hold':
        models.hold(request.name, request.bytes);
        return answer({ kind: 'held' });
      case 'score':
        return answer({ kind: 'scored', scores: models.score(request.names, request.comments) });
      case 'compare':
        return answer({ kind: 'compared', comparison: compareModels(fromColumns(request.columns)) });
      case 'tally':
        models.tally(request.names, request.samples);
        return answer({ kind: 'tallied' });
      case 'measure':
        return answer({ kind: 'measured', metrics: models.measure() });
      case 'finish': {
        const { model, report } = training.finish();
        search = createSuspicionSearch<StoredSample>(model);
        const provenance = { ...model.provenance, ...request.provenance };
        const bytes = serialiseModel({ ...model, provenance });
        const { version, thresholds, bound, metrics } = model;
        const facts = { version, thresholds, bound, metrics, provenance };
        return answer({ kind: 'finished', bytes, facts, report }, [bytes.buffer as ArrayBuffer]);
      }
      case 'look':
        for (const sample of request.samples) search?.look(sample);
        return answer({ kind: 'looked' });
      case 'suspicions': {
        const found = search?.list(request.mostEvidence) ?? { items: [], looked: 0, disagreeing: 0 };
        return answer({ kind: 'suspicions', found });
      }
    }
  });
}

/** The filters that are held, and what they say. */
function createHeldModels() {
  const held = new Map<string, Model>();
  let tallied: (Score & Pick<Sample, 'label'>)[][] = [];
  const score = (names: readonly string[], comments: readonly ScorableComment[]) => {
    const models = names.flatMap((name) => held.get(name) ?? []);
    return comments.map((comment) => {
      stepBack();
      return scoreByAll(models, comment);
    });
  };
  return {
    hold: (name: string, bytes: Uint8Array) => {
      held.set(name, parseModel(bytes));
    },
    score,
    tally: (names: readonly string[], samples: readonly Sample[]) => {
      const scores = score(names, samples);
      for (const at of names.keys()) {
        tallied[at] ??= [];
        tallied[at].push(
          ...samples.map(({ label }, index) => ({ ...(scores[index]?.[at] as Score), label })),
        );
      }
    },
    measure: (): Metrics[] => {
      const metrics = tallied.map(measureAnswers);
      tallied = [];
      return metrics;
    },
  };
}
