/** What a use case is given: made once by an entry (once a request on Workers) and passed as the first argument. */
import type { Kysely } from 'kysely';
import type { Config } from './config.ts';
import type { Sample } from './core/comment.ts';
import type { Model } from './core/model.ts';
import type { TrainingOptions, TrainingReport } from './core/training.ts';
import type { Log } from './logging.ts';
import type { SendOutgoing } from './outgoing.ts';
import type { Database } from './storage/database.ts';

/** A file for the browser. */
export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  /** With charset for text, e.g. `text/css; charset=utf-8`. */
  readonly contentType: string;
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
  /** Begins another training in the same thread: starting one costs more than a small training does. */
  readonly begin: (options: TrainingOptions) => Promise<void>;
  /** Ends the training: the bytes of the model, and what it found. */
  readonly finish: () => Promise<{ readonly bytes: Uint8Array; readonly report: TrainingReport }>;
  /** Gives everything back, at any time; what has not resolved by then rejects. May be called twice. */
  readonly close: () => Promise<void>;
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
  /** Aborted when a stop begins: an answer without an end (server-sent events) ends then. */
  readonly stopping: AbortSignal;
}
