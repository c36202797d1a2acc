/** Decisions on their way: kept in the tab until the service has answered, in the order they were made. */
import { call, ProblemAnswer } from '../service.ts';
import type { Outgoing } from './types.ts';

interface Listener {
  readonly onSent: (outgoing: Outgoing, answer: Answer) => void;
  readonly onRefused: (outgoing: Outgoing, problem: ProblemAnswer) => void;
  /** Whether the service can be reached. */
  readonly onReach: (reached: boolean) => void;
}

export interface Answer {
  readonly decision_id?: string;
  readonly results?: readonly {
    readonly id: string;
    readonly decision_id?: string;
    readonly detail?: string;
  }[];
}

const RETRY_MS = 1500;

/** An outbox that survives a reload of the tab under `name`. */
export class Outbox {
  readonly #name: string;
  readonly #listener: Listener;
  #queue: readonly Outgoing[];
  #flushing: Promise<void> | null = null;

  constructor(name: string, listener: Listener) {
    this.#name = name;
    this.#listener = listener;
    this.#queue = restore(name);
  }

  waiting(): readonly Outgoing[] {
    return this.#queue;
  }

  add(outgoing: Outgoing): void {
    this.#store([...this.#queue, outgoing]);
    this.send();
  }

  /** Sends what waits, unless that is being done. */
  send(): void {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = null;
    });
  }

  /**
   * Takes the newest back when it has not been sent; undefined when none waits. One that is under way is awaited: it
   * is then the service's, or waits again.
   */
  async takeBack(): Promise<Outgoing | undefined> {
    if (this.#queue.length === 1) await this.#flushing;
    const last = this.#queue.at(-1);
    if (last) this.#store(this.#queue.slice(0, -1));
    return last;
  }

  async #flush(): Promise<void> {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      try {
        const answer = await call<Answer>('POST', first.path, first.body);
        this.#store(this.#queue.slice(1));
        this.#listener.onReach(true);
        this.#listener.onSent(first, answer);
      } catch (error) {
        if (!(error instanceof ProblemAnswer) || error.status >= 500 || error.status === 429) {
          this.#listener.onReach(false);
          setTimeout(() => this.send(), RETRY_MS);
          return;
        }
        this.#store(this.#queue.slice(1));
        this.#refuse(first, error);
      }
    }
  }

  /** An answer may have been lost on its way: one's own decision, sent again, stands already. */
  #refuse(outgoing: Outgoing, problem: ProblemAnswer): void {
    const { decided } = problem.body as { decided?: OwnStanding };
    this.#listener.onReach(true);
    if (decided?.mine === true && decided.decision === outgoing.body.decision) {
      this.#listener.onSent(outgoing, { decision_id: decided.decision_id });
    } else this.#listener.onRefused(outgoing, problem);
  }

  #store(queue: readonly Outgoing[]): void {
    this.#queue = queue;
    sessionStorage.setItem(this.#name, JSON.stringify(queue));
  }
}

interface OwnStanding {
  readonly decision_id: string;
  readonly decision: string;
  readonly mine: boolean;
}

function restore(name: string): readonly Outgoing[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(name) ?? '[]');
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}
