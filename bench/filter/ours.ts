/** Our filter as a contestant: trained from nothing, on the text alone, like the others. */
import { scoreComment } from '../../src/core/filter/classifier.ts';
import type { Model } from '../../src/core/filter/model.ts';
import { parseModel, serialiseModel } from '../../src/core/filter/model-format.ts';
import { beginTraining } from '../../src/core/filter/training.ts';
import { groupNearDuplicates } from '../../src/core/near-duplicates/near-duplicate.ts';
import type { Contestant, Trained } from './contestant.ts';
import type { Row } from './corpora.ts';

export const ourContestant: Contestant = {
  name: 'leave-a-reply',
  train: async (rows) => trainedOf(trainOurs(rows, null)),
};

/** A model as a contestant that has been trained. */
export function trainedOf(model: Model): Trained {
  return {
    score: (content) => ({ ...scoreComment(model, { content }), threshold: model.thresholds.spam }),
    classify: (content) => scoreComment(model, { content }),
    save: () => serialiseModel(model),
    load: (saved) => parseModel(Buffer.from(saved)),
  };
}

/** Trains on rows, over a starter filter if there is one. */
export function trainOurs(rows: readonly Row[], starter: Model | null): Model {
  const training = beginTraining({ version: 'bench', starter, provenance: { purpose: 'benchmark' } });
  const groups = groupNearDuplicates(rows.map(({ text }) => text));
  for (const [number, { text, label }] of rows.entries()) {
    training.add({ content: text, label }, { groupKey: String(groups[number]) });
  }
  return training.finish().model;
}
