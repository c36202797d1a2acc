/** Decisions and notes on their way: kept in the tab until the service has answered, in the order they were made. */
import { call, PATIENCE_MS, ProblemAnswer } from '../../page/service.ts';
import type { Answer } from './api-answers.ts';
import type { Kept } from './types.ts';

interface Listener {
  readonly onSent: (kept: Kept, answer: Answer) => void;
  readonly onRefused: (kept: Kept, problem: ProblemAnswer) => void;
  /** How many wait because the service cannot be reached. */
  readonly onUnreached: (count: number) => void;
  /** The session has ended: what waits is kept, and sent when the same person is back. */
  readonly onSignedOut: (problem: ProblemAnswer) => void;
}

/** The first pause; each further one is twice as long, up to the longest. */
const RETRY_MS = 1500;
const LONGEST_RETRY_MS = 12_000;

const opened = new Map<string, Outbox>();

/**
 * The outbox of that name: it survives a reload of the tab, and sends on while another site is looked at. The name is
 * to tell the person, too: what one person decided is never sent in the name of another.
 */
export function openOutbox(name: string, listener: Listener): Outbox {
  const outbox = opened.get(name) ?? new Outbox(name);
  opened.set(name, outbox);
  outbox.listen(listener);
  return outbox;
}

export class Outbox {
  readonly #name: string;
  #listener: Listener | null = null;
  #queue: readonly Kept[];
  #flushing: Promise<void> | null = null;
  #reached = true;
  #failures = 0;
  #retry: number | undefined;

  constructor(name: string) {
    this.#name = name;
    this.#queue = restore(name);
    addEventListener('online', () => this.send());
  }

  listen(listener: Listener): void {
    this.#listener = listener;
    this.#tellUnreached();
  }

  waiting(): readonly Kept[] {
    return this.#queue;
  }

  add(kept: Kept): void {
    this.#store([...this.#queue, kept]);
    if (this.#retry === undefined) this.send();
  }

  /** To be sent next, before what was pressed after the press that it belongs to. */
  goOn(kept: Kept): void {
    this.#store([kept, ...this.#queue]);
    this.send();
  }

  /** Sends what waits now, unless that is being done. */
  send(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = null;
    });
  }

  /**
   * Takes the newest of a kind back when it has not been sent; undefined when none waits. One that is under way is
   * awaited: it is then the service's, or waits again.
   */
  async takeBack<Wanted extends Kept>(isWanted: (kept: Kept) => kept is Wanted): Promise<Wanted | undefined> {
    const last = this.#queue.findLast(isWanted);
    if (last === undefined) return undefined;
    if (last === this.#queue[0]) await this.#flushing;
    if (!this.#queue.includes(last)) return undefined;
    this.#drop(last);
    return last;
  }

  async #flush(): Promise<void> {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      try {
        const answer = await call<Answer>('POST', first.path, first.body, { timeoutMs: PATIENCE_MS });
        this.#settle(first);
        this.#listener?.onSent(first, answer);
      } catch (error) {
        if (!(error instanceof ProblemAnswer) || error.status >= 500 || error.status === 429) {
          this.#tryLater();
          return;
        }
        if (error.status === 401) {
          this.#listener?.onSignedOut(error);
          return;
        }
        this.#settle(first);
        this.#listener?.onRefused(first, error);
      }
    }
  }

  /** Once for all that waits, however much is pressed meanwhile. */
  #tryLater(): void {
    this.#reached = false;
    this.#tellUnreached();
    const pause = Math.min(RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    this.#retry = window.setTimeout(() => this.send(), pause);
  }

  #settle(kept: Kept): void {
    this.#failures = 0;
    this.#reached = true;
    this.#drop(kept);
  }

  #drop(kept: Kept): void {
    this.#store(this.#queue.filter((one) => one !== kept));
  }

  #store(queue: readonly Kept[]): void {
    this.#queue = queue;
    try {
      sessionStorage.setItem(this.#name, JSON.stringify(queue));
    } catch {
      // No room: what is kept from before stays, and the rest lasts as long as the page. Sent twice, it counts once.
    }
    this.#tellUnreached();
  }

  #tellUnreached(): void {
    this.#listener?.onUnreached(this.#reached ? 0 : this.#queue.length);
  }
}

function restore(name: string): readonly Kept[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(name) ?? '[]');
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}
