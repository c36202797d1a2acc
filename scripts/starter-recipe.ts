/**
 * How the shipped filter is made: from the CC BY 4.0 sets, four videos of the YouTube Spam Collection and the SMS Spam
 * Collection. Deterministic: the same rows give the same bytes.
 */
import type { Label } from '../src/core/comment.ts';
import { createModel, type Model } from '../src/core/filter/model.ts';
import { beginTraining } from '../src/core/filter/training.ts';
import { groupNearDuplicates } from '../src/core/near-duplicates/near-duplicate.ts';

const SOURCES = ['youtube-psy', 'youtube-katyperry', 'youtube-lmfao', 'youtube-eminem', 'sms-80'] as const;
const VERSION = 'starter-1';
/**
 * A site's readers are not those of a music video. Links make this filter sure, and newspapers' readers link to
 * articles: from 0.999 on, at most 0.5 % of the comments of each of the news sets are marked spam.
 */
const STARTER_THRESHOLDS = { ham: 0.4, spam: 0.999 } as const;

/** A labelled text of a set. */
export interface Row {
  readonly text: string;
  readonly label: Label;
}

/** @param readRows the rows of a set by its name, in their order. */
export function trainStarter(readRows: (name: string) => readonly Row[]): Model {
  const rows = SOURCES.flatMap(readRows);
  const groups = groupNearDuplicates(rows.map(({ text }) => text));
  const training = beginTraining({
    version: VERSION,
    starter: null,
    provenance: {
      sources: SOURCES.map((name) => ({ name, licence: 'CC BY 4.0' })),
      rows: rows.length,
      command: 'npm run train:starter',
    },
  });
  rows.forEach(({ text, label }, index) => {
    training.add({ content: text, label }, { groupKey: String(groups[index]) });
  });
  const { model, report } = training.finish();
  if (report.refusal !== null) throw new Error(report.refusal.detail);
  return createModel({ ...model, thresholds: STARTER_THRESHOLDS });
}
