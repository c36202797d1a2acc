/** Holding the next few comments, so that nobody else has them before them meanwhile. */
import { call, PATIENCE_MS } from '../../page/service.ts';
import type { QueueItem, QueuePage } from './types.ts';

/** What one decides on within the time that a claim and its renewal take. */
const AHEAD = 5;
/** A tab that is lost frees its comments after this long; one that is open renews them every minute. */
const SECONDS = 120;
/** What the service releases at once. */
const MOST_RELEASED = 1000;

/** What came of asking for some items: those that are one's own now, and those that another has or nobody any more. */
export interface Taken {
  readonly asked: readonly QueueItem[];
  readonly mine: ReadonlyMap<string, QueueItem>;
}

export class Claims {
  readonly #inSite: (path: string) => string;
  /** Until when each is one's own. A computer that slept finds that out here before anybody shares a comment. */
  readonly #until = new Map<string, number>();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(inSite: (path: string) => string) {
    this.#inSite = inSite;
  }

  /** Takes the first few of these; null when they are one's own already. */
  async take(items: readonly QueueItem[]): Promise<Taken | null> {
    const wanted = items.slice(0, AHEAD);
    if (wanted.every(({ id }) => this.#holds(id))) return null;
    return await this.renew(wanted);
  }

  /** Takes the first few of these, also those that are one's own already, for the whole time again. */
  async renew(items: readonly QueueItem[]): Promise<Taken | null> {
    const asked = items.slice(0, AHEAD);
    if (asked.length === 0) return null;
    const own = await this.takeByIds(asked.map(({ id }) => id));
    return { asked, mine: new Map(own.map((item) => [item.id, item])) };
  }

  /** Those of these comments that wait and that nobody else holds. */
  async takeByIds(ids: readonly string[]): Promise<readonly QueueItem[]> {
    const until = Date.now() + SECONDS * 1000;
    const wanted = { ids, seconds: SECONDS };
    const patience = { timeoutMs: PATIENCE_MS };
    const asking = call<QueuePage>('POST', this.#inSite('/v1/queue/claims'), wanted, patience);
    this.#underWay.add(asking);
    try {
      const { items } = await asking;
      for (const id of ids) this.#until.delete(id);
      for (const { id } of items) this.#until.set(id, until);
      return items;
    } finally {
      this.#underWay.delete(asking);
    }
  }

  /** What was decided on is nobody's any more. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) this.#until.delete(id);
  }

  /** Gives everything back, after what is just being taken; whoever asks for the queue then finds it free. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.releaseNow();
  }

  /** Also while the page is left: the request outlives it. */
  async releaseNow(): Promise<void> {
    const ids = [...this.#until.keys()].filter((id) => this.#holds(id)).slice(0, MOST_RELEASED);
    this.#until.clear();
    if (ids.length === 0) return;
    // What cannot be given back comes free by itself.
    await call('DELETE', this.#inSite('/v1/queue/claims'), { ids }, { keepalive: true }).catch(
      () => undefined,
    );
  }

  #holds(id: string): boolean {
    return (this.#until.get(id) ?? 0) > Date.now();
  }
}
