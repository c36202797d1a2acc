/** What a use case is given: made once by an entry (once a request on Workers) and passed as the first argument. */
import type { Kysely } from 'kysely';
import type { Config } from './config.ts';
import type { Sample, ScorableComment } from './core/comment.ts';
import type { Metrics } from './core/evaluation/evaluation.ts';
import type { ComparedComment, Comparison } from './core/evaluation/model-comparison.ts';
import type { Evidence, Score } from './core/filter/classifier.ts';
import type { Model, ModelFacts } from './core/filter/model.ts';
import type { Suspicion } from './core/filter/suspicious.ts';
import type { TrainingOptions, TrainingReport } from './core/filter/training.ts';
import type { Log } from './logging.ts';
import type { SendOutgoing } from './outgoing.ts';
import type { StoredSample } from './storage/learn/samples.ts';
import type { Database } from './storage/schema/database.ts';

/** A file for the browser. */
export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  /** With charset for text, e.g. `text/css; charset=utf-8`. */
  readonly contentType: string;
  /** A hash of its bytes, in quotes; left out where something in front of the service sends files. */
  readonly etag?: string;
  /** The same bytes, compressed when the package was built, the smallest first. */
  readonly compressed?: readonly {
    readonly encoding: 'br' | 'gzip';
    readonly body: Uint8Array<ArrayBuffer>;
  }[];
}

/** What the metrics say of the process. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Unix time. */
  readonly startedAtSeconds: number;
  readonly loopDelayP99Seconds: number;
}

/** A sample on its way to a training, with what its near-copies share. */
export type GroupedSample = Sample & { readonly group: string };

/** A training that runs beside the thread that answers requests. */
export interface TrainingThread {
  /**
   * Gives it samples. Resolves as soon as it may have the next ones, which is before it has learnt these: reading and
   * learning overlap, and no more than two batches are in memory.
   */
  readonly add: (samples: readonly GroupedSample[]) => Promise<void>;
  /**
   * Begins another training in the same thread, over the same starter, which then has this weight: starting a thread
   * costs more than a small training does.
   */
  readonly begin: (starterWeight: number) => Promise<void>;
  /** Holds a filter under a name, so that it can score. */
  readonly hold: (name: string, bytes: Uint8Array) => Promise<void>;
  /** What each of the filters that are held says of each comment: a list for each, in the order of the names. */
  readonly score: (
    names: readonly string[],
    comments: readonly ScorableComment[],
  ) => Promise<readonly (readonly Score[])[]>;
  /** Scores labelled comments by filters that are held and keeps the answers, until {@link measure} asks for them. */
  readonly tally: (names: readonly string[], samples: readonly Sample[]) => Promise<void>;
  /** The figures of each filter on all that was tallied, in the order of the names. */
  readonly measure: () => Promise<readonly Metrics[]>;
  /** Holds two filters' answers against each other: 400 draws of up to 20,000 comments take seconds. */
  readonly compare: (comments: readonly ComparedComment[]) => Promise<Comparison>;
  /**
   * Ends the training: the bytes of the model, with this in its provenance, too, what is known of it without reading
   * them, and what it found.
   */
  readonly finish: (
    provenance?: Readonly<Record<string, unknown>>,
  ) => Promise<{ readonly bytes: Uint8Array; readonly facts: ModelFacts; readonly report: TrainingReport }>;
  /** After `finish`: looks at samples that were learnt for labels that the others speak against. */
  readonly look: (samples: readonly StoredSample[]) => Promise<void>;
  /** The most suspicious of the labels looked at, each with at most so many features that speak against it. */
  readonly listSuspicions: (mostEvidence: number) => Promise<FoundSuspicions>;
  /** Gives everything back, at any time; what has not resolved by then rejects. May be called twice. */
  readonly close: () => Promise<void>;
}

export interface FoundSuspicions {
  readonly items: readonly (Suspicion<StoredSample> & { readonly evidence: readonly Evidence[] })[];
  /** How many labels were looked at, and how many the others speak against. */
  readonly looked: number;
  readonly disagreeing: number;
}

export interface Service {
  readonly db: Kysely<Database>;
  readonly config: Config;
  /** The clock. */
  readonly now: () => Date;
  /** Chance: that many cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array<ArrayBuffer>;
  readonly log: Log;
  /** The shipped filter that a new site starts from. */
  readonly starter: Model;
  /** The file `dist/public/NAME`, or null when there is none; a name with a slash or a leading dot has none. */
  /** Left out where a process is not ours to measure (Workers). */
  readonly readProcess?: () => ProcessFigures;
  readonly readAsset: (name: string) => Promise<Asset | null>;
  /**
   * Runs a task beyond the answer to the request. A stop waits for it (within its grace); on Workers it runs under
   * `waitUntil`. A failure is logged as `background-failed`; nobody else sees it.
   */
  readonly background: (task: () => Promise<void>) => void;
  /** Sends a request to an address that somebody else named: never into a private network. */
  readonly sendOutgoing: SendOutgoing;
  /**
   * Begins a training; null where there are no threads (Workers): trainings then wait in the queue for a Node process.
   */
  readonly trainInThread: ((options: TrainingOptions) => TrainingThread) | null;
  /**
   * Does the jobs that wait in another thread, until none is left; null where there is none: they are done in this one.
   */
  readonly doJobsBeside: (() => Promise<void>) | null;
  /** Aborted when a stop begins: an answer without an end (server-sent events) ends then. */
  readonly stopping: AbortSignal;
}
