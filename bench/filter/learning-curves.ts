/**
 * `npm run bench:learning-curves`: how much 20 … 2,000 labels of a language that the starter filter does not know are
 * worth. Writes docs/learning-curves.md.
 */
import { writeFile } from 'node:fs/promises';
import { scoreComment } from '../../src/core/classifier.ts';
import { measurePredictions } from '../../src/core/evaluation.ts';
import type { Model } from '../../src/core/model.ts';
import type { Contestant } from './contestant.ts';
import { type Row, readCorpus } from './corpora.ts';
import { ourContestant, trainOurs } from './ours.ts';
import { bayesContestant, naturalContestant } from './peers.ts';
import { describeMachine, percent, plain, writeTable } from './report.ts';
import { readStarter } from './starter.ts';

const OUTPUT = 'docs/learning-curves.md';
const LABELS = [20, 50, 100, 200, 500, 1000, 2000] as const;
const CORPORA = {
  'telegram-ru-80': 'Telegram chat in Russian',
  'youtube-indonesian-gambling': 'YouTube in Indonesian, gambling spam in styled letters',
} as const;

/** Ours with the counts of the shipped starter filter (English) below. */
function overStarter(starter: Model): Contestant {
  return {
    name: 'ours over the starter',
    train: async (rows) => {
      const model = trainOurs(rows, starter);
      return {
        score: (content) => scoreComment(model, { content }),
        classify: (content) => scoreComment(model, { content }),
        save: () => '',
        load: () => model,
      };
    },
  };
}

async function measureCurve(rows: readonly Row[], contestant: Contestant): Promise<string[][]> {
  const test = rows.slice(LABELS.at(-1));
  const table: string[][] = [];
  for (const labels of LABELS) {
    process.stderr.write(`${contestant.name}: ${labels}\n`);
    const trained = await contestant.train(rows.slice(0, labels));
    const metrics = measurePredictions(test.map(({ text, label }) => ({ label, ...trained.score(text) })));
    table.push([
      plain(metrics.auc),
      plain(metrics.mcc),
      percent(metrics.hamBlocked),
      percent(metrics.spamCaughtAt1PctHamBlocked),
    ]);
  }
  return table;
}

async function writeCurves(
  name: string,
  description: string,
  contestants: readonly Contestant[],
): Promise<string> {
  const rows = await readCorpus(name);
  const curves: { contestant: Contestant; table: string[][] }[] = [];
  for (const contestant of contestants)
    curves.push({ contestant, table: await measureCurve(rows, contestant) });
  const lines = LABELS.flatMap((labels, number) =>
    curves.map(({ contestant, table }, place) => [
      place === 0 ? String(labels) : '',
      contestant.name,
      ...(table[number] ?? []),
    ]),
  );
  const head = ['labels', 'classifier', 'AUC', 'MCC', 'ham blocked %', 'spam caught % at 1 % ham blocked'];
  const tested = rows.length - (LABELS.at(-1) ?? 0);
  return `## ${description}\n\n${name}, ${tested.toLocaleString('en')} test rows.\n\n${writeTable(head, lines)}`;
}

const { model } = await readStarter();
const contestants = [ourContestant, overStarter(model), bayesContestant, naturalContestant];
const sections: string[] = [];
for (const [name, description] of Object.entries(CORPORA)) {
  sections.push(await writeCurves(name, description, contestants));
}
const page = `${[
  '# Learning curves: what a site in another language starts from',
  `Written by \`npm run bench:learning-curves\` on ${describeMachine(new Date())}. The first rows of each file train, the rows from the 2,001st on test: the same test rows for every number of labels. Text alone, every classifier at its defaults.`,
  ...sections,
].join('\n\n')}\n`;
await writeFile(OUTPUT, page);
process.stdout.write(page);
