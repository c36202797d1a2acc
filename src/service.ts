/** What a use case is given: made once by an entry (once a request on Workers) and passed as the first argument. */
import type { Kysely } from 'kysely';
import type { Config } from './config.ts';
import type { Model } from './core/model.ts';
import type { Log } from './logging.ts';
import type { SendOutgoing } from './outgoing.ts';
import type { Database } from './storage/database.ts';

/** A file for the browser. */
export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  /** With charset for text, e.g. `text/css; charset=utf-8`. */
  readonly contentType: string;
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
  /** Aborted when a stop begins: an answer without an end (server-sent events) ends then. */
  readonly stopping: AbortSignal;
}
