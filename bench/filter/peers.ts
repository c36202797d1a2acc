/** The naive Bayes classifiers of npm, each set up as its own documentation does. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Contestant, scoredText, type Trained } from './contestant.ts';

const requireHere = createRequire(join(process.cwd(), 'package.json'));
const requirePeer = createRequire(join(process.cwd(), 'bench/filter/package.json'));

interface NaturalClassifier {
  addDocument(text: string, label: string): void;
  train(): void;
  classify(text: string): string;
  getClassifications(text: string): { label: string; value: number }[];
}
interface NaturalClassifierClass {
  new (): NaturalClassifier;
  restore(saved: unknown): NaturalClassifier;
}

/** natural, by path: its index loads databases and reads ./.env. */
export const naturalContestant: Contestant = {
  name: 'natural BayesClassifier',
  train: async (rows) => {
    const Classifier = requireHere(
      'natural/lib/natural/classifiers/bayes_classifier.js',
    ) as NaturalClassifierClass;
    const classifier = new Classifier();
    for (const { text, label } of rows) classifier.addDocument(text, label);
    classifier.train();
    return {
      score: (text) => {
        const values = new Map(classifier.getClassifications(text).map(({ label, value }) => [label, value]));
        // Both products underflow to 0 on long texts; the logarithms are then no number and its own word counts.
        const logOdds = Math.log(values.get('spam') ?? 0) - Math.log(values.get('ham') ?? 0);
        return scoredText(logOdds, () => classifier.classify(text) === 'spam');
      },
      classify: (text) => classifier.classify(text),
      save: () => JSON.stringify(classifier),
      load: (saved) => Classifier.restore(JSON.parse(String(saved))),
    };
  },
};

interface BayesClassifier {
  learn(text: string, label: string): Promise<unknown>;
  categorize(text: string): Promise<string>;
  toJson(): string;
  readonly tokenizer: (text: string) => string[];
  readonly frequencyTable: (tokens: string[]) => Record<string, number>;
  readonly docCount: Record<string, number>;
  tokenProbability(token: string, label: string): number;
}

/** bayes tells the label only; the score is summed from its own parts exactly as its `categorize` sums it. */
export const bayesContestant: Contestant = {
  name: 'bayes',
  train: async (rows) => {
    const bayes = requirePeer('bayes') as { (): BayesClassifier; fromJson(saved: string): BayesClassifier };
    const classifier = bayes();
    for (const { text, label } of rows) await classifier.learn(text, label);
    const first = rows[0]?.label === 'spam';
    return {
      score: (text) => {
        const counts = classifier.frequencyTable(classifier.tokenizer(text));
        const logProbability = (label: string) =>
          Object.entries(counts).reduce(
            (total, [token, count]) => total + count * Math.log(classifier.tokenProbability(token, label)),
            Math.log(classifier.docCount[label] ?? 0),
          );
        return scoredText(logProbability('spam') - logProbability('ham'), () => first);
      },
      classify: (text) => classifier.categorize(text),
      save: () => classifier.toJson(),
      load: (saved) => bayes.fromJson(String(saved)),
    };
  },
};

interface WinkClassifier {
  definePrepTasks(tasks: unknown[]): void;
  defineConfig(config: { considerOnlyPresence: boolean; smoothingFactor: number }): void;
  learn(text: string, label: string): void;
  consolidate(): void;
  computeOdds(text: string): [string, number][];
  predict(text: string): string;
  exportJSON(): string;
  importJSON(saved: string): void;
}

/** wink with the preparation tasks and the configuration of its README. */
export const winkContestant: Contestant = {
  name: 'wink-naive-bayes',
  train: async (rows) => {
    const create = requirePeer('wink-naive-bayes-text-classifier') as () => WinkClassifier;
    const nlp = requirePeer('wink-nlp-utils') as {
      string: { tokenize0: unknown };
      tokens: { removeWords: unknown; stem: unknown };
    };
    const prepared = () => {
      const classifier = create();
      classifier.definePrepTasks([nlp.string.tokenize0, nlp.tokens.removeWords, nlp.tokens.stem]);
      return classifier;
    };
    const classifier = prepared();
    classifier.defineConfig({ considerOnlyPresence: true, smoothingFactor: 0.5 });
    for (const { text, label } of rows) classifier.learn(text, label);
    classifier.consolidate();
    return {
      score: (text) => {
        const odds = new Map(classifier.computeOdds(text));
        return scoredText(odds.get('spam') ?? 0, () => classifier.predict(text) === 'spam');
      },
      classify: (text) => classifier.predict(text),
      save: () => classifier.exportJSON(),
      load: (saved) => {
        const loaded = prepared();
        loaded.importJSON(String(saved));
        loaded.consolidate();
        return loaded;
      },
    };
  },
};

interface LadjsClassifier {
  learn(text: string, label: string): void;
  categorize(text: string): string;
  probabilities(text: string): { category: string; probability: number }[];
  toJson(): string;
}

export const ladjsContestant: Contestant = {
  name: '@ladjs/naivebayes',
  train: async (rows) => {
    const NaiveBayes = requirePeer('@ladjs/naivebayes') as {
      new (): LadjsClassifier;
      fromJson(saved: string): LadjsClassifier;
    };
    const classifier = new NaiveBayes();
    for (const { text, label } of rows) classifier.learn(text, label);
    return ladjsTrained(classifier, NaiveBayes);
  },
};

function ladjsTrained(
  classifier: LadjsClassifier,
  NaiveBayes: { fromJson(saved: string): unknown },
): Trained {
  return {
    score: (text) => {
      const values = new Map(classifier.probabilities(text).map((row) => [row.category, row.probability]));
      const logOdds = (values.get('spam') ?? 0) - (values.get('ham') ?? 0);
      return scoredText(logOdds, () => classifier.categorize(text) === 'spam');
    },
    classify: (text) => classifier.categorize(text),
    save: () => classifier.toJson(),
    load: (saved) => NaiveBayes.fromJson(String(saved)),
  };
}

export const PEERS: readonly Contestant[] = [
  bayesContestant,
  winkContestant,
  ladjsContestant,
  naturalContestant,
];
