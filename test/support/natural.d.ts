/** natural's own classifier, to save what an import reads; by path, as src/core/text/natural.d.ts has it. */
declare module 'natural/lib/natural/classifiers/bayes_classifier.js' {
  export default class BayesClassifier {
    addDocument(text: string, label: string): void;
    train(): void;
    classify(text: string): string;
    save(file: string, done: (error: Error | null) => void): void;
  }
}
